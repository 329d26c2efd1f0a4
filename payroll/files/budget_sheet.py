"""经费预算表: a sheet per street with its months, after a summary of several streets (rules 7.5; S 三(二))."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.timezone import localtime
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from payroll.models.budget import MONTH_PARTS, YEAR_PARTS, Budget, BudgetMonth
from payroll.selectors.budgets import StreetBudget
from songshan_cw.data.refusal import Refused
from songshan_cw.files.capital import capital_yuan
from songshan_cw.files.outfile import whole_workbook
from songshan_cw.files.styles import (
    ROW_HEIGHT,
    Styles,
    across,
    make_styles,
    on_a4,
    sheet_names,
    write_cells,
    write_column_heads,
    write_signatures,
)
from songshan_cw.files.table import MONEY, WHOLE, Column, Table
from songshan_cw.policy.readings import BUDGET_ASSESSMENT, BUDGET_INSURANCE, BUDGET_PEOPLE
from songshan_cw.words.money import plain, total
from songshan_cw.words.periods import label_zh
from songshan_cw.words.terms import RunState

HEAD_ROW = 3
MONEY_WIDTH = 16.0
NOT_ESTIMATED = "未测算"
READINGS = (BUDGET_ASSESSMENT, BUDGET_INSURANCE, BUDGET_PEOPLE)
STREET, STATE = "街道(乡镇)", "状态"


def _part(name: str, value: Callable[[Any], Any]) -> Column[Any]:
    return Column(name, value, MONEY, unit="元", total=True, width=MONEY_WIDTH)


MONTHS = Table[BudgetMonth](
    "分月测算",
    (
        Column("月份", lambda row: label_zh(row.month), names_row=True, width=14.0),
        Column("人数", lambda row: row.headcount, WHOLE, width=9.0),
        Column("晋级", lambda row: row.promoted, WHOLE, total=True, width=9.0),
        *(_part(name, lambda row, at=at: row.amounts[at]) for at, name in enumerate(MONTH_PARTS)),
        _part("合计", lambda row: row.sum),
    ),
)
BUDGETS = Table[StreetBudget](
    "各街道",
    (
        Column(STREET, lambda row: row.street.name, names_row=True, width=22.0),
        Column("人数", lambda row: row.budget and row.budget.headcount, WHOLE, total=True, width=9.0),
        *(_part(name, lambda row, at=at: row.budget and row.budget.amounts[at]) for at, name in enumerate(YEAR_PARTS)),
        _part("合计", lambda row: row.budget and row.budget.grand_total),
        Column(STATE, lambda row: _mark(row.budget) or row.budget.state if row.budget else NOT_ESTIMATED, width=16.0),
    ),
)


def write_budgets(*, budgets: Sequence[Budget], path: Path) -> int:
    """Write the budgets of one year, with streets and months prefetched. Return how many."""
    if not budgets:
        raise Refused("还没有可导出的预算。请先由街道测算。")
    names = sheet_names([(budget.street_id, budget.street.name) for budget in budgets])
    with whole_workbook(path) as workbook:
        styles = make_styles(workbook)
        if len(budgets) > 1:
            _write_summary(workbook.add_worksheet("汇总"), styles, budgets)
        for budget, name in zip(budgets, names, strict=True):
            _write_street(workbook.add_worksheet(name), styles, budget)
    return len(budgets)


def _write_street(sheet: Worksheet, styles: Styles, budget: Budget) -> None:
    last = len(MONTHS.columns) - 1
    on_a4(sheet, landscape=True, repeat_to=HEAD_ROW, header=_mark(budget))
    _write_head(sheet, styles, f"{budget.street.name}{budget.year}年社区工作者经费预算表", _state(budget), last)
    basis = f"单位缴费比例：{plain(budget.insurance_rate)}%　人均培训经费：{budget.training_per_head:,.2f}元"
    across(sheet, 2, (0, last - 2), f"编制单位：{budget.street.name}　{basis}", styles.left)
    across(sheet, 2, (last - 1, last), "单位：元", styles.right)
    write_column_heads(sheet, styles, HEAD_ROW, [(column.head, column.width) for column in MONTHS.columns])
    months = list(budget.months.all())
    formats = (styles.text, styles.number, styles.number, *[styles.money] * (last - 2))
    for row, (month, line) in enumerate(zip(months, MONTHS.lines(months), strict=True), HEAD_ROW + 1):
        write_cells(sheet, row, ROW_HEIGHT, line, formats)
        _write_sum(sheet, styles, (row, 3, last), month.sum)
    foot = HEAD_ROW + 1 + len(months)
    _write_totals(sheet, styles, foot, (HEAD_ROW + 1, 3), [*budget.amounts[:-1], total(budget.amounts[:-1])])
    across(sheet, foot + 1, (0, last - 1), f"培训经费（{budget.headcount}人）", styles.sum_text)
    sheet.write_number(foot + 1, last, budget.training_total, styles.sum_money)
    _write_foot(sheet, styles, foot + 2, last, budget.grand_total)


def _write_summary(sheet: Worksheet, styles: Styles, budgets: Sequence[Budget]) -> None:
    last = len(BUDGETS.columns)  # after the running number
    on_a4(sheet, landscape=True, repeat_to=HEAD_ROW)
    area = budgets[0].street.parent.name if budgets[0].street.parent else ""
    done = sum(budget.state == RunState.APPROVED for budget in budgets)
    state = f"共{len(budgets)}个街道，已审核{done}个"
    _write_head(sheet, styles, f"{area}{budgets[0].year}年社区工作者经费预算汇总表", state, last)
    across(sheet, 2, (0, last - 2), f"编制单位：{area}", styles.left)
    across(sheet, 2, (last - 1, last), "单位：元", styles.right)
    heads = [("序号", 6.0), *((column.head, column.width) for column in BUDGETS.columns)]
    write_column_heads(sheet, styles, HEAD_ROW, heads)
    formats = (styles.number, styles.wrapped, styles.number, *[styles.money] * (last - 3), styles.text)
    lines = BUDGETS.lines(StreetBudget(budget.street, budget) for budget in budgets)
    for row, (budget, line) in enumerate(zip(budgets, lines, strict=True), HEAD_ROW + 1):
        write_cells(sheet, row, ROW_HEIGHT, (row - HEAD_ROW, *line), formats)
        _write_sum(sheet, styles, (row, 3, last - 1), budget.grand_total)
    sums = [total(column) for column in zip(*(budget.amounts for budget in budgets), strict=True)]
    foot = HEAD_ROW + 1 + len(budgets)
    _write_totals(sheet, styles, foot, (HEAD_ROW + 1, 3), [*sums, total(sums)])
    sheet.write_blank(foot, last, None, styles.total_text)
    _write_foot(sheet, styles, foot + 1, last, total(sums))


def _write_head(sheet: Worksheet, styles: Styles, title: str, state: str, last: int) -> None:
    sheet.set_row(0, 30)
    across(sheet, 0, (0, last), title, styles.title)
    sheet.set_row(1, 18)
    across(sheet, 1, (0, last), state, styles.ready)


def _write_sum(sheet: Worksheet, styles: Styles, place: tuple[int, int, int], value: Decimal) -> None:
    """Write the sum of a row's amounts by formula. ``place``: row, first amount, and the cell of the sum."""
    row, first, end = place
    cells = f"{xl_rowcol_to_cell(row, first)}:{xl_rowcol_to_cell(row, end - 1)}"
    sheet.write_formula(row, end, f"=SUM({cells})", styles.money, value)


def _write_totals(sheet: Worksheet, styles: Styles, row: int, corner: tuple[int, int], sums: Sequence[Decimal]) -> None:
    """Write each column's sum by formula, under the rows that begin at ``corner``."""
    top, left = corner
    sheet.set_row(row, ROW_HEIGHT)
    across(sheet, row, (0, left - 1), "合计", styles.total_text)
    for column, value in enumerate(sums, left):
        cells = f"{xl_rowcol_to_cell(top, column)}:{xl_rowcol_to_cell(row - 1, column)}"
        sheet.write_formula(row, column, f"=SUM({cells})", styles.total_money, value)


def _write_foot(sheet: Worksheet, styles: Styles, row: int, last: int, grand: Decimal) -> None:
    sheet.set_row(row, ROW_HEIGHT)
    across(sheet, row, (0, last), f"预算总计（大写）：{capital_yuan(grand)}　　（小写）：¥{grand:,.2f}", styles.capital)
    for offset, reading in enumerate(READINGS, 1):
        across(sheet, row + offset, (0, last), f"说明：{reading.text}（{reading.clause}）", styles.left)
    end = row + len(READINGS) + 1
    write_signatures(sheet, styles, end, (0, 2, 4, 6), last)
    sheet.print_area(0, 0, end, last)


def _mark(budget: Budget) -> str:
    """Return the state mark of every page."""
    marks = ["试算"] if budget.trial else []
    return " ".join([*marks, budget.state] if budget.state != RunState.APPROVED else marks)


def _state(budget: Budget) -> str:
    words = f"{budget.state}，测算于{localtime(budget.computed_at):%Y-%m-%d}"
    return f"试算：等级系数表尚未确认。{words}" if budget.trial else words
