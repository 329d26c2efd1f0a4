"""A street's month beside the last one: totals, whose pay changed and why, notes, slips (rules 7.3)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from payroll.models import PayLine, PayrollRun, Payslip, RunNote
from payroll.rules.causes import ChangeCause, FrozenMonth, Reason, Setting, causes, decided_by_facts
from payroll.rules.columns import ARREARS, PayColumns
from payroll.rules.facts import Facts
from payroll.rules.trace import load
from payroll.selectors.facts import POSITIONS, POSTS, stream_people
from songshan_cw.policy import policy_at
from songshan_cw.words.money import EXACT, ZERO
from songshan_cw.words.periods import Month, first_day
from workers.models import Worker

SHOWN = ("pk", "worker_id", "name", "community__name")
FROZEN = (
    *("post", "position", "dual", "credited_months", "step", "grade", "coefficient", "annual_base"),
    *("table_id", "policy_version", "trace"),
)


@dataclass(frozen=True, slots=True)
class TotalRow:
    """One total beside last month's; people or yuan."""

    label: str
    now: Decimal | int
    before: Decimal | int | None
    is_money: bool

    @property
    def difference(self) -> Decimal | int | None:
        return None if self.before is None else self.now - self.before


@dataclass(frozen=True, slots=True)
class PayChange:
    """One person whose pay differs from last month's in this street. Money in yuan; None: not on the sheet."""

    worker_id: int
    slip_id: int
    name: str
    community: str
    before: Decimal | None
    now: Decimal | None
    reasons: tuple[Reason, ...]

    @property
    def difference(self) -> Decimal:
        return EXACT.subtract(self.now or ZERO, self.before or ZERO)

    @property
    def unexplained(self) -> bool:
        return not self.reasons or any(reason.cause is ChangeCause.UNEXPLAINED for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class CauseCount:
    """The number of people with a cause; a person with two causes counts in both."""

    cause: ChangeCause
    people: int


def total_rows(run: PayrollRun, before: PayrollRun | None) -> list[TotalRow]:
    now, last = run.sums, before.sums if before else {}
    people = TotalRow("人数", run.headcount, before.headcount if before else None, is_money=False)
    return [people, *(TotalRow(column.title, now[column], last.get(column), is_money=True) for column in now)]


def pay_changes(run: PayrollRun, before: PayrollRun | None) -> list[PayChange]:
    """Return the people whose pay differs between two runs, by community and name, in a fixed number of statements.

    The database compares the runs first. Facts are read only for people whose slips do not show the cause.
    """
    if before is None:
        return []
    keys = _differing(run, before) | _differing(before, run)
    now_slips, before_slips = _slips(run, keys), _slips(before, keys)
    found = {key: (before_slips.get(key), now_slips.get(key)) for key in keys}
    months = {key: tuple(slip and slip.frozen for slip in slips) for key, slips in found.items()}
    asked = [key for key, (was, now) in months.items() if decided_by_facts(was, now)]
    facts = _facts(asked)
    policy = policy_at(run.street_id, first_day(run.month))
    changes = [
        _change(found[key], causes(was, now, Setting(facts.get(key), run.street_id, run.month, policy)))
        for key, (was, now) in months.items()
        if key in facts or not decided_by_facts(was, now)
    ]
    return sorted(changes, key=lambda change: (change.community, change.name, change.worker_id))


def count_causes(changes: Sequence[PayChange]) -> list[CauseCount]:
    people: dict[ChangeCause, int] = defaultdict(int)
    for change in changes:
        for cause in {reason.cause for reason in change.reasons}:
            people[cause] += 1
    return [CauseCount(cause, people[cause]) for cause in ChangeCause if people[cause]]


def notes_by_kind(run: PayrollRun) -> dict[str, list[RunNote]]:
    """待核事项 of a run, grouped; one statement."""
    groups: dict[str, list[RunNote]] = defaultdict(list)
    for note in RunNote.objects.filter(run=run).order_by("kind", "id"):
        groups[note.kind].append(note)
    return dict(groups)


def slips_of(run: PayrollRun, name: str = "") -> QuerySet[Payslip]:
    """The slips with their lines in the order of the pay sheet: community, ID number.

    ``name``: part of a name, or initials.
    """
    slips = Payslip.objects.filter(run=run).select_related("community").prefetch_related("lines").defer("trace")
    if name:
        slips = slips.filter(Q(name__contains=name) | Q(worker__initials__istartswith=name))
    return slips.order_by("community_id", "worker__id_number")


def _facts(worker_ids: list[int]) -> dict[int, Facts]:
    """Return the people's facts, without a query where there are no people."""
    people = stream_people(Worker.objects.filter(pk__in=worker_ids)) if worker_ids else ()
    return {person.id: person.facts for person in people}


@dataclass(frozen=True, slots=True)
class _Slip:
    """The amounts of a slip in yuan, and the facts it was computed from."""

    key: int
    worker_id: int
    name: str
    community: str
    paid: Decimal
    frozen: FrozenMonth


def _differing(run: PayrollRun, other: PayrollRun) -> set[int]:
    """Return the people with a line or a sum that only one of the runs has, in two statements.

    By EXCEPT, which hashes or sorts both sides: a planner that does not yet know a new month's rows has been seen to
    compare every slip with every other.
    """
    slips = [Payslip.objects.filter(run=one).values_list("worker", "gross_pay") for one in (run, other)]
    lines = [
        PayLine.objects.filter(payslip__run=one, for_month=one.month).values_list("worker", "component", "amount")
        for one in (run, other)
    ]
    return {row[0] for own, others in (slips, lines) for row in own.order_by().difference(others.order_by())}


def _slips(run: PayrollRun, keys: Collection[int]) -> dict[int, _Slip]:
    """A run's slips of these people, with their lines; two statements."""
    columns, lines = PayColumns(), defaultdict(list)
    carried = PayLine.objects.filter(payslip__run=run, worker__in=keys).order_by()
    for worker, *line in carried.values_list("worker_id", "for_month", "component", "amount"):
        lines[worker].append(line)
    slips = Payslip.objects.filter(run=run, worker__in=keys).order_by().values_list(*SHOWN, *FROZEN)
    return {row[1]: _slip(run.month, row, lines[row[1]], columns) for row in slips}


def _slip(month: Month, row: tuple[Any, ...], lines: list[Any], columns: PayColumns) -> _Slip:
    key, worker_id, name, community, *frozen = row
    sums = columns.sums(lines, month)
    own = {component: amount for for_month, component, amount in lines if for_month == month}
    return _Slip(key, worker_id, name, community, sums[columns.payable], _frozen(month, frozen, own, sums[ARREARS]))


def _frozen(month: Month, row: list[Any], own: dict[str, Decimal], arrears: Decimal) -> FrozenMonth:
    post, position, dual, credited, step, grade, coefficient, annual_base, table, policy, trace = row
    paid = grade is not None
    return FrozenMonth(
        month=month,
        post=POSTS[post] if paid else None,
        position=POSITIONS[position] if paid else None,
        dual=dual,
        credited_months=credited or 0,
        step=step or 0,
        grade=grade or 0,
        coefficient=coefficient or ZERO,
        annual_base=annual_base or ZERO,
        amounts=own,
        arrears=arrears,
        table=table,
        policy=policy,
        steps=load(trace),
    )


def _change(slips: tuple[_Slip | None, _Slip | None], reasons: tuple[Reason, ...]) -> PayChange:
    before, now = slips
    shown = now or before
    assert shown is not None
    return PayChange(
        worker_id=shown.worker_id,
        slip_id=shown.key,
        name=shown.name,
        community=shown.community,
        before=before.paid if before else None,
        now=now.paid if now else None,
        reasons=reasons,
    )


def unexplained(changes: Sequence[PayChange]) -> list[PayChange]:
    """Return the people whose change of pay has no cause. The street checks them before it submits."""
    return [change for change in changes if change.unexplained]
