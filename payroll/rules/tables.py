"""Which grade table is in force, and what it gives (rules 3.3)."""

from bisect import bisect_right
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from payroll.rules.facts import GradeScale
from songshan_cw.policy.schema import PayRules
from songshan_cw.words.money import EXACT, product, yuan
from songshan_cw.words.periods import Month


class Rate(NamedTuple):
    """A grade's coefficient, the yearly base and what a twelfth of their product comes to, in yuan."""

    coefficient: Decimal
    annual_base: Decimal
    base_pay: Decimal
    accrual: Decimal


class NoTable(LookupError):
    """No grade table covers a month: nothing can be paid, and the message says so."""


@lru_cache(maxsize=256)
def scale_in_force(scales: tuple[GradeScale, ...], month: Month) -> GradeScale | None:
    """A confirmed table goes before a sample; among these the newest start, then the newest table, wins."""
    started = [scale for scale in scales if scale.start <= month]
    if not started:
        return None
    return max(started, key=lambda scale: (scale.confirmed, scale.start, scale.key))


def annual_base(scale: GradeScale, month: Month) -> Decimal:
    """The yearly base amount in force in a month, in yuan."""
    index = bisect_right(scale.standards, month, key=lambda standard: standard[0])
    return scale.standards[index - 1][1]


def monthly_amounts(coefficient: Decimal, base: Decimal, pay: PayRules) -> tuple[Decimal, Decimal]:
    """(base pay, performance accrual) of one month in yuan, each rounded by itself (rules 5.1; S 二(五)2)."""
    yearly = product(base, coefficient)
    return _twelfth(yearly, pay.base_share.value), _twelfth(yearly, pay.performance_share.value)


@lru_cache(maxsize=4096)
def rate(scale: GradeScale, grade: int, pay: PayRules, month: Month) -> Rate:
    """What a grade gives in a month, before probation and allowance (rules 5.1)."""
    coefficient, base = scale.coefficients[grade - 1], annual_base(scale, month)
    return Rate(coefficient, base, *monthly_amounts(coefficient, base, pay))


def _twelfth(yearly: Decimal, share: Decimal) -> Decimal:
    return yuan(EXACT.divide(product(yearly, share), Decimal(12)))
