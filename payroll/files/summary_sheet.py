"""Streets on one sheet: the 汇总 before several pay sheets, and the district register (rules 7)."""

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from payroll.files.runs import area_of, may_pay, state_mark, trial_mark, warning_of
from payroll.files.street_sheet import COMMUNITY, FIRST_MONEY, MONEY_EDGE, money_text
from payroll.files.totals import AMOUNT_LABELS, Totals
from payroll.models import PayrollRun
from songshan_cw.files.capital import capital_yuan
from songshan_cw.files.styles import (
    ROW_HEIGHT,
    Heading,
    Styles,
    across,
    on_a4,
    write_column_heads,
    write_heading,
    write_signatures,
)
from songshan_cw.files.text import width_of
from songshan_cw.words.periods import Month, label_zh
from workers.models import Region

HEAD_ROW = 3
PEOPLE, MONEY_FROM, STATE, NOTE = 2, 3, 8, 9
SIGNATURES = (0, 3, 5, 8)
NOT_COMPUTED = "未计算"


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A street with its totals; ``sheet`` and ``total_row`` name the cells they are linked to, if any."""

    street: Region
    run: PayrollRun | None
    totals: Totals
    sheet: str = ""
    total_row: int = 0


def write_summary(sheet: Worksheet, styles: Styles, *, month: Month, title: str, lines: Sequence[SummaryLine]) -> None:
    """Title, one row a street, the total by formula, its 大写 and the signatures."""
    runs = [line.run for line in lines if line.run is not None]
    area = area_of(runs)
    grand = Totals()
    for line in lines:
        grand = grand.plus(line.totals)
    on_a4(sheet, landscape=True, repeat_to=HEAD_ROW, header=state_mark(runs))
    heading = Heading(
        title=f"{area}{label_zh(month)}{title}{trial_mark(runs)}",
        warning=warning_of(runs),
        may_pay=may_pay(runs),
        unit=area,
        month=label_zh(month),
        last=NOTE,
        breaks=(PEOPLE, STATE - 1),
    )
    write_heading(sheet, styles, heading)
    write_column_heads(sheet, styles, HEAD_ROW, _heads(grand))
    sheet.freeze_panes(HEAD_ROW + 1, 2)
    for number, line in enumerate(lines, 1):
        _write_line(sheet, styles, HEAD_ROW + number, number, line)
    _write_foot(sheet, styles, HEAD_ROW + 1, HEAD_ROW + len(lines), grand)


def _heads(grand: Totals) -> list[tuple[str, float]]:
    heads = [("序号", 6.0), ("街道(乡镇)", 22.0), ("人数", 9.0)]
    heads += [
        (label, max(13.0, width_of(money_text(amount)) + MONEY_EDGE))
        for label, amount in zip(AMOUNT_LABELS, grand.amounts, strict=True)
    ]
    return [*heads, ("状态", 10.0), ("备注", 18.0)]


def _write_line(sheet: Worksheet, styles: Styles, row: int, number: int, line: SummaryLine) -> None:
    sheet.set_row(row, ROW_HEIGHT)
    sheet.write_number(row, 0, number, styles.number)
    sheet.write_string(row, 1, line.street.name, styles.wrapped)
    if line.sheet:
        sheet.write_formula(row, PEOPLE, _link(line, COMMUNITY + 1), styles.number, line.totals.people)
    else:
        sheet.write_number(row, PEOPLE, line.totals.people, styles.number)
    for offset, amount in enumerate(line.totals.amounts):
        if line.sheet:
            link = _link(line, FIRST_MONEY + offset)
            sheet.write_formula(row, MONEY_FROM + offset, link, styles.money, amount)
        else:
            sheet.write_number(row, MONEY_FROM + offset, amount, styles.money)
    sheet.write_string(row, STATE, line.run.state if line.run else NOT_COMPUTED, styles.text)
    sheet.write_string(row, NOTE, "试算" if line.run and line.run.trial else "", styles.wrapped)


def _link(line: SummaryLine, column: int) -> str:
    return f"='{line.sheet}'!{xl_rowcol_to_cell(line.total_row, column)}"


def _write_foot(sheet: Worksheet, styles: Styles, first: int, last: int, grand: Totals) -> None:
    row = last + 1
    sheet.set_row(row, ROW_HEIGHT)
    across(sheet, row, (0, 1), "合计", styles.total_text)
    for column, (value, style) in enumerate(
        [(grand.people, styles.total_count), *((amount, styles.total_money) for amount in grand.amounts)], PEOPLE
    ):
        cells = f"{xl_rowcol_to_cell(first, column)}:{xl_rowcol_to_cell(last, column)}"
        sheet.write_formula(row, column, f"=SUM({cells})", style, value)
    for column in (STATE, NOTE):
        sheet.write_blank(row, column, None, styles.total_text)
    sheet.set_row(row + 1, ROW_HEIGHT)
    words = f"应发工资合计（大写）：{capital_yuan(grand.gross_pay)}　　（小写）：¥{grand.gross_pay:,.2f}"
    across(sheet, row + 1, (0, NOTE), words, styles.capital)
    write_signatures(sheet, styles, row + 2, SIGNATURES, NOTE)
    sheet.print_area(0, 0, row + 2, NOTE)
