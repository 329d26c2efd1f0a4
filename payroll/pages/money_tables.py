"""The tables of the forecast and the income floor."""

from collections.abc import Callable, Mapping, Sequence

from payroll.models import DisposableIncome
from payroll.selectors.forecast import Promotion, Reach, StreetForecast
from payroll.selectors.income import Floor
from songshan_cw.files.table import MOMENT, MONEY, MONTH, SIGNED, WHOLE, Column, Table
from songshan_cw.site.parts import badge, person_address

Reached = Column[StreetForecast]


def reach_table(whole: Sequence[Reach], street_address: Callable[[StreetForecast], str]) -> Table[StreetForecast]:
    def reached(at: int, months: int) -> tuple[Reached, Reached]:
        count = Reached(f"{months}个月内", lambda row: row.reaches[at].count, WHOLE, unit="人次", total=True)
        return count, Reached(
            f"{months}个月后每月增加", lambda row: row.reaches[at].extra, MONEY, unit="元", total=True
        )

    columns = [column for at, reach in enumerate(whole) for column in reached(at, reach.months)]
    street = Reached("街道", lambda row: row.street.name, names_row=True, link=street_address)
    return Table("截至各期末的晋级", (street, *columns), empty="还没有登记人员。", css="sw-narrow")


def promotions_table(streets: Mapping[str, str], empty: str) -> Table[Promotion]:
    return Table(
        "晋级的人",
        (
            Column("月份", lambda row: row.rise.month, MONTH),
            Column("姓名", lambda row: row.name, link=lambda row: person_address(row.worker_id)),
            Column("街道", lambda row: streets[row.street]),
            Column("岗位", lambda row: row.rise.after.assignment.post),
            Column("现行", lambda row: f"{row.rise.before.step}档{row.rise.before.grade}级"),
            Column("晋级后", lambda row: f"{row.rise.after.step}档{row.rise.after.grade}级"),
            Column("每月增加", lambda row: row.rise.extra, MONEY, unit="元"),
        ),
        empty=empty,
    )


FLOORS = Table[Floor](
    "平均待遇与收入",
    (
        Column("年度", lambda row: f"{row.year}年", names_row=True),
        Column("满年人员", lambda row: row.people, WHOLE, unit="人"),
        Column("平均待遇", lambda row: row.average, MONEY, unit="元"),
        Column("上年人均可支配收入", lambda row: row.income and row.income.amount, MONEY, unit="元"),
        Column("相差", lambda row: row.gap, SIGNED, unit="元"),
        Column("结论", lambda row: _verdict(row)[0], show=lambda row: badge(*_verdict(row))),
    ),
    empty="还没有十二个月都已审核的年度，不能比较。",
)
INCOMES = Table[DisposableIncome](
    "城镇居民人均可支配收入",
    (
        Column("年度", lambda row: f"{row.year}年", names_row=True),
        Column("金额", lambda row: row.amount, MONEY, unit="元"),
        Column("录入人", lambda row: row.entered_by),
        Column("录入时间", lambda row: row.entered_at, MOMENT),
    ),
    empty="民政局还没有录入。",
)


def _verdict(row: Floor) -> tuple[str, str]:
    """Return the verdict and the colour of its badge."""
    if row.income is None:
        return "收入未录入", "试算"
    if row.gap is None:
        return "不能比较", "试算"
    return ("低于", "已退回") if row.below else ("不低于", "已审核")
