"""The files of year-end performance: sheet, bank list, and csv for other programs (rules 6.3)."""

import csv
from collections.abc import Sequence
from pathlib import Path

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from payroll.models import PerformanceBatch, PerformanceShare
from songshan_cw.data.refusal import Refused
from songshan_cw.files.outfile import whole_file, whole_workbook
from songshan_cw.files.styles import (
    ROW_HEIGHT,
    Heading,
    Styles,
    across,
    capital_line,
    make_styles,
    on_a4,
    sheet_names,
    write_cells,
    write_column_heads,
    write_heading,
    write_signatures,
)
from songshan_cw.files.text import harmless
from songshan_cw.words.money import plain, total
from songshan_cw.words.periods import label_zh
from songshan_cw.words.terms import RunState
from workers.rules.identity import masked, masked_account

CSV_HEADS = ("id_number", "name", "street_code", "accrual", "result", "weight", "share", "batch")
SHEET_HEADS = (
    *(("序号", 6.0), ("姓名", 10.0), ("身份证号", 20.0), ("社区", 16.0), ("考核", 9.0), ("计提", 13.0)),
    *(("权重", 7.0), ("分配额", 13.0), ("领款人签字", 12.0), ("备注", 22.0)),
)
BANK_HEADS = (("序号", 6.0), ("姓名", 12.0), ("开户行", 26.0), ("账号", 24.0), ("金额", 14.0), ("备注", 26.0))
HEAD_ROW = 3
NOT_READY = "{}：尚未审核，不得据此发放"
READY = "已审核"
PAID, UNPAID = "年终绩效银行代发清单", "年终绩效未代发人员清单"


def select_batches(year: int, street_codes: Sequence[str] | None) -> list[PerformanceBatch]:
    """Return the year's batches in order of street and number. Raises Refused where there is none."""
    rows = PerformanceBatch.objects.filter(year=year)
    rows = rows if street_codes is None else rows.filter(street__in=street_codes)
    found = list(rows.select_related("street").prefetch_related("shares").order_by("street_id", "number"))
    if not found:
        raise Refused(f"{year}年还没有绩效批次，没有可导出的内容。请先计算。")
    return found


def write_performance_csv(*, batches: Sequence[PerformanceBatch], path: Path) -> int:
    """Write one line a share, with whole ID numbers. Return how many."""
    with whole_file(path) as draft, draft.path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(CSV_HEADS)
        for batch in batches:
            for share in sorted(batch.shares.all(), key=lambda one: one.id_number):
                who = (share.id_number, harmless(share.name), batch.street_id)
                writer.writerow((*who, share.accrual, share.result, plain(share.weight), share.share, batch.number))
    return sum(batch.headcount for batch in batches)


def write_performance_sheet(*, batches: Sequence[PerformanceBatch], path: Path, private: bool) -> int:
    """Write a sheet for each batch. ``private``: whole ID numbers, otherwise masked. Return the number of shares."""
    with whole_workbook(path) as workbook:
        styles = make_styles(workbook)
        for batch, name in zip(batches, _names(batches), strict=True):
            _write_shares(workbook.add_worksheet(name), styles, batch, private=private)
    return sum(batch.headcount for batch in batches)


def write_performance_bank(*, batches: Sequence[PerformanceBatch], path: Path, private: bool) -> int:
    """Write for each batch whom the bank pays, and on a second sheet who cannot be paid by it."""
    with whole_workbook(path) as workbook:
        styles = make_styles(workbook)
        for batch, name in zip(batches, _names(batches), strict=True):
            shares = list(batch.shares.all())
            paid = [share for share in shares if share.share > 0 and share.bank_account]
            rest = [share for share in shares if share.share and share not in paid]
            short = name[:20] if len(batches) > 1 else ""
            _write_payments(workbook.add_worksheet(f"{short}代发清单"), styles, batch, PAID, paid, private=private)
            _write_payments(workbook.add_worksheet(f"{short}未代发人员"), styles, batch, UNPAID, rest, private=private)
    return sum(batch.headcount for batch in batches)


def _names(batches: Sequence[PerformanceBatch]) -> list[str]:
    return sheet_names([(f"{batch.number}", f"{batch.street.name}{batch.title}"[:28]) for batch in batches])


def _write_shares(sheet: Worksheet, styles: Styles, batch: PerformanceBatch, *, private: bool) -> None:
    last, wrapped, text = len(SHEET_HEADS) - 1, styles.wrapped, styles.text
    _write_head(sheet, styles, batch, "年终绩效发放表", last, landscape=True)
    write_column_heads(sheet, styles, HEAD_ROW, SHEET_HEADS)
    formats = (styles.number, wrapped, text, wrapped, text, styles.money, styles.plain_number, styles.money)
    row = HEAD_ROW + 1
    for number, share in enumerate(batch.shares.all(), 1):
        id_number = share.id_number if private else masked(share.id_number)
        who = (number, share.name, id_number, share.community_name, share.result or "未考核")
        values = (*who, share.accrual, share.weight, share.share, None, share.reason)
        write_cells(sheet, row, ROW_HEIGHT, values, (*formats, text, wrapped))
        row += 1
    _write_total(sheet, styles, row, (5, 7), batch)
    across(sheet, row + 1, (0, last), capital_line("分配额合计", batch.share_total), styles.capital)
    write_signatures(sheet, styles, row + 2, (0, 3, 5, 8), last)
    sheet.print_area(0, 0, row + 2, last)
    sheet.ignore_errors({"number_stored_as_text": f"C{HEAD_ROW + 2}:C{row}"})


def _write_total(sheet: Worksheet, styles: Styles, row: int, columns: tuple[int, int], batch: PerformanceBatch) -> None:
    """Write the sums of two columns by formula. Other cells of the row stay blank."""
    sheet.set_row(row, ROW_HEIGHT)
    across(sheet, row, (0, columns[0] - 1), f"合计　{batch.headcount}人", styles.total_text)
    accruals = total(share.accrual for share in batch.shares.all())
    for column in range(columns[0], len(SHEET_HEADS)):
        if column in columns:
            letter = xl_col_to_name(column)
            formula = f"=SUM({letter}{HEAD_ROW + 2}:{letter}{row})" if batch.headcount else "=0"
            value = accruals if column == columns[0] else batch.share_total
            sheet.write_formula(row, column, formula, styles.total_money, value)
        else:
            sheet.write_blank(row, column, None, styles.total_text)


def _write_payments(
    sheet: Worksheet,
    styles: Styles,
    batch: PerformanceBatch,
    title: str,
    shares: Sequence[PerformanceShare],
    *,
    private: bool,
) -> None:
    last = len(BANK_HEADS) - 1
    _write_head(sheet, styles, batch, title, last, landscape=False)
    write_column_heads(sheet, styles, HEAD_ROW, BANK_HEADS)
    formats = (styles.number, styles.wrapped, styles.wrapped, styles.text, styles.money, styles.wrapped)
    for number, share in enumerate(shares, 1):
        account = share.bank_account if private else masked_account(share.bank_account)
        note = _not_paid(share)
        values = (number, share.name, share.bank_name, account if not note else "", share.share, note)
        write_cells(sheet, HEAD_ROW + number, ROW_HEIGHT, values, formats)
    row = HEAD_ROW + 1 + len(shares)
    sheet.set_row(row, ROW_HEIGHT)
    across(sheet, row, (0, 3), f"合计　{len(shares)}人", styles.total_text)
    formula = f"=SUM(E{HEAD_ROW + 2}:E{row})" if shares else "=0"
    amount = total(share.share for share in shares)
    sheet.write_formula(row, 4, formula, styles.total_money, amount)
    sheet.write_blank(row, last, None, styles.total_text)
    across(sheet, row + 1, (0, last), capital_line("金额合计", amount), styles.capital)
    write_signatures(sheet, styles, row + 2, (0, 2, 3, 5), last)
    sheet.print_area(0, 0, row + 2, last)
    sheet.ignore_errors({"number_stored_as_text": f"D{HEAD_ROW + 2}:D{row + 1}"})


def _not_paid(share: PerformanceShare) -> str:
    if share.share < 0:
        return "分配额为负数，不代发，转为应收"
    return "" if share.bank_account else "缺银行卡号，补录后另行发放"


def _write_head(
    sheet: Worksheet, styles: Styles, batch: PerformanceBatch, title: str, last: int, *, landscape: bool
) -> None:
    final = batch.state == RunState.APPROVED.value
    on_a4(sheet, landscape=landscape, repeat_to=HEAD_ROW, header="" if final else batch.state)
    heading = Heading(
        title=f"{batch.street.name}{batch.year}年{title}{'' if batch.number == 1 else f'（{batch.title}）'}",
        warning=READY if final else NOT_READY.format(batch.state),
        may_pay=final,
        unit=batch.street.name,
        month=label_zh(batch.paid_month),
        last=last,
        breaks=(2, last - 1),
    )
    write_heading(sheet, styles, heading)
