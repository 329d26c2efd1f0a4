"""Pages about pay say above everything where there is no grade table to pay by."""

from typing import Any

from payroll.selectors.scales import districts_without_table
from songshan_cw.site.page import Page


class PayPage(Page):
    """Add the districts without a grade table to the context."""

    def common(self) -> dict[str, Any]:
        return {**super().common(), "untabled": districts_without_table(self.user)}
