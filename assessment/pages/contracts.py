"""Contracts that are due, expired or on probation, and candidates for dismissal with the evidence (rules 8.3, 9.2)."""

from collections import Counter
from functools import cached_property
from typing import Any

from assessment.pages.contract_tables import (
    absent_table,
    bound_table,
    doubted_table,
    due_table,
    findings_table,
    trying_table,
)
from assessment.selectors.contracts import DueContract, contracts_due, on_probation
from assessment.selectors.found import Found, findings_seen
from songshan_cw.files.table import Table
from songshan_cw.site.listing import ListingPage
from songshan_cw.words.terms import Role
from workers.selectors.absences import AbsenceRow, absences
from workers.selectors.hirings import Hired, hirings
from workers.selectors.serving import Roll

CONTRACT, DISMISSAL = "9.2", "8.3"
NOTICES = (90, 60, 30)
BEYOND_TERM = findings_table("已到期未续签，或超过规定聘期", "没有。")
DISMISSIBLE = findings_table("达到可以解除聘用的条件", "没有人达到解除聘用的条件。")


class ContractsPage(ListingPage):
    permission = "workers.view_contract"
    title = "合同到期与续聘"
    template = "pages/registers/contracts.html"
    kinds = ("xlsx", "csv")

    def listed(self) -> dict[str, Any]:
        names = self.communities
        trying = [one for one in on_probation(self.roll) if self.in_street(one.person.community)]
        return {
            "counts": self.counts,
            "due": self.draw_sheet(due_table(names, self.day), self.chosen, "due"),
            "expired": self.draw_sheet(BEYOND_TERM, self.found[CONTRACT], "expired"),
            "trying": self.draw(trying_table(names), trying, anchor="probation"),
            "bound": self.draw_sheet(bound_table(names), self.bound, "bound"),
            "doubted": self.draw_sheet(doubted_table(names), self.doubted, "doubted"),
            "absent": self.draw_sheet(absent_table(names), self.absent, "absent"),
            "dismissal": self.draw_sheet(DISMISSIBLE, self.found[DISMISSAL], "dismissal"),
        }

    def filters(self) -> dict[str, Any]:
        options = [(str(days), f"{days}天内") for days in NOTICES]
        return super().filters() | {"selects": [("notice", "到期", options, self.notice)]}

    def filed(self) -> tuple[str, Table[Any], list[DueContract]]:
        return f"合同到期{self.day}", due_table(self.communities, self.day), self.chosen

    @cached_property
    def notice(self) -> str:
        return self.request.GET.get("notice", "")

    @cached_property
    def roll(self) -> Roll:
        return Roll(self.user, self.day, self.street)

    @cached_property
    def due(self) -> list[DueContract]:
        return [row for row in contracts_due(self.roll) if self.in_street(row.person.community)]

    @cached_property
    def recruited(self) -> list[Hired]:
        return [one for one in hirings(self.roll) if self.in_street(one.community)]

    @cached_property
    def bound(self) -> list[Hired]:
        """List who is within the minimum service, the nearest end first (O 7)."""
        rows = [one for one in self.recruited if one.until is not None and one.until >= self.day]
        return sorted(rows, key=lambda one: (one.until, one.id))

    @cached_property
    def doubted(self) -> list[Hired]:
        return [one for one in self.recruited if one.doubts]

    @cached_property
    def absent(self) -> list[AbsenceRow]:
        """List unexcused absence, the most days first (S 二(四)5; O 23(七))."""
        rows = [row for row in absences(self.roll) if self.in_street(row.person.community)]
        return sorted(rows, key=lambda row: (-row.days, row.person.id))

    @cached_property
    def counts(self) -> dict[int, int]:
        """Count by notice period. A contract due in 30 days is also due in 60 and 90."""
        exact = Counter(row.notice for row in self.due)
        return {days: sum(n for notice, n in exact.items() if notice <= days) for days in NOTICES}

    @cached_property
    def chosen(self) -> list[DueContract]:
        most = int(self.notice) if self.notice in {str(days) for days in self.counts} else max(self.counts)
        return [row for row in self.due if row.notice <= most]

    @cached_property
    def found(self) -> dict[str, list[Found]]:
        """Return the findings about single people in the user's scope."""
        codes = [self.street] if self.street else [code for code, _ in self.streets]
        every = self.user.role == Role.ADMINISTRATOR and not self.street
        found, _ = findings_seen(user=self.user, day=self.day, street_codes=None if every else codes, of_people=True)
        return {rule: [row for row in found if row.finding.rule == rule] for rule in (CONTRACT, DISMISSAL)}
