"""Findings of a day with clause and remedy, and the documents side by side."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from assessment.rules.stated import SUBJECTS
from assessment.selectors.comparison import SubjectRow, compare_policies
from assessment.selectors.found import Found, findings_seen
from songshan_cw.files.table import DAY, WIDE, WRAPPED, Column, Table
from songshan_cw.policy import PolicyGap
from songshan_cw.policy.schema import Document, article
from songshan_cw.site.listing import WholeStreets
from songshan_cw.site.parts import badge, beside, clause, faint, fold, lines, link, person_address
from workers.selectors.refusals import reasons_of

RULES = {subject.rule: subject.name for subject in SUBJECTS}
PERSONS_SHOWN = 6
FOUND = Table[Found](
    "限额检查",
    (
        Column("事项", lambda row: RULES[row.finding.rule]),
        Column("依据条款", lambda row: row.finding.clause, show=lambda row: clause(article(row.finding.clause))),
        Column("所在街道或社区", lambda row: row.place),
        Column("涉及人员", lambda row: _people(row), show=lambda row: people_of(row) or "—"),
        Column("自", lambda row: row.finding.since, DAY),
        Column("情况与办法", lambda row: row.finding.message, WIDE),
    ),
    empty="没有不符合规定的事项。",
)


def _people(row: Found) -> str:
    return "、".join(f"{one.name}（{one.masked_number}）" for one in row.people)


def people_of(row: Found) -> str:
    """Draw the people of a finding; many are folded."""
    people = lines(*(beside(link(one.name, person_address(one.pk)), faint(one.masked_number)) for one in row.people))
    return people if len(row.people) <= PERSONS_SHOWN else fold(f"{len(row.people)}人", people)


class LimitsPage(WholeStreets):
    title = "限额检查"
    template = "pages/registers/limits.html"
    kinds = ("xlsx", "csv")

    def listed(self) -> dict[str, Any]:
        found, skipped = self.found
        counts = Counter(row.finding.rule for row in found)
        return {
            "findings": self.draw_sheet(FOUND, self.chosen(found)),
            "counts": [(rule, name, counts[rule]) for rule, name in RULES.items()],
            "rule": self.rule,
            "skipped": reasons_of(skipped),
            "total": len(found),
        }

    def filters(self) -> dict[str, Any]:
        return super().filters() | {
            "selects": [("rule", "事项", list(RULES.items()), self.rule)],
            "rule_query": self.address(rule=None, page=None),
        }

    def filed(self) -> tuple[str, Table[Any], list[Found]]:
        return f"限额检查{self.day}", FOUND, self.chosen(self.found[0])

    @cached_property
    def found(self) -> tuple[list[Found], tuple[PolicyGap | str, ...]]:
        return findings_seen(user=self.user, day=self.day, street_codes=self.street_codes)

    @cached_property
    def rule(self) -> str:
        return self.request.GET.get("rule", "")

    def chosen(self, found: list[Found]) -> list[Found]:
        return [row for row in found if self.rule in {"", row.finding.rule}]


def compare_table(documents: Sequence[Document]) -> Table[SubjectRow]:
    """Give each document a column: what it states on a subject, and what it would find."""

    def stated(place: int, document: Document) -> Column[SubjectRow]:
        head = f"{document.title} {document.number}"
        return Column(head, lambda row: row.sides[place].stated, WRAPPED, show=lambda row: _side(row, place))

    subject = Column[SubjectRow]("事项", lambda row: row.subject.name, names_row=True)
    return Table("政策对照", (subject, *(stated(place, each) for place, each in enumerate(documents))), css="sw-narrow")


def _side(row: SubjectRow, place: int) -> str:
    side = row.sides[place]
    count = f"不符合{len(side.findings)}项，涉及{side.people}人"
    return lines(side.stated, badge(count, "试算" if side.findings else "已审核"))


class ComparePage(WholeStreets):
    """Apply every document in force on the day to the same people."""

    title = "政策对照"
    template = "pages/registers/compare.html"

    def listed(self) -> dict[str, Any]:
        subjects = compare_policies(day=self.day, street_codes=self.street_codes)
        return {"subjects": self.draw(compare_table([side.document for side in subjects[0].sides]), subjects)}
