"""How amounts read on the pages: the same number of decimals in one column, a dash for what is not there."""

from decimal import Decimal

import pytest

from songshan_cw.templatetags.figures import money, signed


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("1200"), "+1,200.00"),
        (Decimal("-157.5"), "−157.50"),
        (Decimal("0"), "0.00"),
        (3, "+3"),
        (-3, "−3"),
        (0, "0"),
        (None, "—"),
        ("", "—"),
    ],
)
def test_a_difference_bears_its_sign(amount: Decimal | int | str | None, text: str) -> None:
    assert signed(amount) == text


def test_an_amount_has_two_decimals() -> None:
    assert (money(Decimal("12345.6")), money("")) == ("12,345.60", "—")
