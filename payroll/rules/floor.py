"""The average the income floor is held against (rules 7.4; S 二(五)2)."""

from collections.abc import Sequence
from decimal import Decimal

from songshan_cw.words.money import EXACT, yuan


def average(cents: Sequence[int]) -> Decimal | None:
    """Yuan per person, rounded half up; None of nobody."""
    if not cents:
        return None
    return yuan(EXACT.divide(Decimal(sum(cents)), Decimal(100 * len(cents))))
