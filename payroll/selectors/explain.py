"""One person's month, explained: facts, clause, arithmetic, and what the ledger carried (rules 5.7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from payroll.models import PayLine, Payslip
from payroll.rules.columns import Amount, Column, PayColumns
from payroll.rules.credit import replay
from payroll.rules.explanation import (
    Explained,
    ExplainedAmount,
    explain_amounts,
    explain_fact_lines,
    explain_grade,
    explain_paid,
    explain_post,
    explain_step,
    explain_unpaid,
    facts_behind,
)
from payroll.rules.facts import Assignment, Facts, GradeScale
from payroll.rules.grading import assignment_in
from payroll.rules.pay import MonthlyPay, Unpaid
from payroll.rules.slip import Jurisdiction, monthly_due
from payroll.rules.tables import scale_in_force
from payroll.rules.trace import load
from payroll.selectors.facts import Person, stream_people
from payroll.selectors.jurisdictions import Jurisdictions
from songshan_cw.data.refusal import Refused
from songshan_cw.policy import policy_at
from songshan_cw.policy.schema import Policy
from songshan_cw.words.components import components
from songshan_cw.words.money import ZERO
from songshan_cw.words.periods import Month, first_day, label_zh
from songshan_cw.words.terms import Position, Post
from workers.models import Worker
from workers.selectors.numbers import owners_of
from workers.selectors.scope import district_of


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One line the ledger holds for the month explained, and the run that carried it."""

    run_month: Month
    street: str
    state: str
    component: str
    amount: Decimal
    clause: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything behind one person's month. ``pay`` or ``unpaid`` is set; money in yuan. ``moved``: what is on file
    by now is no longer what the slip was computed from. ``sums``: by column, of the slip or else of what is due."""

    person: Person
    month: Month
    policy: Policy
    slip: Payslip | None
    pay: MonthlyPay | None
    unpaid: Unpaid | None
    trial: bool
    moved: bool
    facts: tuple[str, ...]
    steps: tuple[Explained, ...]
    grading: tuple[Explained, ...]
    amounts: tuple[ExplainedAmount, ...]
    sums: dict[Column, Decimal]
    carried_here: tuple[PayLine, ...]
    ledger: tuple[LedgerEntry, ...]


def explain(*, worker: Worker, month: Month, lines: QuerySet[PayLine] | None = None) -> Explanation:
    """The month as its payslip froze it, or as it is due now where no run holds it. Raises Refused, PolicyGap.

    ``lines``: the ledger as far as the reader may see it; all of it where none is given.
    """
    person = next(stream_people(Worker.objects.filter(pk=worker.pk)))
    if not person.facts.assignments:
        raise Refused(f"{person.name}没有任职记录，无法推算等级。请先补录“任职”。")
    jurisdiction = Jurisdictions()[district_of(assignment_in(person.facts, month).community)]
    policy = policy_at(jurisdiction.district, first_day(month))
    slips = Payslip.objects.filter(worker__in=owners_of([worker.pk]), month=month)
    slip = slips.select_related("run__street", "table").order_by("-gross_pay").first()
    scale = _scale(jurisdiction, slip, month)
    now = replay(person.facts, jurisdiction.timeline, month)
    due = monthly_due(person.facts, now, jurisdiction, month)
    frozen = _frozen(slip, person.facts)
    pay = frozen or (due if isinstance(due, MonthlyPay) and slip is None else None)
    steps = load(slip.trace) if slip else now
    moved = steps != now or (frozen is not None and frozen != due)
    facts = facts_behind(person.facts, steps) if moved else person.facts
    return Explanation(
        person=person,
        month=month,
        policy=policy,
        slip=slip,
        pay=pay,
        unpaid=due if isinstance(due, Unpaid) and frozen is None else None,
        trial=slip.run.trial if slip else not scale.confirmed,
        moved=moved,
        facts=tuple(explain_fact_lines(facts)),
        steps=tuple(explain_step(step) for step in steps),
        grading=(
            *_grading(person.facts, pay, policy, scale),
            *(() if moved else _paying(person.facts, due, month, policy)),
        ),
        amounts=tuple(explain_amounts(pay, policy.pay, person.facts)) if pay else (),
        sums=slip.sums if slip else PayColumns().sums(_month_of(pay), month),
        carried_here=_carried(slip),
        ledger=_ledger(worker, month, PayLine.objects.all() if lines is None else lines),
    )


def _scale(jurisdiction: Jurisdiction, slip: Payslip | None, month: Month) -> GradeScale:
    if slip is not None:
        return next(scale for scale in jurisdiction.scales if scale.key == slip.table_id)
    scale = scale_in_force(jurisdiction.scales, month)
    if scale is None:
        raise Refused(f"{label_zh(month)}没有可用的等级系数表，无法计算。请先导入等级系数表。")
    return scale


def _frozen(slip: Payslip | None, facts: Facts) -> MonthlyPay | None:
    """The slip's own figures; the assignment's start is looked up, all else is as it was kept."""
    if slip is None or slip.grade is None:
        return None
    start = assignment_in(facts, slip.month).start
    assignment = Assignment(start, slip.community_id, Post(slip.post), Position(slip.position), slip.dual)
    own = {line.component: line.amount for line in slip.lines.filter(for_month=slip.month)}
    return MonthlyPay(
        slip.month,
        assignment,
        slip.credited_months,
        slip.step,
        slip.grade,
        slip.coefficient.normalize(),
        slip.annual_base,
        tuple((one.term, own.get(one.term, ZERO)) for one in components()),
    )


def _grading(facts: Facts, pay: MonthlyPay | None, policy: Policy, scale: GradeScale) -> tuple[Explained, ...]:
    if pay is None:
        return ()
    requirement = scale.requirements[pay.assignment.post][pay.step - 1]
    return (
        explain_post(facts, pay.assignment, pay.month, policy),
        explain_grade(pay, policy.pay, requirement),
    )


def _paying(facts: Facts, due: MonthlyPay | Unpaid, month: Month, policy: Policy) -> Iterator[Explained]:
    """Return what pays the month in full or keeps it unpaid. Later facts say nothing of a slip computed before."""
    if isinstance(due, Unpaid):
        yield explain_unpaid(facts, month, due, policy)
    else:
        yield from explain_paid(facts, month, policy)


def _month_of(pay: MonthlyPay | None) -> Iterator[Amount]:
    return ((pay.month, component, amount) for component, amount in pay.amounts()) if pay else iter(())


def _carried(slip: Payslip | None) -> tuple[PayLine, ...]:
    """Arrears lines this month's slip carried for earlier months."""
    if slip is None:
        return ()
    return tuple(slip.lines.filter(for_month__lt=slip.month).order_by("for_month", "id"))


def _ledger(worker: Worker, month: Month, lines: QuerySet[PayLine]) -> tuple[LedgerEntry, ...]:
    lines = lines.filter(worker__in=owners_of([worker.pk]), for_month=month).order_by("payslip__month", "id")
    columns = ("payslip__month", "payslip__run__street__name", "payslip__run__state", "component", "amount", "clause")
    return tuple(LedgerEntry(*row) for row in lines.values_list(*columns))
