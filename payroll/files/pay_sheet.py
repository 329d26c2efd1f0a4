"""工资发放表: the formal sheet of a street and month, or of several with a 汇总 before them (rules 5.5, 7)."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from payroll.files.month import (
    SlipRow,
    Totals,
    may_pay,
    remark,
    require_run_totals,
    select_runs,
    state_mark,
    stream_slips,
    trial_mark,
    unit_of,
    warning_of,
)
from payroll.files.summary_sheet import SummaryLine, write_summary
from payroll.models import PayrollRun
from payroll.rules.columns import Column, PayColumns
from songshan_cw.files.outfile import whole_workbook
from songshan_cw.files.styles import (
    LINE_HEIGHT,
    ROW_HEIGHT,
    Heading,
    Styles,
    across,
    capital_line,
    make_styles,
    money_heads,
    on_a4,
    sheet_names,
    write_cells,
    write_column_heads,
    write_heading,
    write_signatures,
)
from songshan_cw.files.text import lines_in
from songshan_cw.words.components import Kind
from songshan_cw.words.periods import Month, label_zh
from workers.rules.identity import masked, masked_account

WHO = (
    *(("序号", 4.5), ("姓名", 8.5), ("身份证号", 18.5), ("社区", 13.5), ("岗位", 8.5), ("职务", 10.0)),
    *(("档次", 4.5), ("等级", 4.5), ("系数", 5.5)),
)
PAYMENT = (("开户行", 14.0), ("银行卡号", 20.0), ("领款人签字", 10.0), ("备注", 14.0))
NAME, COMMUNITY, POSITION = 1, 3, 5
BANK, NOTE = 0, 3  # of PAYMENT
FIRST_MONEY = len(WHO)
NOT_PAID = 10.5
HEAD_ROW = 3
NO_GRADE = (None, None, None)  # of who gets only arrears


def write_pay_sheet(*, month: Month, street_codes: Sequence[str] | None, path: Path, private: bool) -> int:
    """Write the sheet of the month's runs; returns the number of people.

    ``private``: whole ID and account numbers; otherwise masked (rules 10.6). Raises Refused where there is no run,
    and TotalsDiffer where lines and run do not add up to the same: then nothing is written.
    """
    runs = select_runs(month, street_codes)
    with whole_workbook(path) as workbook:
        _write_sheets(workbook, runs, month, private=private)
    return sum(run.headcount for run in runs)


def _write_sheets(workbook: Workbook, runs: Sequence[PayrollRun], month: Month, *, private: bool) -> None:
    styles, columns = make_styles(workbook), PayColumns()
    overview = workbook.add_worksheet("汇总") if len(runs) > 1 else None
    names = sheet_names([(run.street_id, run.street.name) for run in runs])
    lines = []
    for (run, slips), name in zip(stream_slips(runs, columns, bank=True), names, strict=True):
        sheet = StreetSheet(workbook.add_worksheet(name), styles, run, columns, private=private)
        found = sheet.write(slips)
        require_run_totals(run, found)
        lines.append(SummaryLine(run.street, run, found, sheet.links(name)))
    if overview is not None:
        write_summary(overview, styles, month=month, title="社区工作者工资发放汇总表", lines=lines, columns=columns)


class StreetSheet:
    """One street's worksheet, written from top to bottom, once: people by community with subtotals, the total, its
    大写 and the signatures."""

    def __init__(
        self, sheet: Worksheet, styles: Styles, run: PayrollRun, columns: PayColumns, *, private: bool
    ) -> None:
        self.sheet, self.styles, self.run, self.columns, self.private = sheet, styles, run, columns, private
        self.after_money = FIRST_MONEY + len(columns.all)
        self.last = self.after_money + len(PAYMENT) - 1
        self.formats = self._formats()
        self.row = HEAD_ROW + 1
        self.number = 0
        self.total_row = 0

    def write(self, slips: Iterable[SlipRow]) -> Totals:
        """All of it; returns what the written slips add up to."""
        self._write_head()
        found = Totals.none(self.columns)
        for _, people in groupby(slips, key=attrgetter("community_code")):
            found = found.plus(self._write_community(people))
        self._write_total(found)
        self._finish()
        return found

    def links(self, name: str) -> list[str]:
        """The cells of the total, people first, as formulas of another sheet."""
        columns = [COMMUNITY + 1, *range(FIRST_MONEY, self.after_money)]
        return [f"='{name}'!{xl_rowcol_to_cell(self.total_row, column)}" for column in columns]

    def _formats(self) -> tuple[Format, ...]:
        styles = self.styles
        text, wrapped, number = styles.text, styles.wrapped, styles.number
        who = (number, wrapped, text, wrapped, text, wrapped, number, number, styles.plain_number)
        return (*who, *[styles.money] * len(self.columns.all), wrapped, text, text, wrapped)

    def _write_head(self) -> None:
        run = self.run
        on_a4(self.sheet, landscape=True, repeat_to=HEAD_ROW, header=state_mark([run]))
        month = label_zh(run.month)
        heading = Heading(
            title=f"{unit_of(run)}{month}社区工作者工资发放表{trial_mark([run])}",
            warning=warning_of([run]),
            may_pay=may_pay([run]),
            unit=unit_of(run),
            month=month,
            last=self.last,
            breaks=(POSITION, self.after_money - 1),
        )
        write_heading(self.sheet, self.styles, heading)
        heads = (*WHO, *money_heads(map(_head, self.columns.all), run.sums.values()), *PAYMENT)
        write_column_heads(self.sheet, self.styles, HEAD_ROW, heads)
        self.sheet.freeze_panes(HEAD_ROW + 1, NAME + 1)

    def _write_community(self, people: Iterable[SlipRow]) -> Totals:
        first, found, name = self.row, Totals.none(self.columns), ""
        for slip in people:
            self._write_person(slip, remark(slip, self.columns))
            found, name = found.with_slip(slip), slip.community
        self._write_sums(f"{name} 小计", found, first, total=False)
        return found

    def _write_person(self, slip: SlipRow, note: str) -> None:
        self.number += 1
        id_number, account = slip.id_number, slip.bank_account
        if not self.private:
            id_number, account = masked(id_number), masked_account(account)
        who = (self.number, slip.name, id_number, slip.community, slip.post, slip.position)
        grade = (slip.step, slip.grade, slip.coefficient)
        known = grade if None not in grade else NO_GRADE
        values = (*who, *known, *slip.amounts, slip.bank_name, account, None, note)
        write_cells(self.sheet, self.row, height_of(slip, note), values, self.formats)
        self.row += 1

    def _write_total(self, found: Totals) -> None:
        self.total_row = self.row
        self._write_sums("合计", found, HEAD_ROW + 1, total=True)
        self.sheet.set_row(self.row, ROW_HEIGHT)
        payable = self.columns.payable
        words = capital_line(f"{payable.label}合计", found.sums[payable])
        across(self.sheet, self.row, (0, self.last), words, self.styles.capital)

    def _write_sums(self, name: str, found: Totals, first: int, *, total: bool) -> None:
        """SUBTOTAL leaves the subtotals inside its range out, so the total counts every person once."""
        sheet, row, styles = self.sheet, self.row, self.styles
        text, count, money = (
            (styles.total_text, styles.total_count, styles.total_money)
            if total
            else (styles.sum_text, styles.sum_count, styles.sum_money)
        )
        sheet.set_row(row, ROW_HEIGHT)
        across(sheet, row, (0, COMMUNITY), name, text)
        sheet.write_formula(row, COMMUNITY + 1, _subtotal(2, 0, first, row - 1), count, found.people)
        for column in range(COMMUNITY + 2, FIRST_MONEY):
            sheet.write_blank(row, column, None, text)
        for column, amount in enumerate(found.amounts, FIRST_MONEY):
            sheet.write_formula(row, column, _subtotal(9, column, first, row - 1), money, amount)
        for column in range(self.after_money, self.last + 1):
            sheet.write_blank(row, column, None, text)
        self.row += 1

    def _finish(self) -> None:
        write_signatures(self.sheet, self.styles, self.row + 1, (0, 4, 10, self.after_money), self.last)
        self.sheet.print_area(0, 0, self.row + 1, self.last)
        account = xl_col_to_name(self.after_money + 1)
        self.sheet.ignore_errors({"number_stored_as_text": f"C{HEAD_ROW + 2}:{account}{self.row + 1}"})


def _head(column: Column) -> tuple[str, float]:
    """Head and least width; what is not paid with the month says so."""
    return (f"{column.label}\n(不随月发)", NOT_PAID) if column.kind is Kind.ACCRUED else (column.label, column.width)


def _subtotal(function: int, column: int, first: int, last: int) -> str:
    """Of the rows, or 0 where there are none."""
    letter = xl_col_to_name(column)
    return f"=SUBTOTAL({function},{letter}{first + 1}:{letter}{last + 1})" if last >= first else "=0"


def height_of(slip: SlipRow, note: str) -> float:
    """Points for the tallest cell of the row."""
    lines = max(
        lines_in(slip.name, WHO[NAME][1]),
        lines_in(slip.community, WHO[COMMUNITY][1]),
        lines_in(slip.position, WHO[POSITION][1]),
        lines_in(slip.bank_name, PAYMENT[BANK][1]),
        lines_in(note, PAYMENT[NOTE][1]),
    )
    return max(ROW_HEIGHT, lines * LINE_HEIGHT + 2)
