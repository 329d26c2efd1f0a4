"""经费预算表: a sheet per street with its months, after a summary of several streets (rules 7.5; S 三(二))."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from django.utils.timezone import localtime
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from payroll.models.budget import MONTH_PARTS, YEAR_PARTS, Budget
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
    write_column_heads,
    write_signatures,
)
from songshan_cw.policy.readings import BUDGET_ASSESSMENT, BUDGET_INSURANCE, BUDGET_PEOPLE
from songshan_cw.words.money import plain, total
from songshan_cw.words.periods import label_zh
from songshan_cw.words.terms import RunState

HEAD_ROW = 3
MONEY_WIDTH = 16.0
MONTH_HEADS = (*MONTH_PARTS, "合计")
SUMMARY_HEADS = (*YEAR_PARTS, "合计")
READINGS = (BUDGET_ASSESSMENT, BUDGET_INSURANCE, BUDGET_PEOPLE)


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
    last = 2 + len(MONTH_HEADS)
    on_a4(sheet, landscape=True, repeat_to=HEAD_ROW, header=_mark(budget))
    _write_head(sheet, styles, f"{budget.street.name}{budget.year}年社区工作者经费预算表", _state(budget), last)
    basis = f"单位缴费比例：{plain(budget.insurance_rate)}%　人均培训经费：{budget.training_per_head:,.2f}元"
    across(sheet, 2, (0, last - 2), f"编制单位：{budget.street.name}　{basis}", styles.left)
    across(sheet, 2, (last - 1, last), "单位：元", styles.right)
    heads = [("月份", 14.0), ("人数", 9.0), ("晋级", 9.0), *((name, MONEY_WIDTH) for name in MONTH_HEADS)]
    write_column_heads(sheet, styles, HEAD_ROW, heads)
    months = list(budget.months.all())
    for row, month in enumerate(months, HEAD_ROW + 1):
        sheet.set_row(row, ROW_HEIGHT)
        sheet.write_string(row, 0, label_zh(month.month), styles.text)
        sheet.write_number(row, 1, month.headcount, styles.number)
        sheet.write_number(row, 2, month.promoted, styles.number)
        _write_amounts(sheet, styles, row, 3, month.amounts)
    foot = HEAD_ROW + 1 + len(months)
    _write_totals(sheet, styles, foot, (HEAD_ROW + 1, 3), [*budget.amounts[:-1], total(budget.amounts[:-1])])
    across(sheet, foot + 1, (0, last - 1), f"培训经费（{budget.headcount}人）", styles.sum_text)
    sheet.write_number(foot + 1, last, budget.training_total, styles.sum_money)
    _write_foot(sheet, styles, foot + 2, last, budget.grand_total)


def _write_summary(sheet: Worksheet, styles: Styles, budgets: Sequence[Budget]) -> None:
    last = 3 + len(SUMMARY_HEADS)
    on_a4(sheet, landscape=True, repeat_to=HEAD_ROW)
    area = budgets[0].street.parent.name if budgets[0].street.parent else ""
    done = sum(budget.state == RunState.APPROVED for budget in budgets)
    state = f"共{len(budgets)}个街道，已审核{done}个"
    _write_head(sheet, styles, f"{area}{budgets[0].year}年社区工作者经费预算汇总表", state, last)
    across(sheet, 2, (0, last - 2), f"编制单位：{area}", styles.left)
    across(sheet, 2, (last - 1, last), "单位：元", styles.right)
    heads = [("序号", 6.0), ("街道(乡镇)", 22.0), ("人数", 9.0), *((name, MONEY_WIDTH) for name in SUMMARY_HEADS)]
    write_column_heads(sheet, styles, HEAD_ROW, [*heads, ("状态", 16.0)])
    for row, budget in enumerate(budgets, HEAD_ROW + 1):
        sheet.set_row(row, ROW_HEIGHT)
        sheet.write_number(row, 0, row - HEAD_ROW, styles.number)
        sheet.write_string(row, 1, budget.street.name, styles.wrapped)
        sheet.write_number(row, 2, budget.headcount, styles.number)
        _write_amounts(sheet, styles, row, 3, budget.amounts)
        sheet.write_string(row, last, _mark(budget) or budget.state, styles.text)
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


def _write_amounts(sheet: Worksheet, styles: Styles, row: int, first: int, amounts: Sequence[Decimal]) -> None:
    """Write the amounts and their sum by formula."""
    for column, amount in enumerate(amounts, first):
        sheet.write_number(row, column, amount, styles.money)
    end = first + len(amounts)
    cells = f"{xl_rowcol_to_cell(row, first)}:{xl_rowcol_to_cell(row, end - 1)}"
    sheet.write_formula(row, end, f"=SUM({cells})", styles.money, total(amounts))


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
