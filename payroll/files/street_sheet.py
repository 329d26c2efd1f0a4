"""One street's worksheet: people by community with subtotals, the total, its 大写 and the signatures."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name

from payroll.files.rows import ArrearsSpan, SlipRow
from payroll.files.runs import may_pay, state_mark, trial_mark, unit_of, warning_of
from payroll.files.text import remark
from payroll.files.totals import Totals, totals_of_run
from payroll.models import PayrollRun
from songshan_cw.files.capital import capital_yuan
from songshan_cw.files.row_sheet import RowSheet
from songshan_cw.files.styles import (
    LINE_HEIGHT,
    ROW_HEIGHT,
    Heading,
    Styles,
    across,
    on_a4,
    write_column_heads,
    write_heading,
    write_signatures,
)
from songshan_cw.files.text import lines_in, width_of
from songshan_cw.words.periods import label_zh
from workers.rules.identity import masked, masked_account

HEADS = (
    ("序号", 4.5),
    ("姓名", 8.5),
    ("身份证号", 18.5),
    ("社区", 13.5),
    ("岗位", 8.5),
    ("职务", 10.0),
    ("档次", 4.5),
    ("等级", 4.5),
    ("系数", 5.5),
    ("基本工资", 10.0),
    ("职业津贴", 9.0),
    ("补发/扣回", 10.0),
    ("应发工资", 10.0),
    ("绩效计提\n(不随月发)", 10.5),
    ("开户行", 14.0),
    ("银行卡号", 20.0),
    ("领款人签字", 10.0),
    ("备注", 14.0),
)
NAME, COMMUNITY, POSITION, BANK, NOTE = 1, 3, 5, 14, 17
WIDTHS = tuple(width for _, width in HEADS)
FIRST_MONEY, LAST_MONEY, LAST = 9, 13, len(HEADS) - 1
SIGNATURES = (0, 4, 10, 14)
HEAD_ROW = 3
MONEY_EDGE = 2.0
NO_GRADE = (None, None, None)  # of who gets only arrears


class StreetSheet:
    """Writes its worksheet from top to bottom, once."""

    def __init__(self, sheet: RowSheet, styles: Styles, run: PayrollRun, *, private: bool) -> None:
        self.sheet, self.styles, self.run, self.private = sheet, styles, run, private
        self.write_row = sheet.row_writer(formats_of(styles))
        self.row = HEAD_ROW + 1
        self.number = 0
        self.total_row = 0

    def write(self, rows: Iterable[tuple[SlipRow, ArrearsSpan | None]]) -> Totals:
        """All of it; returns what the written slips add up to."""
        self._write_head()
        found = Totals()
        for _, people in groupby(rows, key=lambda row: row[0].community_code):
            found = found.plus(self._write_community(people))
        self._write_total(found)
        self._finish()
        return found

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
            last=LAST,
            breaks=(5, FIRST_MONEY + 4),
        )
        write_heading(self.sheet, self.styles, heading)
        write_column_heads(self.sheet, self.styles, HEAD_ROW, money_heads(totals_of_run(run)))
        self.sheet.freeze_panes(HEAD_ROW + 1, NAME + 1)

    def _write_community(self, people: Iterable[tuple[SlipRow, ArrearsSpan | None]]) -> Totals:
        first, found, name = self.row, Totals(), ""
        for slip, span in people:
            self._write_person(slip, remark(slip, span))
            found, name = found.with_slip(slip), slip.community
        self._write_sums(f"{name} 小计", found, first, self.row - 1, total=False)
        return found

    def _write_person(self, slip: SlipRow, note: str) -> None:
        self.number += 1
        id_number, account = slip.id_number, slip.bank_account
        if not self.private:
            id_number, account = masked(id_number), masked_account(account)
        grade = (slip.step, slip.grade, slip.coefficient)
        who = (self.number, slip.name, id_number, slip.community, slip.post, slip.position)
        known = grade if None not in grade else NO_GRADE
        values = (*who, *known, *slip.amounts, slip.bank_name, account, None, note)
        self.write_row(self.row, height_of(slip, note), values)
        self.row += 1

    def _write_total(self, found: Totals) -> None:
        self.total_row = self.row
        self._write_sums("合计", found, HEAD_ROW + 1, self.row - 1, total=True)
        self.sheet.set_row(self.row, ROW_HEIGHT)
        words = f"应发工资合计（大写）：{capital_yuan(found.gross_pay)}　　（小写）：¥{found.gross_pay:,.2f}"
        across(self.sheet, self.row, (0, LAST), words, self.styles.capital)

    def _write_sums(self, name: str, found: Totals, first: int, last: int, *, total: bool) -> None:
        """SUBTOTAL leaves the subtotals inside its range out, so the total counts every person once."""
        sheet, row, styles = self.sheet, self.row, self.styles
        text, count, money = (
            (styles.total_text, styles.total_count, styles.total_money)
            if total
            else (styles.sum_text, styles.sum_count, styles.sum_money)
        )
        sheet.set_row(row, ROW_HEIGHT)
        across(sheet, row, (0, COMMUNITY), name, text)
        people = _subtotal(2, 0, first, last)
        sheet.write_formula(row, COMMUNITY + 1, people, count, found.people)
        for column in range(COMMUNITY + 2, FIRST_MONEY):
            sheet.write_blank(row, column, None, text)
        for column, amount in enumerate(found.amounts, FIRST_MONEY):
            sheet.write_formula(row, column, _subtotal(9, column, first, last), money, amount)
        for column in range(LAST_MONEY + 1, LAST + 1):
            sheet.write_blank(row, column, None, text)
        self.row += 1

    def _finish(self) -> None:
        write_signatures(self.sheet, self.styles, self.row + 1, SIGNATURES, LAST)
        self.sheet.print_area(0, 0, self.row + 1, LAST)
        self.sheet.ignore_errors({"number_stored_as_text": f"C{HEAD_ROW + 2}:P{self.row + 1}"})


def _subtotal(function: int, column: int, first: int, last: int) -> str:
    """Of the rows, or 0 where there are none."""
    letter = xl_col_to_name(column)
    return f"=SUBTOTAL({function},{letter}{first + 1}:{letter}{last + 1})" if last >= first else "=0"


def formats_of(styles: Styles) -> tuple[Format, ...]:
    """Of a person's cells, in the order of the heads."""
    text, wrapped, number, money = styles.text, styles.wrapped, styles.number, styles.money
    who = (number, wrapped, text, wrapped, text, wrapped)
    return (*who, number, number, styles.plain_number, *[money] * 5, wrapped, text, text, wrapped)


def money_heads(totals: Totals) -> list[tuple[str, float]]:
    """The column heads, the money columns wide enough for their totals."""
    heads = list(HEADS)
    for column, amount in enumerate(totals.amounts, FIRST_MONEY):
        name, width = heads[column]
        heads[column] = (name, max(width, width_of(money_text(amount)) + MONEY_EDGE))
    return heads


def money_text(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def height_of(slip: SlipRow, note: str) -> float:
    """Points for the tallest cell of the row."""
    lines = max(
        lines_in(slip.name, WIDTHS[NAME]),
        lines_in(slip.community, WIDTHS[COMMUNITY]),
        lines_in(slip.position, WIDTHS[POSITION]),
        lines_in(slip.bank_name, WIDTHS[BANK]),
        lines_in(note, WIDTHS[NOTE]),
    )
    return max(ROW_HEIGHT, lines * LINE_HEIGHT + 2)
