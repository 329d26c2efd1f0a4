"""Arrears: what is due now for closed months, less what the ledger paid for them (rules 5.6)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from songshan_cw.words.money import EXACT, ZERO
from songshan_cw.words.periods import Month

Key = tuple[Month, str]


class ArrearsLine(NamedTuple):
    """One difference in yuan, paid (+) or taken back (−) in a later run."""

    for_month: Month
    component: str
    amount: Decimal
    already_paid: Decimal


def differences(due: Mapping[Key, Decimal], paid: Mapping[Key, Decimal]) -> tuple[ArrearsLine, ...]:
    """Return a line for each month and component whose sums differ, in order. Due = paid + lines, to the cent."""
    keys = sorted({*due, *paid})
    lines = []
    for key in keys:
        already = paid.get(key, ZERO)
        amount = EXACT.subtract(due.get(key, ZERO), already)
        if amount:
            lines.append(ArrearsLine(key[0], key[1], amount, already))
    return tuple(lines)
