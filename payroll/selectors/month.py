"""A street's month beside the last one: totals, whose pay changed and why, notes, slips (rules 7.3)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from payroll.models import PayrollRun, Payslip, RunNote
from payroll.rules.causes import ChangeCause, FrozenMonth, Reason, Setting, causes
from payroll.rules.trace import load
from payroll.selectors.facts import stream_people
from songshan_cw.money import EXACT, ZERO
from songshan_cw.periods import first_day
from songshan_cw.policy import policy_at
from songshan_cw.terms import Position, Post
from workers.models import Worker

AMOUNTS = ("base_pay", "allowance", "arrears", "gross_pay", "performance_accrual")
TOTAL_LABELS = (
    ("headcount", "人数"),
    ("base_total", "基本工资"),
    ("allowance_total", "职业津贴"),
    ("arrears_total", "补发/扣回"),
    ("gross_total", "应发工资"),
    ("performance_total", "绩效计提（不随月发）"),
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
    """How many people a cause touches; a person with two causes counts in both."""

    cause: ChangeCause
    people: int


def run_before(run: PayrollRun) -> PayrollRun | None:
    """The same street's run of the month before, in whatever state."""
    return PayrollRun.objects.filter(street_id=run.street_id, month=run.month - 1).first()


def total_rows(run: PayrollRun, before: PayrollRun | None) -> list[TotalRow]:
    return [
        TotalRow(label, getattr(run, name), getattr(before, name) if before else None, name != "headcount")
        for name, label in TOTAL_LABELS
    ]


def pay_changes(run: PayrollRun, before: PayrollRun | None) -> list[PayChange]:
    """Everybody whose pay differs between the two runs, by community and name; a fixed number of statements.

    Who that is is settled first: the facts are then read of these people alone.
    """
    if before is None:
        return []
    amounts = [dict(_amounts(each)) for each in (run, before)]
    keys = {worker for worker in {*amounts[0], *amounts[1]} if amounts[0].get(worker) != amounts[1].get(worker)}
    if not keys:
        return []
    now_slips, before_slips = _slips(run, keys), _slips(before, keys)
    policy = policy_at(run.street_id, first_day(run.month))
    changes = []
    for person in stream_people(Worker.objects.filter(pk__in=keys)):
        slips = (before_slips.get(person.id), now_slips.get(person.id))
        shown = slips[1] or slips[0]
        if shown is None:
            continue
        frozen = [_frozen(slip) if slip else None for slip in slips]
        setting = Setting(person.facts, run.street_id, run.month, policy)
        changes.append(_change(shown, slips, causes(frozen[0], frozen[1], setting)))
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
    """The slips by community and name; ``name``: part of a name, or initials."""
    slips = Payslip.objects.filter(run=run).select_related("community").defer("trace")
    if name:
        slips = slips.filter(Q(name__contains=name) | Q(worker__initials__istartswith=name))
    return slips.order_by("community_id", "name", "id")


def _amounts(run: PayrollRun) -> Iterator[tuple[int, tuple[Decimal, ...]]]:
    rows = Payslip.objects.filter(run=run).order_by().values_list("worker_id", *AMOUNTS)
    return ((worker, tuple(amounts)) for worker, *amounts in rows)


def _slips(run: PayrollRun, worker_ids: Collection[int]) -> dict[int, Payslip]:
    slips = Payslip.objects.filter(run=run, worker__in=worker_ids).select_related("community").order_by()
    return {slip.worker_id: slip for slip in slips}


def _change(shown: Payslip, slips: tuple[Payslip | None, Payslip | None], reasons: tuple[Reason, ...]) -> PayChange:
    before, now = slips
    return PayChange(
        worker_id=shown.worker_id,
        slip_id=shown.pk,
        name=shown.name,
        community=shown.community.name,
        before=before.gross_pay if before else None,
        now=now.gross_pay if now else None,
        reasons=reasons,
    )


def _frozen(slip: Payslip) -> FrozenMonth:
    paid = slip.grade is not None
    return FrozenMonth(
        month=slip.month,
        post=Post(slip.post) if paid else None,
        position=Position(slip.position) if paid else None,
        dual=slip.dual,
        credited_months=slip.credited_months or 0,
        step=slip.step or 0,
        grade=slip.grade or 0,
        coefficient=slip.coefficient or ZERO,
        annual_base=slip.annual_base or ZERO,
        base_pay=slip.base_pay,
        allowance=slip.allowance,
        arrears=slip.arrears,
        table=slip.table_id,
        policy=slip.policy_version,
        steps=load(slip.trace),
    )


def explained(changes: Sequence[PayChange]) -> Iterator[PayChange]:
    return (change for change in changes if not change.unexplained)


def unexplained(changes: Sequence[PayChange]) -> list[PayChange]:
    """Must be empty; whoever stands here needs a look before the sheet is submitted."""
    return [change for change in changes if change.unexplained]
