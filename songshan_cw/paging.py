"""Pages of long lists: counting stops at a cap, so that no page counts a million rows."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

COUNT_CAP = 10_000


class CappedPaginator(Paginator):
    """Lists the first ten thousand rows; whoever looks for another narrows the list down."""

    @cached_property
    def found(self) -> int:
        """How many there are, up to one beyond the cap."""
        return self.object_list.order_by()[: COUNT_CAP + 1].count()

    @property
    def capped(self) -> bool:
        return self.found > COUNT_CAP

    @cached_property
    def count(self) -> int:
        return min(self.found, COUNT_CAP)
