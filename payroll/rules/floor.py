"""The average pay that is compared with the income floor (rules 7.4; S 二(五)2)."""

from collections.abc import Sequence
from decimal import Decimal

from songshan_cw.words.money import EXACT, yuan


def average(cents: Sequence[int]) -> Decimal | None:
    """Return yuan per person, rounded half up, or None without people."""
    if not cents:
        return None
    return yuan(EXACT.divide(Decimal(sum(cents)), Decimal(100 * len(cents))))
