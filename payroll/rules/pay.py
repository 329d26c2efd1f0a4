"""Whether a month is paid, and what each component of it comes to (rules 5; S 二(五)2)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from payroll.rules.facts import Assignment, Certified, Facts
from payroll.rules.membership import is_in_scheme
from payroll.rules.service import is_paid
from payroll.rules.tables import Rate
from songshan_cw.policy.schema import PayRules, Policy
from songshan_cw.words.money import ZERO, product, yuan
from songshan_cw.words.periods import Month, month_of, next_month_of
from songshan_cw.words.terms import Term


class Unpaid(Term):
    """Why a person is not paid for a month (rules 2.2, 5.2, 7.3)."""

    OUT_OF_SCHEME = "不在本方案范围"
    NOT_HIRED = "尚未聘用"
    LEFT = "已离职"
    AWAY = "整月中断服务"
    ELSEWHERE = "本月任职的街道不能发放"


class MonthlyPay(NamedTuple):
    """One person's pay for one month, in yuan, with everything it was computed from.

    ``parts``: (component, amount) of every component, also of those that come to nothing.
    """

    month: Month
    assignment: Assignment
    credited_months: int
    step: int
    grade: int
    coefficient: Decimal
    annual_base: Decimal
    parts: tuple[tuple[str, Decimal], ...]

    def amounts(self) -> tuple[tuple[str, Decimal], ...]:
        """Return the components due, without empty ones."""
        return tuple([part for part in self.parts if part[1]])

    def of(self, component: str) -> Decimal:
        return next((amount for term, amount in self.parts if term == component), ZERO)


class Situation(NamedTuple):
    """What the rule of a component computes a paid month from. ``before``: the amounts of earlier components, yuan."""

    facts: Facts
    month: Month
    rate: Rate
    rules: PayRules
    before: Mapping[str, Decimal]


def unpaid_reason(facts: Facts, policy: Policy, month: Month) -> Unpaid | None:
    """Return why the month is not paid, or None."""
    if not is_in_scheme(facts, policy.scope.in_scheme.value, month):
        return Unpaid.OUT_OF_SCHEME
    if month < month_of(facts.hired):
        return Unpaid.NOT_HIRED
    if facts.left is not None and month > month_of(facts.left):
        return Unpaid.LEFT
    return None if is_paid(facts, month) else Unpaid.AWAY


def allowance_in(facts: Facts, pay: PayRules, month: Month) -> Decimal:
    """Return the highest certificate's allowance, from the month after approval through the month of its last day, and
    not before the scheme (rules 5.4; S 二(五)2(3), 4(3)).
    """
    if not facts.certificates or month < month_of(pay.allowance_from.value):
        return ZERO
    amounts = pay.allowances.value
    return max([amounts[one.level] for one in facts.certificates if is_paid_for(one, month)], default=ZERO)


def is_paid_for(certificate: Certified, month: Month) -> bool:
    """Return whether the allowance runs in a month (rules 5.4, reading CERTIFICATE_END)."""
    ended = certificate.ended_on
    return next_month_of(certificate.approved_on) <= month and (ended is None or month <= month_of(ended))


def probation_factor(facts: Facts, pay: PayRules, month: Month) -> Decimal:
    """Return the share of base pay during probation (rules 5.3; S 二(五)2(1))."""
    if facts.probation_end is None or month > month_of(facts.probation_end):
        return Decimal(1)
    return pay.probation_share.value


def base_pay(one: Situation) -> Decimal:
    """Return the base of the month, in yuan (rules 5.1, 5.3; S 二(五)2(1))."""
    factor = probation_factor(one.facts, one.rules, one.month)
    return one.rate.base_pay if factor == 1 else yuan(product(one.rate.base_pay, factor))


def allowance(one: Situation) -> Decimal:
    return allowance_in(one.facts, one.rules, one.month)


def performance_accrual(one: Situation) -> Decimal:
    """Return what is set aside for the year's end, in yuan (rules 5.1; S 二(五)2(2))."""
    return one.rate.accrual
