"""Which grade table is in force, and what it gives (rules 3.3)."""

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from payroll.rules.facts import GradeScale
from songshan_cw.money import EXACT, product, yuan
from songshan_cw.periods import Month
from songshan_cw.policy.schema import PayRules


class NoTable(LookupError):
    """No grade table covers a month: nothing can be paid, and the message says so."""


def scale_in_force(scales: Sequence[GradeScale], month: Month) -> GradeScale | None:
    """A confirmed table goes before a sample; among these the newest start, then the newest table, wins."""
    started = [scale for scale in scales if scale.start <= month]
    if not started:
        return None
    return max(started, key=lambda scale: (scale.confirmed, scale.start, scale.key))


def annual_base(scale: GradeScale, month: Month) -> Decimal:
    """The yearly base amount in force in a month, in yuan."""
    index = bisect_right(scale.standards, month, key=lambda standard: standard[0])
    return scale.standards[index - 1][1]


@lru_cache(maxsize=4096)
def monthly_amounts(coefficient: Decimal, base: Decimal, pay: PayRules) -> tuple[Decimal, Decimal]:
    """(base pay, performance accrual) of one month in yuan, each rounded by itself (rules 5.1; S 二(五)2)."""
    yearly = product(base, coefficient)
    return _twelfth(yearly, pay.base_share.value), _twelfth(yearly, pay.performance_share.value)


def _twelfth(yearly: Decimal, share: Decimal) -> Decimal:
    return yuan(EXACT.divide(product(yearly, share), Decimal(12)))
