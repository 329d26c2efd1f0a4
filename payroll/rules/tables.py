"""The grade table in force and its amounts (rules 3.3)."""

from bisect import bisect_right
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from payroll.rules.facts import GradeScale
from songshan_cw.policy.schema import PayRules
from songshan_cw.words.money import EXACT, product, yuan
from songshan_cw.words.periods import Month


class Rate(NamedTuple):
    """A grade's coefficient, the annual base, and a twelfth of their product, in yuan."""

    coefficient: Decimal
    annual_base: Decimal
    base_pay: Decimal
    accrual: Decimal


class NoTable(LookupError):
    """No grade table covers the month, so nothing can be paid."""


@lru_cache(maxsize=256)
def scale_in_force(scales: tuple[GradeScale, ...], month: Month) -> GradeScale | None:
    """Return the table in force: confirmed before sample, then the newest start, then the newest table."""
    started = [scale for scale in scales if scale.start <= month]
    if not started:
        return None
    return max(started, key=lambda scale: (scale.confirmed, scale.start, scale.key))


def annual_base(scale: GradeScale, month: Month) -> Decimal:
    """Return the annual base in force in a month, in yuan."""
    index = bisect_right(scale.standards, month, key=lambda standard: standard[0])
    return scale.standards[index - 1][1]


def monthly_amounts(coefficient: Decimal, base: Decimal, pay: PayRules) -> tuple[Decimal, Decimal]:
    """Return (base pay, performance accrual) of a month in yuan, each rounded by itself (rules 5.1; S 二(五)2)."""
    yearly = product(base, coefficient)
    return _twelfth(yearly, pay.base_share.value), _twelfth(yearly, pay.performance_share.value)


@lru_cache(maxsize=4096)
def rate(scale: GradeScale, grade: int, pay: PayRules, month: Month) -> Rate:
    """Return a grade's monthly amount before probation and allowance (rules 5.1)."""
    coefficient, base = scale.coefficients[grade - 1], annual_base(scale, month)
    return Rate(coefficient, base, *monthly_amounts(coefficient, base, pay))


def _twelfth(yearly: Decimal, share: Decimal) -> Decimal:
    return yuan(EXACT.divide(product(yearly, share), Decimal(12)))
