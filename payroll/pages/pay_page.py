"""What pages about pay have in common: the columns of pay, and a word above everything where no grade table is."""

from typing import Any

from payroll.rules.columns import PayColumns
from payroll.selectors.scales import districts_without_table
from songshan_cw.site.page import Page


class PayPage(Page):
    """Add the columns of pay and the districts without a grade table to the context."""

    def common(self) -> dict[str, Any]:
        return {**super().common(), "pay_columns": PayColumns(), "untabled": districts_without_table(self.user)}
