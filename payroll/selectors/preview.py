"""What a record would change in grade and pay, before anything is written (rules 3.5, 4, 5)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from assessment.selectors.contracts import evidence_at_renewal
from assessment.selectors.doubts import doubts, unchanged_post
from payroll.models import PayrollRun
from payroll.rules.arrears import ArrearsLine
from payroll.rules.columns import PayColumns
from payroll.rules.effect import Ledger, Stretch, difference, owed, stretches
from payroll.rules.facts import Facts
from payroll.rules.grading import assignment_in
from payroll.rules.tables import scale_in_force
from payroll.selectors.jurisdictions import Jurisdictions
from payroll.selectors.ledger import paid_sums
from payroll.selectors.proposal import cited, counts_from, facts_with
from payroll.selectors.timeline import person_of
from songshan_cw.policy import policy_at
from songshan_cw.policy.readings import Reading
from songshan_cw.policy.schema import Policy
from songshan_cw.words.periods import Month, first_day, label_zh, month_of
from songshan_cw.words.regions import district_of
from songshan_cw.words.terms import RunState
from workers.models import Contract, Worker
from workers.rules.contract import RenewalEvidence
from workers.rules.judge import judge_change, refusals
from workers.selectors.dossiers import dossier_with, stored_rows

MONTHS_SHOWN = 36  # one step of the ladder: what a degree or a placement brings forward shows within it


@dataclass(frozen=True, slots=True)
class Renewal:
    """What the policy asks of a renewal, and the contract's own last day."""

    clause: str
    evidence: RenewalEvidence
    until: date | None


@dataclass(frozen=True, slots=True)
class Preview:
    """``faults``: why it cannot be recorded; then nothing else is computed. ``doubts``: what to look at first.
    Money in yuan."""

    faults: tuple[str, ...]
    counts_from: Month
    clause: str = ""
    reading: Reading | None = None
    stretches: tuple[Stretch, ...] = ()
    arrears: tuple[ArrearsLine, ...] = ()
    carried_by: Month = 0
    waiting: tuple[str, ...] = ()
    trial: bool = False
    covered: bool = True
    renewal: Renewal | None = None
    doubts: tuple[str, ...] = ()
    fingerprint: str = ""

    @property
    def arrears_cash(self) -> Decimal:
        """Return what the next run pays in addition (+) or takes back (−), in yuan."""
        return PayColumns().cash(self.arrears)


def preview(*, worker: Worker, record: Any, today: date) -> Preview:
    """Return the effect of adding one record to the person's facts. Raises Refused and PolicyGap."""
    person = person_of(worker)
    rows = stored_rows(worker.pk)
    found = judge_change(dossier_with(rows), dossier_with(rows, [record]), today)
    faults = refusals(found)
    if same := unchanged_post(worker, record):
        faults.append(same)
    if faults:
        return Preview(tuple(faults), counts_from(record))
    noticed = [one.message for one in found if not one.refused]
    effect = _effect(worker.pk, person.facts, facts_with(person.facts, record), record, today)
    return replace(effect, doubts=(*noticed, *doubts(worker, record, today)))


def _effect(worker_id: int, before: Facts, after: Facts, record: Any, today: date) -> Preview:
    jurisdictions = Jurisdictions()
    month, start = month_of(today), counts_from(record)
    street = assignment_in(after, month).street
    policy = policy_at(street, first_day(max(start, month)))
    ledger, carried_by = _ledger(worker_id, before, after, street, month)
    last = max(start, month) + MONTHS_SHOWN
    changed = stretches(before, after, jurisdictions, first=month_of(before.hired), last=last, today=month)
    arrears = difference(owed(before, jurisdictions, ledger, month), owed(after, jurisdictions, ledger, month))
    scale = scale_in_force(jurisdictions[district_of(street)].scales, max(start, month))
    clause, reading = cited(record, policy)
    return Preview(
        faults=(),
        counts_from=start,
        clause=clause,
        reading=reading,
        stretches=changed,
        arrears=arrears,
        carried_by=carried_by,
        waiting=tuple(_waiting(street, min((one.first for one in changed), default=start))),
        trial=scale is not None and not scale.confirmed,
        covered=scale is not None,
        renewal=_renewal(record, policy) if isinstance(record, Contract) else None,
        fingerprint=_fingerprint(before, changed, arrears),
    )


def _ledger(worker_id: int, before: Facts, after: Facts, street: str, today: Month) -> tuple[Ledger, Month]:
    """Return the person's approved months, and the month whose run will carry their arrears."""
    streets = {one.street for one in (*before.assignments, *after.assignments)}
    runs = PayrollRun.objects.filter(state=RunState.APPROVED.value, street__in=streets)
    closed = frozenset(runs.values_list("street_id", "month"))
    carried_by = max((month for code, month in closed if code == street), default=today - 1) + 1
    earlier = frozenset((code, month) for code, month in closed if month < carried_by)
    return Ledger(earlier, paid_sums([worker_id], carried_by).get(worker_id, {})), carried_by


def _waiting(street: str, start: Month) -> Iterator[str]:
    """Return the open runs that were computed without the record. A draft must be computed again."""
    runs = PayrollRun.objects.filter(street=street, month__gte=start)
    runs = runs.exclude(state=RunState.APPROVED.value).order_by("month")
    for month, state in runs.values_list("month", "state"):
        if state == RunState.SUBMITTED.value:
            yield f"{label_zh(month)}的工资批次已提交审核，不含这项变动；审核后差额随下一批次补发或扣回。"
        else:
            yield f"{label_zh(month)}的工资批次是{state}，登记后请重新计算。"


def _renewal(record: Contract, policy: Policy) -> Renewal:
    """Return the condition of renewal (rules 9.2)."""
    condition = policy.contract.renewal
    return Renewal(condition.clause, evidence_at_renewal(record.worker, record.start, condition.value), record.end)


def _fingerprint(before: Facts, changed: tuple[Stretch, ...], arrears: tuple[ArrearsLine, ...]) -> str:
    """Return a digest that changes when facts, tables or ledger would give another effect than shown."""
    return blake2b(repr((before, changed, arrears)).encode(), digest_size=16).hexdigest()
