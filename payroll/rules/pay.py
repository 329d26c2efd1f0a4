"""One month's pay of one person (rules 5; S 二(五)2)."""

from decimal import Decimal
from typing import NamedTuple

from payroll.rules.credit import CreditStep, credit_at
from payroll.rules.facts import Assignment, Facts, GradeScale
from payroll.rules.grading import assignment_in, grade_of, step_of
from payroll.rules.service import is_paid
from payroll.rules.tables import rate
from songshan_cw.policy.schema import PayRules, Policy
from songshan_cw.words.money import ZERO, product, yuan
from songshan_cw.words.periods import Month, month_of, next_month_of
from songshan_cw.words.terms import Component, Term


class Unpaid(Term):
    """Why a person is not paid for a month (rules 2.2, 5.2, 7.3)."""

    OUT_OF_SCHEME = "不在本方案范围"
    NOT_HIRED = "尚未聘用"
    LEFT = "已离职"
    AWAY = "整月中断服务"


class MonthlyPay(NamedTuple):
    """One person's pay for one month, in yuan, with everything it was computed from."""

    month: Month
    assignment: Assignment
    credited_months: int
    step: int
    grade: int
    coefficient: Decimal
    annual_base: Decimal
    base_pay: Decimal
    allowance: Decimal
    performance_accrual: Decimal

    def amounts(self) -> tuple[tuple[Component, Decimal], ...]:
        """Return the components due, without empty ones."""
        parts = (
            (Component.BASE, self.base_pay),
            (Component.ALLOWANCE, self.allowance),
            (Component.PERFORMANCE, self.performance_accrual),
        )
        return tuple([part for part in parts if part[1]])


def unpaid_reason(facts: Facts, policy: Policy, month: Month) -> Unpaid | None:
    """Return why the month is not paid, or None."""
    if facts.category not in policy.scope.in_scheme.value:
        return Unpaid.OUT_OF_SCHEME
    if month < month_of(facts.hired):
        return Unpaid.NOT_HIRED
    if facts.left is not None and month > month_of(facts.left):
        return Unpaid.LEFT
    return None if is_paid(facts, month) else Unpaid.AWAY


def allowance_in(facts: Facts, pay: PayRules, month: Month) -> Decimal:
    """Return the highest certificate's allowance, from the month after approval and not before the scheme
    (rules 5.4; S 二(五)2(3), 4(3)).
    """
    if not facts.certificates or month < month_of(pay.allowance_from.value):
        return ZERO
    amounts = pay.allowances.value
    held = [amounts[one.level] for one in facts.certificates if next_month_of(one.approved_on) <= month]
    return max(held, default=ZERO)


def probation_factor(facts: Facts, pay: PayRules, month: Month) -> Decimal:
    """Return the share of base pay during probation (rules 5.3; S 二(五)2(1))."""
    if facts.probation_end is None or month > month_of(facts.probation_end):
        return Decimal(1)
    return pay.probation_share.value


def pay_for(facts: Facts, steps: tuple[CreditStep, ...], scale: GradeScale, pay: PayRules, month: Month) -> MonthlyPay:
    """Compute the pay of a paid month. ``steps`` is the replay up to that month or later."""
    assignment = assignment_in(facts, month)
    credit = credit_at(steps, month)
    step = step_of(credit, scale.requirements[assignment.post])
    grade = grade_of(assignment, step, pay)
    coefficient, base, base_pay, accrual = rate(scale, grade, pay, month)
    factor = probation_factor(facts, pay, month)
    if factor != 1:
        base_pay = yuan(product(base_pay, factor))
    allowance = allowance_in(facts, pay, month)
    return MonthlyPay(month, assignment, credit, step, grade, coefficient, base, base_pay, allowance, accrual)
