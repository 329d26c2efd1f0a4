"""银行代发清单: whom the bank pays how much; who cannot be paid by it stands on a second sheet."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from payroll.files.month import (
    SlipRow,
    Totals,
    area_of,
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
from payroll.models import PayrollRun
from payroll.rules.columns import PayColumns
from payroll.selectors.receivables import recoveries
from songshan_cw.files.capital import capital_yuan
from songshan_cw.files.outfile import whole_workbook
from songshan_cw.files.styles import (
    LINE_HEIGHT,
    ROW_HEIGHT,
    Heading,
    Styles,
    across,
    make_styles,
    money_heads,
    on_a4,
    write_cells,
    write_column_heads,
    write_heading,
    write_signatures,
)
from songshan_cw.files.text import lines_in
from songshan_cw.words.money import EXACT, ZERO, total
from songshan_cw.words.periods import Month, label_zh
from workers.rules.identity import masked_account

HEAD_ROW = 3
HEADS = (("序号", 6.0), ("姓名", 12.0), ("开户行", 26.0), ("账号", 24.0), ("金额", 14.0), ("备注", 26.0))
NAME, BANK, ACCOUNT, AMOUNT, NOTE = 1, 2, 3, 4, 5
SIGNATURES = (0, 2, 3, 5)
NO_ACCOUNT = "缺银行卡号，补录后另行发放"
NEGATIVE = "{}为负数，不代发，转为应收款"


class PaymentSheet:
    """One list of payments, written from top to bottom."""

    def __init__(self, sheet: Worksheet, styles: Styles, runs: Sequence[PayrollRun], title: str) -> None:
        self.sheet, self.styles, self.runs, self.title = sheet, styles, runs, title
        text, wrapped = styles.text, styles.wrapped
        self.formats = (styles.number, wrapped, wrapped, text, styles.money, wrapped)
        self.row, self.total = HEAD_ROW + 1, ZERO

    def start(self, whole: Decimal) -> None:
        """The heads; the amount's column wide enough for ``whole``, all the runs together."""
        runs, month = self.runs, label_zh(self.runs[0].month)
        unit = unit_of(runs[0]) if len(runs) == 1 else area_of(runs)
        on_a4(self.sheet, landscape=False, repeat_to=HEAD_ROW, header=state_mark(runs))
        heading = Heading(
            title=f"{unit}{month}{self.title}{trial_mark(runs)}",
            warning=warning_of(runs),
            may_pay=may_pay(runs),
            unit=unit,
            month=month,
            last=NOTE,
            breaks=(BANK, AMOUNT),
        )
        write_heading(self.sheet, self.styles, heading)
        heads = (*HEADS[:AMOUNT], *money_heads([HEADS[AMOUNT]], [whole]), HEADS[NOTE])
        write_column_heads(self.sheet, self.styles, HEAD_ROW, heads)
        self.sheet.freeze_panes(HEAD_ROW + 1, 0)

    def add(self, slip: SlipRow, amount: Decimal, account: str, note: str) -> None:
        texts = ((NAME, slip.name), (BANK, slip.bank_name), (NOTE, note))
        lines = max(lines_in(text, HEADS[column][1]) for column, text in texts)
        height = max(ROW_HEIGHT - 4, lines * LINE_HEIGHT + 2)
        values = (self.row - HEAD_ROW, slip.name, slip.bank_name, account, amount, note)
        write_cells(self.sheet, self.row, height, values, self.formats)
        self.total = EXACT.add(self.total, amount)
        self.row += 1

    def finish(self, words: str) -> None:
        """The total by formula, a line of words under it, and the signatures."""
        sheet, row, styles = self.sheet, self.row, self.styles
        people = row - HEAD_ROW - 1
        letter = xl_col_to_name(AMOUNT)
        formula = f"=SUM({letter}{HEAD_ROW + 2}:{letter}{row})" if people else "=0"
        sheet.set_row(row, ROW_HEIGHT)
        across(sheet, row, (0, ACCOUNT), f"合计　{people}人", styles.total_text)
        sheet.write_formula(row, AMOUNT, formula, styles.total_money, self.total)
        sheet.write_blank(row, NOTE, None, styles.total_text)
        sheet.set_row(row + 1, ROW_HEIGHT)
        across(sheet, row + 1, (0, NOTE), words, styles.capital)
        write_signatures(sheet, styles, row + 2, SIGNATURES, NOTE)
        sheet.print_area(0, 0, row + 2, NOTE)
        sheet.ignore_errors({"number_stored_as_text": f"D{HEAD_ROW + 2}:D{row + 1}"})


def write_bank_list(*, month: Month, street_codes: Sequence[str] | None, path: Path, private: bool) -> Decimal:
    """Write the list and return the yuan the bank is to pay; ``private`` false masks the accounts (rules 10.6)."""
    runs = select_runs(month, street_codes)
    with whole_workbook(path) as workbook:
        return _write_lists(workbook, runs, private=private)


def _write_lists(workbook: Workbook, runs: Sequence[PayrollRun], *, private: bool) -> Decimal:
    """Everyone with an amount comes on one of the two sheets, so that they add up to the runs."""
    styles, columns = make_styles(workbook), PayColumns()
    whole = total(run.sums[columns.payable] for run in runs)
    paid = PaymentSheet(workbook.add_worksheet("代发清单"), styles, runs, "工资银行代发清单")
    unpaid = PaymentSheet(workbook.add_worksheet("未代发人员"), styles, runs, "工资未代发人员清单")
    paid.start(whole)
    unpaid.start(whole)
    for run, slips in stream_slips(runs, columns, bank=True):
        require_run_totals(run, _sort_out(paid, unpaid, slips, columns, private=private))
    paid.finish(f"金额合计（大写）：{capital_yuan(paid.total)}")
    what = columns.payable.label.removesuffix("工资")
    recovered = total(recoveries(runs).values())
    back = f" ＋ 扣回欠款{recovered:,.2f}" if recovered else ""
    unpaid.finish(f"代发{paid.total:,.2f} ＋ 未代发{unpaid.total:,.2f}{back} ＝ {what}合计{whole:,.2f}")
    return paid.total


def _sort_out(
    paid: PaymentSheet, unpaid: PaymentSheet, slips: Iterable[SlipRow], columns: PayColumns, *, private: bool
) -> Totals:
    """Put each slip on the sheet it belongs to, and return what all of them add up to."""
    found = Totals.none(columns)
    what = columns.payable.label.removesuffix("工资")
    for slip in slips:
        found, amount = found.with_slip(slip), slip.payable
        if slip.sums[columns.payable] < 0:
            unpaid.add(slip, slip.sums[columns.payable], "", NEGATIVE.format(what))
        elif amount > 0 and not slip.bank_account:
            unpaid.add(slip, amount, "", NO_ACCOUNT)
        elif amount > 0:
            account = slip.bank_account if private else masked_account(slip.bank_account)
            paid.add(slip, amount, account, remark(slip, columns))
    return found
