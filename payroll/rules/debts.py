"""Offset debts by a slip (rules 5.8): the whole slip, the oldest debt first."""

from collections.abc import Sequence
from decimal import Decimal

from songshan_cw.words.money import EXACT, ZERO


def offsets(payable: Decimal, debts: Sequence[Decimal]) -> list[Decimal]:
    """Return how much of each debt, oldest first, a slip takes in. All in yuan; a slip below zero takes nothing."""
    left, taken = max(payable, ZERO), []
    for debt in debts:
        part = min(left, debt)
        taken.append(part)
        left = EXACT.subtract(left, part)
    return taken
