"""Money as Decimal yuan, rounded half up to the cent in a fixed decimal context."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
EXACT = Context(prec=34, rounding=ROUND_HALF_UP)


def yuan(amount: Decimal) -> Decimal:
    """Round an amount half up to 0.01 yuan."""
    return EXACT.quantize(amount, CENT)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Return the exact sum, with two decimals even when there is nothing to add."""
    result = ZERO
    for amount in amounts:
        result = EXACT.add(result, amount)
    return result


def product(*factors: Decimal | int) -> Decimal:
    """Return the exact product. The context is our own, so that no caller can change the rounding."""
    result = Decimal(1)
    for factor in factors:
        result = EXACT.multiply(result, Decimal(factor))
    return result


def plain(number: Decimal) -> str:
    """Write a coefficient or weight with at least two decimals and no further zeros (``1.05``, ``1.125``)."""
    return format(number.normalize(EXACT) if number != EXACT.quantize(number, CENT) else yuan(number), "f")
