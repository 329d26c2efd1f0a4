"""The tables that explain a person's month: amounts, what earlier months carry, and the ledger."""

from collections.abc import Callable
from decimal import Decimal

from payroll.models import PayLine
from payroll.rules.columns import Column as PayColumn
from payroll.rules.explanation import ExplainedAmount
from payroll.selectors.explain import LedgerEntry
from songshan_cw.files.figures import money, signed
from songshan_cw.files.table import MONEY, MONTH, SIGNED, WRAPPED, Column, Table
from songshan_cw.site.parts import badge, link

Amount = tuple[PayColumn, Decimal, ExplainedAmount | None]
Cited = Callable[[str], str]  # draws a clause by its number


def amounts_table(cited: Cited, *, carries: bool) -> Table[Amount]:
    """``carries``: whether the slip makes good earlier months."""
    none = "以前月份没有需要补发或扣回的"

    def arithmetic(row: Amount) -> str:
        column, _, one = row
        if one:
            return one.arithmetic if column.paid_monthly else f"{one.arithmetic}，不计入应发"
        if column.is_sum:
            return "以上各项之和" if column.csv_name == "gross_pay" else "应发减去扣款"
        return "以前月份应发与已发之差" if carries else none

    def clause_of(row: Amount) -> str:
        return row[2].clause if row[2] else ""

    def shown(row: Amount) -> str:
        column, _, one = row
        differs = carries and column.is_difference and not one
        return link(arithmetic(row), "#carried") if differs else arithmetic(row)

    return Table(
        "金额怎么算",
        (
            Column("项目", lambda row: row[0].label, names_row=True),
            Column(
                "金额",
                lambda row: row[1],
                MONEY,
                unit="元",
                show=lambda row: signed(row[1]) if row[0].is_difference else money(row[1]),
            ),
            Column("算式", arithmetic, WRAPPED, show=shown),
            Column("依据", clause_of, show=lambda row: cited(clause_of(row)) if clause_of(row) else ""),
        ),
        row_class=lambda row: "total" if row[0].is_sum else "",
    )


def carried_table(cited: Cited) -> Table[PayLine]:
    return Table(
        "随本月补发或扣回",
        (
            Column("所属月份", lambda row: row.for_month, MONTH),
            Column("项目", lambda row: row.component),
            Column("此前已发", lambda row: row.already_paid, MONEY, unit="元"),
            Column("补发/扣回", lambda row: row.amount, SIGNED, unit="元"),
            Column("依据", lambda row: row.clause, show=lambda row: cited(row.clause)),
        ),
    )


LEDGER = Table[LedgerEntry](
    "本月台账",
    (
        Column("批次", lambda row: row.run_month, MONTH),
        Column("街道", lambda row: row.street),
        Column("状态", lambda row: row.state, show=lambda row: badge(row.state)),
        Column("项目", lambda row: row.component),
        Column("金额", lambda row: row.amount, SIGNED, unit="元"),
    ),
    empty="还没有批次为这个月发过工资。",
)
