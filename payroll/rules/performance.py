"""Divide a street's performance pool (rules 6; S 二(五)2(2))."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from songshan_cw.words.money import CENT, EXACT, ZERO, product, total


class NothingToWeigh(ValueError):
    """The pool has money, but every weighted accrual is zero."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One person's accruals of the year in yuan, and weight."""

    id_number: str
    accrual: Decimal
    weight: Decimal

    @property
    def weighted(self) -> Decimal:
        return max(ZERO, product(self.accrual, self.weight))


def divide(pool: Decimal, claims: Sequence[Claim]) -> dict[str, Decimal]:
    """Return shares in yuan by ID number, in proportion to accrual × weight.

    Largest remainder in cents, ties to the lower ID number, so that shares add up to the pool exactly (rules 6.2).
    """
    weighted_total = total(claim.weighted for claim in claims)
    if not weighted_total:
        if pool:
            raise NothingToWeigh("绩效总量不为零，但所有人的权重或计提均为零，无法分配。请先录入考核等次或个人权重。")
        return {claim.id_number: ZERO for claim in claims}
    pool_cents = int(EXACT.divide(pool, CENT))
    exact = {claim.id_number: _cents(pool_cents, claim, weighted_total) for claim in claims}
    cents = {id_number: whole for id_number, (whole, _) in exact.items()}
    left = pool_cents - sum(cents.values())
    for id_number in sorted(exact, key=lambda one: (-exact[one][1], one))[:left]:
        cents[id_number] += 1
    return {id_number: product(CENT, whole) for id_number, whole in cents.items()}


def _cents(pool_cents: int, claim: Claim, weighted_total: Decimal) -> tuple[int, int]:
    """Return whole cents and the exact remainder over a common denominator, so that remainders compare as integers."""
    scale = Decimal(10) ** 6
    numerator = pool_cents * int(product(claim.weighted, scale))
    return divmod(numerator, int(product(weighted_total, scale)))
