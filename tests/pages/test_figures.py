"""How amounts read on the pages: the same number of decimals in one column, a dash for what is not there."""

from decimal import Decimal

import pytest

from payroll.models import Payslip
from songshan_cw.files.figures import money, months_zh, signed
from songshan_cw.site.columns import decimal_column
from songshan_cw.words.periods import parse


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


def test_months_in_a_row_are_told_by_their_ends() -> None:
    months = [parse(month) for month in ("2026-03", "2026-04", "2026-05", "2026-09", "2026-12", "2027-01")]
    assert months_zh(months) == "2026年3月至2026年5月、2026年9月、2026年12月至2027年1月"


@pytest.mark.parametrize(("stored", "text"), [("1.3000", "1.30"), ("1.1250", "1.125"), ("2.0000", "2.00")])
def test_a_register_writes_coefficients_as_the_pages_do(stored: str, text: str) -> None:
    assert decimal_column("coefficient", "系数")(Payslip(coefficient=Decimal(stored))) == text
