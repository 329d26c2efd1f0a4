"""The tables of pay: months and streets, a run's totals, changes, slips and events."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from payroll.models import PayrollRun, Payslip, RunEvent
from payroll.rules.columns import Column as PayColumn
from payroll.rules.columns import PayColumns
from payroll.selectors.month import PayChange, TotalRow
from payroll.selectors.overview import MonthTotal, StreetMonths
from songshan_cw.files.figures import money, months_zh, signed, whole
from songshan_cw.files.table import (
    FACTOR,
    MOMENT,
    MONEY,
    MONTH,
    SIGNED,
    WHOLE,
    WRAPPED,
    Column,
    Form,
    Table,
)
from songshan_cw.site.parts import badge, beside, blocks, clause, coloured, faint, lines, link
from songshan_cw.words.periods import Month, label, label_zh
from songshan_cw.words.terms import RunState
from workers.models import Region

R = TypeVar("R")
Sums = Mapping[PayColumn, Decimal]
NOT_COMPUTED = "未计算"
AMOUNT = Form(lambda value: money(value) if isinstance(value, Decimal) else whole(value), "n")
CHECK_ALL = mark_safe('<input type="checkbox" data-check-all="street" aria-label="全选">')


def pay_columns(columns: Sequence[PayColumn], sums: Callable[[R], Sums]) -> list[Column[R]]:
    """Make a column of each column of pay; ``sums`` gives a row's amounts."""

    def amount(column: PayColumn) -> Column[R]:
        form = SIGNED if column.is_difference else MONEY
        return Column(column.label, lambda row: sums(row).get(column), form, unit="元")

    return [amount(column) for column in columns]


def run_address(month: Month, street: str) -> str:
    return reverse("admin:pay_run", args=[label(month), street])


def run_state(run: PayrollRun | None) -> str:
    return run.state if run else NOT_COMPUTED


def run_badges(run: PayrollRun | None) -> SafeString:
    if run is None:
        return faint(NOT_COMPUTED)
    return beside(badge(run.state), badge("试算") if run.trial else "")


def _run_columns(run: Callable[[R], PayrollRun | None]) -> list[Column[R]]:
    """People and the amounts paid with the month."""

    def people(row: R) -> int | None:
        found = run(row)
        return found.headcount if found else None

    def sums(row: R) -> Sums:
        found = run(row)
        return found.sums if found else {}

    return [Column("人数", people, WHOLE), *pay_columns(PayColumns().monthly, sums)]


@dataclass(frozen=True, slots=True)
class StreetMonth:
    """A street's month, computed or not. ``missing``: earlier months not yet approved."""

    street: Region
    month: Month
    run: PayrollRun | None
    before: PayrollRun | None = None
    computation: str = ""
    missing: Sequence[Month] = ()


def months_table() -> Table[StreetMonth]:
    """One street's months."""
    return Table(
        "各月工资",
        (
            Column("月份", lambda row: row.month, MONTH, link=lambda row: run_address(row.month, row.street.pk)),
            Column("状态", lambda row: run_state(row.run), show=lambda row: run_badges(row.run)),
            *_run_columns(lambda row: row.run),
        ),
    )


def district_table(*, of_several: bool, opens: bool) -> Table[StreetMonth]:
    """The streets of a month. ``of_several``: names need their district. ``opens``: also what is not computed."""

    def name(row: StreetMonth) -> str:
        return f"{row.street.parent.name} {row.street.name}" if of_several else row.street.name

    return Table(
        "各街道",
        (
            Column(CHECK_ALL, show=_tick, permission="payroll.approve_run"),
            Column(
                "街道",
                name,
                names_row=True,
                link=lambda row: run_address(row.month, row.street.pk) if row.run or opens else "",
            ),
            Column("状态", lambda row: run_state(row.run), show=_state_and_gaps),
            *_run_columns(lambda row: row.run),
            Column("上月应发", lambda row: row.before.gross_total if row.before else None, MONEY, unit="元"),
        ),
        empty="这个月还没有可看的工资。",
    )


def _tick(row: StreetMonth) -> str:
    if row.run is None or row.run.state != RunState.SUBMITTED:
        return ""
    return format_html(
        '<input type="checkbox" name="street" value="{0}" aria-label="{1}">'
        '<input type="hidden" name="seen-{0}" value="{2}">',
        row.street.pk,
        row.street.name,
        row.computation,
    )


def _state_and_gaps(row: StreetMonth) -> str:
    missing = faint(f"{months_zh(list(row.missing))}未审核") if row.missing else ""
    return lines(run_badges(row.run), missing)


def matrix_table(
    months: Sequence[tuple[Month, MonthTotal]], *, of_several: bool, opens: bool
) -> tuple[Table[StreetMonths], dict[str, str]]:
    """Months by street, and the totals by head."""

    def name(row: StreetMonths) -> str:
        return f"{row.street.parent.name} {row.street.name}" if of_several else row.street.name

    def column(at: int, month: Month) -> Column[StreetMonths]:
        return Column(
            label_zh(month),
            lambda row: run.gross_total if (run := row.runs[at]) else None,
            Form(money),
            show=lambda row: _cell(row, at, month, opens),
            head_link=reverse("admin:pay_month", args=[label(month)]),
        )

    street = Column[StreetMonths]("街道", name, names_row=True)
    table = Table("各街道各月工资", (street, *(column(at, month) for at, (month, _) in enumerate(months))))
    return table, {label_zh(month): _month_total(total) for month, total in months}


def _cell(row: StreetMonths, at: int, month: Month, opens: bool) -> str:
    run, address = row.runs[at], run_address(month, row.street.pk)
    if run is None:
        return format_html('<a class="sw-quiet" href="{}">{}</a>', address, NOT_COMPUTED) if opens else "—"
    return format_html(
        '<a class="sw-cell" href="{}">{}<small>{}人</small><small>{}</small></a>',
        address,
        run_badges(run),
        whole(run.headcount),
        money(run.gross_total),
    )


def _month_total(total: MonthTotal) -> str:
    if not total.streets:
        return "—"
    return format_html(
        '<span class="sw-cell">已审核{}／{}<small>{}人</small><small>{}</small></span>',
        total.approved,
        total.streets,
        whole(total.people),
        money(total.gross),
    )


def totals_table(before: PayrollRun | None) -> Table[TotalRow]:
    """A run's totals beside those of the run before."""
    return Table(
        "合计",
        (
            Column("项目", lambda row: f"{row.label}(元)" if row.is_money else row.label, names_row=True),
            Column("本月", lambda row: row.now, AMOUNT),
            Column(f"上月（{before.state}）" if before else "上月", lambda row: row.before, AMOUNT),
            Column("增减", lambda row: row.difference, SIGNED),
        ),
    )


def changes_table(title: str) -> Table[PayChange]:
    paid = PayColumns().payable.label
    return Table(
        title,
        (
            Column("姓名", lambda row: row.name, link=lambda row: reverse("admin:pay_explain", args=[row.slip_id])),
            Column("社区", lambda row: row.community),
            Column(f"上月{paid}", lambda row: row.before, MONEY, unit="元"),
            Column(f"本月{paid}", lambda row: row.now, MONEY, unit="元"),
            Column(
                "增减",
                lambda row: row.difference,
                SIGNED,
                unit="元",
                show=lambda row: coloured(signed(row.difference), row.difference),
            ),
            Column("原因", _reasons, WRAPPED, show=_shown_reasons),
        ),
    )


def _reasons(row: PayChange) -> str:
    return "；".join(f"{reason.cause}：{reason.text}" for reason in row.reasons)


def _shown_reasons(row: PayChange) -> str:
    return blocks(
        beside(badge(reason.cause), reason.text, clause(reason.clause) if reason.clause else "")
        for reason in row.reasons
    )


EVENTS = Table[RunEvent](
    "办理经过",
    (
        Column("时间", lambda row: row.at, MOMENT),
        Column("操作人", lambda row: f"{row.actor}（{row.actor.role}）" if row.actor else "系统"),
        Column("动作", lambda row: row.action),
        Column("原因", lambda row: row.reason, WRAPPED),
    ),
)


def slips_table(empty: str) -> Table[Payslip]:
    return Table(
        "逐人工资",
        (
            Column("社区", lambda row: row.community.name),
            Column("姓名", lambda row: row.name, link=lambda row: reverse("admin:pay_explain", args=[row.pk])),
            Column("岗位", lambda row: f"{row.post or '仅补扣'}{'（一肩挑）' if row.dual else ''}"),
            Column("档次", lambda row: row.step, WHOLE),
            Column("等级", lambda row: row.grade, WHOLE),
            Column("系数", lambda row: row.coefficient, FACTOR),
            *pay_columns(PayColumns().all, lambda row: row.sums),
        ),
        empty=empty,
    )


def month_slips_table() -> Table[Payslip]:
    """One person's slips of several months."""
    return Table(
        "各月工资",
        (
            Column("月份", lambda row: row.month, MONTH),
            Column("街道(乡镇)", lambda row: row.run.street),
            Column("等级", lambda row: f"{row.grade}级" if row.grade else None),
            *pay_columns(PayColumns().monthly, lambda row: row.sums),
            Column("状态", lambda row: row.run.state, show=lambda row: run_badges(row.run)),
            Column("由来", show=lambda row: link("说明", reverse("admin:pay_explain", args=[row.pk]))),
        ),
        empty="还没有工资条。本街道的工资批次计算后，每月工资会列在这里。",
    )


def finance_months_table() -> Table[MonthTotal]:
    def downloads(row: MonthTotal) -> str:
        kinds = (("register", "发放汇总登记表"), ("sheet", "工资发放表"))
        month = label(row.month)
        return beside(*(link(title, reverse("admin:pay_month_download", args=[month, kind])) for kind, title in kinds))

    return Table(
        "已审核的工资",
        (
            Column(
                "月份",
                lambda row: row.month,
                MONTH,
                link=lambda row: reverse("admin:pay_month", args=[label(row.month)]),
            ),
            Column("街道", lambda row: row.streets, WHOLE),
            Column("人数", lambda row: row.people, WHOLE),
            Column("应发合计", lambda row: row.gross, MONEY, unit="元"),
            Column("下载", show=downloads),
        ),
        empty="还没有已审核的工资。民政局审核通过后，会列在这里。",
    )
