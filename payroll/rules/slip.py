"""One person's slip for one month: the month's pay and arrears of closed months (rules 5.5, 5.6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from payroll.rules.arrears import ArrearsLine, Key, differences
from payroll.rules.credit import CreditStep
from payroll.rules.facts import Facts, GradeScale
from payroll.rules.grading import assignment_in
from payroll.rules.pay import MonthlyPay, Unpaid, pay_for, unpaid_reason
from payroll.rules.tables import NoTable, scale_in_force
from songshan_cw.policy import PolicyTimeline
from songshan_cw.words.money import EXACT, ZERO, total
from songshan_cw.words.periods import Month, month_of
from songshan_cw.words.terms import CASH_COMPONENTS


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A district's policies by month and its grade tables."""

    district: str
    timeline: PolicyTimeline
    scales: tuple[GradeScale, ...]


class Slip(NamedTuple):
    """One person's result in one run. ``pay`` is None for arrears only. Money in yuan."""

    pay: MonthlyPay | None
    steps: tuple[CreditStep, ...]
    arrears_lines: tuple[ArrearsLine, ...]

    @property
    def arrears(self) -> Decimal:
        """Return arrears paid in cash. Corrections of the performance accrual are carried but not paid monthly."""
        if not self.arrears_lines:
            return ZERO
        return total(line.amount for line in self.arrears_lines if line.component in CASH_COMPONENTS)

    @property
    def gross_pay(self) -> Decimal:
        """Add base, allowance and arrears (rules 5.5)."""
        month = EXACT.add(self.pay.base_pay, self.pay.allowance) if self.pay else ZERO
        return EXACT.add(month, self.arrears)


def monthly_due(
    facts: Facts, steps: tuple[CreditStep, ...], jurisdiction: Jurisdiction, month: Month
) -> MonthlyPay | Unpaid:
    """Return the pay of a month, or why there is none. Raises NoTable."""
    policy = jurisdiction.timeline.at(month)
    reason = unpaid_reason(facts, policy, month)
    if reason is not None:
        return reason
    scale = scale_in_force(jurisdiction.scales, month)
    if scale is None:
        raise NoTable(month)
    return pay_for(facts, steps, scale, policy.pay, month)


def settles_arrears(due: MonthlyPay | Unpaid) -> bool:
    """Return whether closed months are compared. People outside the scheme get no arrears (rules 2.2, reading
    CATEGORY_OUT).
    """
    return due is not Unpaid.OUT_OF_SCHEME


def closed_for(facts: Facts, closed: frozenset[tuple[str, Month]], months: Iterable[Month]) -> tuple[Month, ...]:
    """Return the months whose run is approved in the street the person belonged to then (rules 5.6)."""
    first = month_of(facts.hired)
    return tuple(month for month in months if month >= first and (assignment_in(facts, month).street, month) in closed)


def arrears_of(
    facts: Facts,
    steps: tuple[CreditStep, ...],
    jurisdictions: Mapping[str, Jurisdiction],
    months: Iterable[Month],
    paid: Mapping[Key, Decimal],
) -> tuple[ArrearsLine, ...]:
    """Return what closed months are due now, less what the ledger paid for them (rules 5.6)."""
    due: dict[Key, Decimal] = {}
    for month in {*months, *(month for month, _ in paid)}:
        jurisdiction = jurisdictions[assignment_in(facts, month).community[:6]]
        pay = monthly_due(facts, steps, jurisdiction, month)
        if isinstance(pay, MonthlyPay):
            due.update({(month, component): amount for component, amount in pay.amounts()})
    return differences(due, paid)
