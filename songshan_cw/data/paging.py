"""Pages of long lists. Counting stops at a cap, so that no page counts a million rows."""

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property

COUNT_CAP = 10_000
NEAR = 500  # rows
AT_ONCE = 5_000  # a page does not check more people than this one by one


class CappedPaginator(Paginator):
    """Lists the first ten thousand rows. Users narrow the list down to find others."""

    @cached_property
    def found(self) -> int:
        """Return the number of rows, counting up to one beyond the cap."""
        return self.object_list.order_by()[: COUNT_CAP + 1].count()

    @property
    def capped(self) -> bool:
        return self.found > COUNT_CAP

    def page(self, number: int | str) -> Page:
        """Return one page. Far pages fetch the keys first, so that rows before them are skipped unread."""
        number = self.validate_number(number)
        first, beyond = (number - 1) * self.per_page, min(number * self.per_page, self.count)
        if first < NEAR:
            return self._get_page(self.object_list[first:beyond], number, self)
        keys = list(self.object_list.values_list("pk", flat=True)[first:beyond])
        return self._get_page(self.object_list.filter(pk__in=keys), number, self)

    @cached_property
    def count(self) -> int:
        return min(self.found, COUNT_CAP)
