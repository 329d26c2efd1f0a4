"""Dividing a pool: to the cent, fair within a cent, and the same whoever is entered first (rules 6)."""

from decimal import ROUND_DOWN, Context, Decimal, localcontext
from fractions import Fraction
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from payroll.rules.performance import Claim, NothingToWeigh, divide
from tests import oracle

yuan = st.integers(0, 3_000_000).map(lambda cents: Decimal(cents).scaleb(-2))
weights = st.integers(0, 3_000).map(lambda thousandths: Decimal(thousandths).scaleb(-3))
usual_weights = st.sampled_from([Decimal("1.2"), Decimal("1.0"), Decimal("0.6"), Decimal("0")])
pools = st.integers(0, 99_999_999).map(lambda cents: Decimal(cents).scaleb(-2))
claim_lists = st.lists(
    st.builds(Claim, st.integers(1, 9999).map(lambda number: f"{number:04d}"), yuan, weights | usual_weights),
    min_size=1,
    max_size=30,
    unique_by=lambda claim: claim.id_number,
)


def weighable(claims: list[Claim]) -> bool:
    return any(claim.accrual and claim.weight for claim in claims)


@given(pools, claim_lists)
def test_shares_add_up_to_the_pool_and_are_never_negative(pool: Decimal, claims: list[Claim]) -> None:
    assume(weighable(claims))
    shares = divide(pool, claims)
    assert set(shares) == {claim.id_number for claim in claims}
    assert sum(shares.values()) == pool
    assert min(shares.values()) >= 0


@given(pools, claim_lists)
def test_shares_are_proportional_within_a_cent(pool: Decimal, claims: list[Claim]) -> None:
    assume(weighable(claims))
    whole = sum(Fraction(claim.accrual) * Fraction(claim.weight) for claim in claims)
    shares = divide(pool, claims)
    for claim in claims:
        exact = Fraction(pool) * Fraction(claim.accrual) * Fraction(claim.weight) / whole
        assert abs(Fraction(shares[claim.id_number]) - exact) < Fraction(1, 100)
        assert exact or not shares[claim.id_number]


@given(pools, claim_lists)
def test_oracle_agrees_on_shares(pool: Decimal, claims: list[Claim]) -> None:
    assume(weighable(claims))
    weighted = [(claim.id_number, claim.accrual * claim.weight) for claim in claims]
    assert divide(pool, claims) == oracle.largest_remainder(pool, weighted)


@given(pools, claim_lists, st.randoms(use_true_random=False))
def test_order_of_people_does_not_matter(pool: Decimal, claims: list[Claim], order: Random) -> None:
    assume(weighable(claims))
    mixed = sorted(claims, key=lambda claim: order.random())
    assert divide(pool, mixed) == divide(pool, claims)


@given(pools, claim_lists)
def test_the_callers_decimal_context_changes_no_share(pool: Decimal, claims: list[Claim]) -> None:
    assume(weighable(claims))
    expected = divide(pool, claims)
    with localcontext(Context(prec=3, rounding=ROUND_DOWN)):
        found = divide(pool, claims)
    assert found == expected


@given(pools.filter(bool), st.lists(yuan, min_size=1, max_size=5))
def test_a_pool_without_any_weight_is_refused(pool: Decimal, accruals: list[Decimal]) -> None:
    claims = [Claim(f"{number:04d}", accrual, Decimal(0)) for number, accrual in enumerate(accruals)]
    with pytest.raises(NothingToWeigh):
        divide(pool, claims)


def test_nobody_and_nothing_to_divide() -> None:
    assert divide(Decimal("0.00"), []) == {}
