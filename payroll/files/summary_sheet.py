"""Streets on one sheet: the 汇总 before several pay sheets, and 全区发放汇总, the district's register (rules 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from payroll.files.month import (
    Totals,
    area_of,
    may_pay,
    require_ledger,
    select_runs,
    state_mark,
    trial_mark,
    warning_of,
)
from payroll.models import PayrollRun
from payroll.rules.columns import PayColumns
from songshan_cw.files.outfile import whole_workbook
from songshan_cw.files.styles import (
    ROW_HEIGHT,
    Heading,
    Styles,
    across,
    capital_line,
    make_styles,
    money_heads,
    on_a4,
    write_column_heads,
    write_heading,
    write_signatures,
)
from songshan_cw.words.periods import Month, label_zh
from workers.models import Region

HEAD_ROW = 3
PEOPLE, MONEY_FROM = 2, 3
STREET_HEADS = (("序号", 6.0), ("街道(乡镇)", 22.0), ("人数", 9.0))
STATE_HEADS = (("状态", 10.0), ("备注", 18.0))
MONEY_WIDTH = 13.0
NOT_COMPUTED = "未计算"


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A street with its totals; ``links``: formulas of the cells they come from, people first, if any."""

    street: Region
    run: PayrollRun | None
    totals: Totals
    links: Sequence[str] = ()


def write_register(*, month: Month, street_codes: Sequence[str] | None, path: Path) -> int:
    """Write the register; streets named without a run are listed as not computed. Returns the number of people."""
    runs, columns = select_runs(month, street_codes), PayColumns()
    require_ledger(runs, columns)
    lines = {run.street_id: SummaryLine(run.street, run, Totals(run.headcount, run.sums)) for run in runs}
    if street_codes is not None:
        for street in Region.objects.filter(code__in=street_codes):
            lines.setdefault(street.code, SummaryLine(street, None, Totals.none(columns)))
    with whole_workbook(path) as workbook:
        write_summary(
            workbook.add_worksheet("发放汇总"),
            make_styles(workbook),
            month=month,
            title="社区工作者工资发放汇总登记表",
            lines=[lines[code] for code in sorted(lines)],
            columns=columns,
        )
    return sum(run.headcount for run in runs)


def write_summary(
    sheet: Worksheet, styles: Styles, *, month: Month, title: str, lines: Sequence[SummaryLine], columns: PayColumns
) -> None:
    """Title, one row a street, the total by formula, its 大写 and the signatures."""
    runs = [line.run for line in lines if line.run is not None]
    area = area_of(runs)
    grand = Totals.none(columns)
    for line in lines:
        grand = grand.plus(line.totals)
    state = MONEY_FROM + len(columns.all)
    on_a4(sheet, landscape=True, repeat_to=HEAD_ROW, header=state_mark(runs))
    heading = Heading(
        title=f"{area}{label_zh(month)}{title}{trial_mark(runs)}",
        warning=warning_of(runs),
        may_pay=may_pay(runs),
        unit=area,
        month=label_zh(month),
        last=state + 1,
        breaks=(PEOPLE, state - 1),
    )
    write_heading(sheet, styles, heading)
    money = money_heads([(column.label, MONEY_WIDTH) for column in columns.all], grand.amounts)
    write_column_heads(sheet, styles, HEAD_ROW, (*STREET_HEADS, *money, *STATE_HEADS))
    sheet.freeze_panes(HEAD_ROW + 1, 2)
    for number, line in enumerate(lines, 1):
        _write_line(sheet, styles, HEAD_ROW + number, number, line)
    words = capital_line(f"{columns.payable.label}合计", grand.sums[columns.payable])
    _write_foot(sheet, styles, HEAD_ROW + len(lines) + 1, grand, words)


def _write_line(sheet: Worksheet, styles: Styles, row: int, number: int, line: SummaryLine) -> None:
    sheet.set_row(row, ROW_HEIGHT)
    sheet.write_number(row, 0, number, styles.number)
    sheet.write_string(row, 1, line.street.name, styles.wrapped)
    values = (line.totals.people, *line.totals.amounts)
    for offset, value in enumerate(values):
        style = styles.money if offset else styles.number
        if line.links:
            sheet.write_formula(row, PEOPLE + offset, line.links[offset], style, value)
        else:
            sheet.write_number(row, PEOPLE + offset, value, style)
    state = PEOPLE + len(values)
    sheet.write_string(row, state, line.run.state if line.run else NOT_COMPUTED, styles.text)
    sheet.write_string(row, state + 1, "试算" if line.run and line.run.trial else "", styles.wrapped)


def _write_foot(sheet: Worksheet, styles: Styles, row: int, grand: Totals, words: str) -> None:
    sheet.set_row(row, ROW_HEIGHT)
    across(sheet, row, (0, 1), "合计", styles.total_text)
    for column, value in enumerate((grand.people, *grand.amounts), PEOPLE):
        cells = f"{xl_rowcol_to_cell(HEAD_ROW + 1, column)}:{xl_rowcol_to_cell(row - 1, column)}"
        style = styles.total_count if column == PEOPLE else styles.total_money
        sheet.write_formula(row, column, f"=SUM({cells})", style, value)
    state = MONEY_FROM + len(grand.amounts)
    for column in (state, state + 1):
        sheet.write_blank(row, column, None, styles.total_text)
    sheet.set_row(row + 1, ROW_HEIGHT)
    across(sheet, row + 1, (0, state + 1), words, styles.capital)
    write_signatures(sheet, styles, row + 2, (0, MONEY_FROM, MONEY_FROM + 2, state), state + 1)
    sheet.print_area(0, 0, row + 2, state + 1)
