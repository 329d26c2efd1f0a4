"""Whose part of a computed run is no longer what the facts, tables and policies give (rules 7.6)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from payroll.models import PayLine, PayrollRun, Payslip
from payroll.rules.tables import scale_in_force
from payroll.selectors.drafts import Draft, Drafts
from payroll.selectors.jurisdictions import Jurisdictions
from songshan_cw.words.regions import district_of

LISTED = 5

SLIP = (
    *("worker_id", "name", "community_id", "post", "position", "dual", "credited_months", "step", "grade"),
    *("coefficient", "annual_base", "gross_pay"),
)


@dataclass(frozen=True, slots=True)
class Moved:
    """What differs from a new computation: grade table or policy, and people by name."""

    table: bool
    people: list[str]

    def words(self) -> str:
        """Return what moved as part of a sentence, or an empty text."""
        if self.table:
            return "等级系数表或政策有了变动"
        if not self.people:
            return ""
        more = f"等{len(self.people)}人" if len(self.people) > LISTED else ""
        return f"{'、'.join(self.people[:LISTED])}{more}的资料或以前月份的账有了变动"


def moved_since(runs: Sequence[PayrollRun]) -> dict[int, Moved]:
    """Map runs of one month to what would be different if they were computed now.

    They are computed once more and compared, so nothing that decides pay can be forgotten here.
    """
    jurisdictions = Jurisdictions()
    stored = _stored(runs)
    names = dict(Payslip.objects.filter(run__in=runs).values_list("worker_id", "name"))
    moved = {run.pk: Moved(_other_table(run, jurisdictions), []) for run in runs}
    for chunk in Drafts(month=runs[0].month, runs=runs, jurisdictions=jurisdictions).chunks():
        for draft in chunk:
            before = stored.pop((draft.run.pk, draft.person.id), None)
            if before != (_content(draft) if draft.lines else None):
                moved[draft.run.pk].people.append(draft.person.name)
    for run, worker in stored:
        moved[run].people.append(names[worker])
    return moved


def _other_table(run: PayrollRun, jurisdictions: Jurisdictions) -> bool:
    here = jurisdictions[district_of(run.street_id)]
    scale = scale_in_force(here.scales, run.month)
    now = (scale.key, not scale.confirmed) if scale else None
    return now != (run.table_id, run.trial) or here.timeline.at(run.month).version != run.policy_version


def _stored(runs: Sequence[PayrollRun]) -> dict[tuple[int, int], Any]:
    lines: dict[int, set[tuple[Any, ...]]] = defaultdict(set)
    rows = PayLine.objects.filter(payslip__run__in=runs).order_by()
    for slip, *line in rows.values_list("payslip_id", "for_month", "component", "amount", "already_paid", "clause"):
        lines[slip].add(tuple(line))
    slips = Payslip.objects.filter(run__in=runs).order_by().values_list("pk", "run_id", *SLIP)
    return {(run, row[0]): (tuple(row), lines[pk]) for pk, run, *row in slips}


def _content(draft: Draft) -> tuple[Any, ...]:
    person, place, pay = draft.person, draft.assignment, draft.pay
    post = (place.post, place.position, place.dual) if pay else ("", "", False)
    grade: tuple[Any, ...] = (None,) * 5
    if pay:
        grade = (pay.credited_months, pay.step, pay.grade, pay.coefficient, pay.annual_base)
    slip = (person.id, person.name, place.community, *post, *grade, draft.gross_pay)
    return slip, set(map(tuple, draft.lines))
