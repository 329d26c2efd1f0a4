"""Findings of a day with clause and remedy, and the documents side by side."""

from collections import Counter
from functools import cached_property
from typing import Any

from django.http import HttpResponse

from assessment.rules.stated import SUBJECTS
from assessment.selectors.comparison import compare_policies
from assessment.selectors.found import Found, findings_seen
from songshan_cw.policy import PolicyGap
from songshan_cw.site.listing import WholeStreets, table_file
from workers.selectors.reach import reasons_of

RULES = tuple((subject.rule, subject.name) for subject in SUBJECTS)
COLUMNS = ("事项", "依据条款", "所在街道或社区", "涉及人员", "自", "情况与办法")
PERSONS_SHOWN = 6


class LimitsPage(WholeStreets):
    title = "限额检查"
    template = "pages/registers/limits.html"

    def listed(self) -> dict[str, Any]:
        found, skipped = self.found
        counts = Counter(row.finding.rule for row in found)
        rows = self.sheet(self.chosen(found))
        return {
            "rows": rows,
            "counts": [(rule, name, counts[rule]) for rule, name in RULES],
            "rule": self.rule,
            "skipped": reasons_of(skipped),
            "names": dict(RULES),
            "persons_shown": PERSONS_SHOWN,
            "total": len(found),
        }

    def filters(self) -> dict[str, Any]:
        return super().filters() | {
            "selects": [("rule", "事项", RULES, self.rule)],
            "rule_query": self.address(rule=None, page=None),
            "exports": "xlsx csv",
        }

    def exported(self, kind: str) -> HttpResponse:
        rows = [self.line(row) for row in self.chosen(self.found[0])]
        return table_file(kind, f"限额检查{self.day}", COLUMNS, rows)

    @cached_property
    def found(self) -> tuple[list[Found], tuple[PolicyGap | str, ...]]:
        return findings_seen(user=self.user, day=self.day, street_codes=self.street_codes)

    @cached_property
    def rule(self) -> str:
        return self.request.GET.get("rule", "")

    def chosen(self, found: list[Found]) -> list[Found]:
        return [row for row in found if self.rule in {"", row.finding.rule}]

    def line(self, row: Found) -> tuple[str, ...]:
        people = "、".join(f"{one.name}（{one.masked_number}）" for one in row.people)
        finding = row.finding
        return dict(RULES)[finding.rule], finding.clause, row.place, people, str(finding.since), finding.message


class ComparePage(WholeStreets):
    """Apply every document in force on the day to the same people."""

    title = "政策对照"
    template = "pages/registers/compare.html"

    def listed(self) -> dict[str, Any]:
        subjects = compare_policies(day=self.day, street_codes=self.street_codes)
        return {"documents": [side.document for side in subjects[0].sides], "subjects": subjects}
