"""Columns of pay: which amount counts where, with a deduction and an employer's share known in this test only."""

from decimal import Decimal

import pytest

from payroll.rules.columns import ARREARS, BACK, GROSS, NET, PayColumns
from songshan_cw.words import components
from songshan_cw.words.components import Kind, PayComponent
from songshan_cw.words.periods import parse

MONTH, BEFORE = parse("2026-10"), parse("2026-09")
EARNED = [
    (MONTH, "基本工资", Decimal("3150.00")),
    (MONTH, "职业津贴", Decimal("200.00")),
    (BEFORE, "基本工资", Decimal("100.00")),
    (MONTH, "绩效计提", Decimal("350.00")),
    (BEFORE, "绩效计提", Decimal("11.00")),
]
TODAY = ["base_pay", "allowance", "arrears", "gross_pay", "performance_accrual"]


@pytest.fixture
def invented(monkeypatch: pytest.MonkeyPatch) -> PayColumns:
    dues = PayComponent("工会会费", Kind.DEDUCTED, "union_dues")
    fund = PayComponent("工会经费", Kind.EMPLOYER, "union_fund")
    monkeypatch.setattr(components, "TABLE", [*components.TABLE, dues, fund])
    return PayColumns()


def test_today_gross_is_what_is_paid() -> None:
    columns = PayColumns()
    sums = {column.csv_name: amount for column, amount in columns.sums(EARNED, MONTH).items()}
    assert [column.csv_name for column in columns.csv] == [column.csv_name for column in columns.all] == TODAY
    assert list(sums.values()) == [Decimal(yuan) for yuan in ("3150", "200", "100", "3450", "350")]
    assert columns.payable == GROSS


def test_a_deduction_brings_net_pay(invented: PayColumns) -> None:
    """3,450 earned, less 5 of the month and 2 of an earlier one; the employer's share takes nothing."""
    lines = [
        *EARNED,
        (MONTH, "工会会费", Decimal("5.00")),
        (BEFORE, "工会会费", Decimal("2.00")),
        (MONTH, "工会经费", Decimal("63.00")),
    ]
    sums = invented.sums(lines, MONTH)
    assert [sums[one] for one in (ARREARS, GROSS, BACK, NET)] == [
        Decimal(yuan) for yuan in ("100", "3450", "2", "3443")
    ]
    assert invented.payable == NET


def test_columns_stand_in_this_order(invented: PayColumns) -> None:
    """On sheets net pay follows gross; in csv it follows what every file has."""
    net = ["union_dues", "deductions_back", "net_pay"]
    assert [one.csv_name for one in invented.all] == [*TODAY[:4], *net, TODAY[4], "union_fund"]
    assert [one.csv_name for one in invented.csv] == [*TODAY, *net, "union_fund"]


def test_of_an_earlier_month_only_what_is_paid_counts_as_arrears(invented: PayColumns) -> None:
    names = ("基本工资", "工会会费", "绩效计提", "工会经费")
    found = [invented.of_earlier(name).csv_name for name in names]
    assert found == ["arrears", "deductions_back", "performance_accrual", "union_fund"]
