"""Yuan as Decimal, rounded half up to the cent, whatever decimal context the caller runs in."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
EXACT = Context(prec=34, rounding=ROUND_HALF_UP)


def yuan(amount: Decimal) -> Decimal:
    """The amount rounded half up to 0.01 yuan."""
    return EXACT.quantize(amount, CENT)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum, with two decimals even of nothing."""
    result = ZERO
    for amount in amounts:
        result = EXACT.add(result, amount)
    return result


def product(*factors: Decimal | int) -> Decimal:
    """The exact product, in a context no caller can alter."""
    result = Decimal(1)
    for factor in factors:
        result = EXACT.multiply(result, Decimal(factor))
    return result


def plain(number: Decimal) -> str:
    """A coefficient or weight as people write it: at least two decimals, no zeros beyond (``1.05``, ``1.125``)."""
    return format(number.normalize(EXACT) if number != EXACT.quantize(number, CENT) else yuan(number), "f")
