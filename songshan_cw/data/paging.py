"""Pages of long lists: counting stops at a cap, so that no page counts a million rows."""

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property

COUNT_CAP = 10_000
NEAR = 500  # rows
AT_ONCE = 5_000  # more people than this are not gone through one by one for a page


class CappedPaginator(Paginator):
    """Lists the first ten thousand rows; whoever looks for another narrows the list down."""

    @cached_property
    def found(self) -> int:
        """How many there are, up to one beyond the cap."""
        return self.object_list.order_by()[: COUNT_CAP + 1].count()

    @property
    def capped(self) -> bool:
        return self.found > COUNT_CAP

    def page(self, number: int | str) -> Page:
        """One page. A far one is found by its keys first: the rows before it are stepped over, not put together."""
        number = self.validate_number(number)
        first, beyond = (number - 1) * self.per_page, min(number * self.per_page, self.count)
        if first < NEAR:
            return self._get_page(self.object_list[first:beyond], number, self)
        keys = list(self.object_list.values_list("pk", flat=True)[first:beyond])
        return self._get_page(self.object_list.filter(pk__in=keys), number, self)

    @cached_property
    def count(self) -> int:
        return min(self.found, COUNT_CAP)
