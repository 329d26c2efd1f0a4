"""The tables of the pages about grade tables: the list, one table's contents, and what it would change."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from payroll.models import GradeTable
from payroll.rules.pay import MonthlyPay
from payroll.selectors.comparison import GradeRow, PersonEffect, Requirement, StreetEffect
from songshan_cw.files.figures import factor
from songshan_cw.files.table import FACTOR, MOMENT, MONEY, SIGNED, WHOLE, Column, Form, Table
from songshan_cw.site.parts import badge, beside, coloured, link
from songshan_cw.words.periods import years
from songshan_cw.words.terms import Post

GRADE = Form(str, "n")


def list_table(*, confirms: bool, nothing: str) -> Table[GradeTable]:
    def address(row: GradeTable) -> str:
        return reverse("admin:pay_table", args=[row.pk])

    def confirmed(row: GradeTable) -> str:
        if row.confirmed_at is None:
            return link("比较后确认", address(row)) if confirms else "—"
        return beside(MOMENT.write(row.confirmed_at), row.confirmed_by)

    return Table(
        "已有的表",
        (
            Column("名称", lambda row: row.name, link=address),
            Column("旗县区", lambda row: row.district.name),
            Column("状态", lambda row: row.state, show=lambda row: badge(row.state)),
            Column("文号", lambda row: row.document_no),
            Column(
                "导入",
                lambda row: row.uploaded_at,
                show=lambda row: beside(MOMENT.write(row.uploaded_at), row.uploaded_by),
            ),
            Column("确认", lambda row: row.confirmed_at, show=confirmed),
        ),
        empty=f"还没有等级系数表，不能计算工资。{nothing}",
    )


def streets_table(month: str) -> Table[StreetEffect]:
    return Table(
        "换用此表的影响",
        (
            Column(
                "街道",
                lambda row: row.street.name,
                names_row=True,
                link=lambda row: f"?month={month}&street={row.street.pk}#people",
            ),
            Column("人数", lambda row: row.people, WHOLE),
            Column("有变动", lambda row: row.changed, WHOLE, unit="人"),
            Column("现行", lambda row: row.before, MONEY, unit="元"),
            Column("此表", lambda row: row.after, MONEY, unit="元"),
            Column("增减", lambda row: row.difference, SIGNED, unit="元"),
        ),
    )


def _place(pay: MonthlyPay | None) -> str:
    return f"{pay.step}档{pay.grade}级 ×{factor(pay.coefficient)}" if pay else ""


def people_table(streets: Mapping[str, str], labels: Sequence[str]) -> Table[PersonEffect]:
    """``labels``: the components whose amounts are compared."""

    def amounts(at: int, label: str) -> list[Column[PersonEffect]]:
        sides = (("现行", 0), ("此表", 1))
        return [
            Column(f"{which}{label}", lambda row, side=side: row.amounts[at][side], MONEY, unit="元")
            for which, side in sides
        ]

    compared = [column for at, label in enumerate(labels) for column in amounts(at, label)]
    return Table(
        "有变动的人",
        (
            Column("姓名", lambda row: row.name),
            Column("街道", lambda row: streets[row.street]),
            Column("岗位", lambda row: row.after.assignment.post),
            Column("现行", lambda row: _place(row.before)),
            Column("此表", lambda row: _place(row.after)),
            *compared,
            Column("增减", lambda row: row.difference, SIGNED, unit="元"),
        ),
        empty="没有人的金额会变动。",
    )


def _compared(row: GradeRow) -> str:
    return coloured(factor(row.after), row.before != row.after)


COMPARED = Table[GradeRow](
    "系数",
    (
        Column("等级", lambda row: row.grade, GRADE),
        Column("现行", lambda row: row.before, FACTOR),
        Column("此表", lambda row: row.after, FACTOR, show=_compared),
    ),
)
COEFFICIENTS = Table[Any](
    "系数", (Column("等级", lambda row: row.grade, GRADE), Column("系数", lambda row: row.coefficient, FACTOR))
)


def requirements_table(steps: Sequence[int]) -> Table[tuple[Post, list[Requirement]]]:
    def step(at: int, number: int) -> Column[tuple[Post, list[Requirement]]]:
        def required(row: tuple[Post, list[Requirement]]) -> Requirement | None:
            return row[1][at] if at < len(row[1]) else None

        return Column(
            f"{number}档", lambda row: _required(required(row)), GRADE, show=lambda row: _moved(required(row))
        )

    post = Column[tuple[Post, list[Requirement]]]("岗位", lambda row: row[0], names_row=True)
    return Table("各档所需工作年限", (post, *(step(at, number) for at, number in enumerate(steps))))


def _served(months: int | None) -> str:
    return years(months) if months else "0年"


def _required(step: Requirement | None) -> str:
    if step is None:
        return "—"
    before = f"{_served(step.before)} → " if step.changed else ""
    return f"{before}{_served(step.after)}"


def _moved(step: Requirement | None) -> str:
    return coloured(_required(step), step is not None and step.changed)
