"""Contracts that are due, expired or on probation, and candidates for dismissal with the evidence (rules 8.3, 9.2)."""

from collections import Counter
from functools import cached_property
from typing import Any

from django.http import HttpResponse

from assessment.selectors.contracts import DueContract, contracts_due, on_probation
from assessment.selectors.found import Found, findings_seen
from songshan_cw.policy.schema import ContractRules
from songshan_cw.site.listing import ListingPage, table_file
from songshan_cw.words.terms import Role
from workers.selectors.absences import AbsenceRow, absences
from workers.selectors.hirings import Hired, hirings
from workers.selectors.serving import Roll

CONTRACT, DISMISSAL = "9.2", "8.3"
NOTICES = (90, 60, 30)
COLUMNS = ("社区", "姓名", "合同终止日", "剩余天数", "续聘条件", "依据")


class ContractsPage(ListingPage):
    permission = "workers.view_contract"
    who_may = "由街道、民政局、组织部和系统管理员查看。"
    title = "合同到期与续聘"
    template = "pages/registers/contracts.html"

    def listed(self) -> dict[str, Any]:
        due = self.sheet(self.chosen, "due")
        trying = [one for one in on_probation(self.roll) if self.in_street(one.person.community)]
        return {
            "due": due,
            "drawn": [self.drawn(row) for row in due],
            "counts": self.counts,
            "notice": self.notice,
            "trying": [(one, self.communities.get(one.person.community, "")) for one in trying],
            "bound": self.sheet(self.bound, "bound"),
            "bound_drawn": [(one, self.communities.get(one.community, "")) for one in self.sheet(self.bound, "bound")],
            "bound_query": self.address(bound=None),
            "doubted": self.sheet(self.doubted, "doubted"),
            "doubted_drawn": [
                (one, self.communities.get(one.community, "")) for one in self.sheet(self.doubted, "doubted")
            ],
            "doubted_query": self.address(doubted=None),
            "absent": self.sheet(self.absent, "absent"),
            "absent_drawn": [
                (row, self.communities.get(row.person.community, ""), row.person.policy.dismissal)
                for row in self.sheet(self.absent, "absent")
            ],
            "absent_query": self.address(absent=None),
            "expired": self.sheet(self.found[CONTRACT], "expired"),
            "dismissal": self.sheet(self.found[DISMISSAL], "dismissal"),
            "due_query": self.address(due=None),
            "expired_query": self.address(expired=None),
            "dismissal_query": self.address(dismissal=None),
            "renews": self.user.has_perm("workers.add_contract"),
        }

    def filters(self) -> dict[str, Any]:
        options = [(str(days), f"{days}天内") for days in NOTICES]
        return super().filters() | {"selects": [("notice", "到期", options, self.notice)], "exports": "xlsx csv"}

    def exported(self, kind: str) -> HttpResponse:
        rows = [
            (drawn["community"], row.person.name, str(row.end), row.days_left, drawn["met"], drawn["evidence"])
            for row, drawn in ((row, self.drawn(row)) for row in self.chosen)
        ]
        return table_file(kind, f"合同到期{self.day}", COLUMNS, rows)

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

    def drawn(self, row: DueContract) -> dict[str, Any]:
        rules: ContractRules = row.person.policy.contract
        return {
            "row": row,
            "community": self.communities.get(row.person.community, ""),
            "met": row.evidence.word(self.day),
            "awaited": row.evidence.awaited(self.day),
            "evidence": f"{row.evidence.missing(self.day)}（{rules.renewal.article}）",
        }
