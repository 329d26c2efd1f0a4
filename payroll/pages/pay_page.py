"""What pages about pay have in common: a word above everything where no grade table is."""

from functools import cached_property
from typing import Any

from payroll.selectors.scales import districts_without_table
from songshan_cw.site.page import Page
from workers.models import Region


class PayPage(Page):
    """Add the districts without a grade table to the context."""

    @cached_property
    def untabled(self) -> list[Region]:
        return districts_without_table(self.user)

    def common(self) -> dict[str, Any]:
        return {**super().common(), "untabled": self.untabled}
