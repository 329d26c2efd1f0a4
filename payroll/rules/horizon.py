"""A coming year's pay and promotions, with assumed results for open years (rules 7.5)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from payroll.rules.credit import CreditStep
from payroll.rules.facts import Facts
from payroll.rules.grading import assignment_in, effective_from
from payroll.rules.pay import MonthlyPay, unpaid_reason
from payroll.rules.slip import DistrictReplays, Jurisdiction, monthly_due
from payroll.rules.tables import annual_base, monthly_amounts, scale_in_force
from payroll.rules.timeline import Level, level_in
from songshan_cw.words.components import Kind, components
from songshan_cw.words.money import EXACT, ZERO, product, total, yuan
from songshan_cw.words.periods import Month, january, month_of

Places = Mapping[str, Jurisdiction]
ALL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Rise:
    """A promotion. ``extra``: additional base pay and accrual a month, in yuan."""

    month: Month
    before: Level
    after: Level
    extra: Decimal


@dataclass(slots=True)
class MonthSum:
    """What one month takes in one street, in yuan by component."""

    headcount: int = 0
    promoted: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)

    @property
    def pay(self) -> Decimal:
        """What is earned or accrued; a deduction takes nothing more, and the employer's share is reckoned on top."""
        return total(self.of(one.term) for one in components() if one.kind in (Kind.EARNED, Kind.ACCRUED))

    def of(self, component: str) -> Decimal:
        return self.amounts.get(component, ZERO)

    def add(self, pay: MonthlyPay) -> None:
        self.headcount += 1
        for component, amount in pay.amounts():
            self.amounts[component] = EXACT.add(self.of(component), amount)


def year_of_pay(facts: Facts, places: Places, year: int) -> list[MonthlyPay]:
    """Return the paid months of a year by the tables in force then. Raises NoTable, PolicyGap."""
    last = january(year + 1) - 1
    replays = DistrictReplays(facts, places, last)
    months = range(january(year), last + 1)
    dues = (monthly_due(facts, replays.of(month), replays.jurisdiction(month), month) for month in months)
    return [due for due in dues if isinstance(due, MonthlyPay)]


def rises(facts: Facts, places: Places, first: Month, last: Month) -> Iterator[Rise]:
    """Return the promotions between two months inclusive, in paid months."""
    replays = DistrictReplays(facts, places, last)
    before = level_in(facts, replays.of(first - 1), replays.jurisdiction(first - 1), first - 1)
    for month in _turns(facts, replays.of(last), places, first, last):
        level = level_in(facts, replays.of(month), replays.jurisdiction(month), month)
        if level and before and level.grade > before.grade and _counts(facts, places, month):
            yield Rise(month, before, level, _extra(_place(facts, places, month), month, before, level))
        before = level


def insurance_on(pay: Decimal, rate: Decimal) -> Decimal:
    """Return the employer's contributions on a month's pay. ``rate`` in per cent (reading BUDGET_INSURANCE)."""
    return yuan(EXACT.divide(product(pay, rate), ALL))


def _place(facts: Facts, places: Places, month: Month) -> Jurisdiction:
    return places[assignment_in(facts, month).community[:6]]


def _turns(facts: Facts, steps: Sequence[CreditStep], places: Places, first: Month, last: Month) -> list[Month]:
    """Return the months in which credit, post or table may change the grade."""
    months = {step.month for step in steps} | {effective_from(facts, one) for one in facts.assignments}
    months |= {scale.start for scale in _place(facts, places, last).scales}
    return sorted(month for month in months if first <= month <= last)


def _counts(facts: Facts, places: Places, month: Month) -> bool:
    """Return whether a rise counts. Hiring is no promotion, nor is a rise in an unpaid month."""
    policy = _place(facts, places, month).timeline.at(month)
    return month > month_of(facts.hired) and unpaid_reason(facts, policy, month) is None


def _extra(place: Jurisdiction, month: Month, before: Level, after: Level) -> Decimal:
    scale = scale_in_force(place.scales, month)
    if scale is None:
        return ZERO
    base, pay = annual_base(scale, month), place.timeline.at(month).pay
    old, new = (total(monthly_amounts(scale.coefficients[one.grade - 1], base, pay)) for one in (before, after))
    return EXACT.subtract(new, old)
