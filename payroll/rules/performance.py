"""Divide a street's performance pool (rules 6; S 二(五)2(2))."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from songshan_cw.words.money import CENT, EXACT, ZERO, product, total, yuan

LEAST_WEIGHT, MOST_WEIGHT = Decimal(0), Decimal("1.5")  # unless the bureau sets others; reading WEIGHT_BOUNDS


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
    whole = weighted_total(claims)
    if not whole:
        if pool:
            raise NothingToWeigh("绩效总量不为零，但所有人的权重或计提均为零，无法分配。请先录入考核等次或个人权重。")
        return {claim.id_number: ZERO for claim in claims}
    pool_cents = int(EXACT.divide(pool, CENT))
    exact = {claim.id_number: _cents(pool_cents, claim, whole) for claim in claims}
    cents = {id_number: count for id_number, (count, _) in exact.items()}
    left = pool_cents - sum(cents.values())
    for id_number in sorted(exact, key=lambda one: (-exact[one][1], one))[:left]:
        cents[id_number] += 1
    return {id_number: product(CENT, count) for id_number, count in cents.items()}


@dataclass(frozen=True, slots=True)
class FirstShare:
    """What a final batch gave one person, and by what, all in yuan. ``weighted``: the accrual times its weight."""

    accrual: Decimal = ZERO
    weighted: Decimal = ZERO
    share: Decimal = ZERO


def weighted_total(claims: Sequence[Claim]) -> Decimal:
    """Return the weighted accruals that a pool is divided by."""
    return total(claim.weighted for claim in claims)


def due_after(first: FirstShare, accrual: Decimal, weight: Decimal, pool: Decimal, weighted: Decimal) -> Decimal:
    """Return what a person is due of a year whose batch is final, in yuan (rules 6.4, reading SUPPLEMENT).

    A changed accrual counts by its amount, a changed weight by the yuan per weighted accrual of the final batch. It
    depends on today's facts alone, so several supplementary batches add up to the same as one.
    """
    by_weight = ZERO
    change = EXACT.subtract(product(weight, first.accrual), first.weighted)
    if weighted and change:
        by_weight = yuan(EXACT.divide(product(change, pool), weighted))
    return total((first.share, EXACT.subtract(accrual, first.accrual), by_weight))


def _cents(pool_cents: int, claim: Claim, whole: Decimal) -> tuple[int, int]:
    """Return whole cents and the exact remainder over a common denominator, so that remainders compare as integers."""
    scale = Decimal(10) ** 6
    numerator = pool_cents * int(product(claim.weighted, scale))
    return divmod(numerator, int(product(whole, scale)))
