"""Measuring exports: both workbooks beside XlsxWriter writing the same cells, the csv beside the server's own."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connection
from python_calamine import load_workbook
from xlsxwriter import Workbook

from payroll.files import write_csv, write_pay_sheet
from songshan_cw.words.periods import Month, to_number
from tests.bench.measuring import Line, Sample, measure
from workers.workbook.exporting import export_workbook

SHEET_AIM = 1.3
Sheets = list[tuple[str, list[list[Any]]]]
SLIPS = """
SELECT w.id_number, s.name, r.street_id, s.community_id, s.post, s.step, s.grade, s.coefficient, s.base_pay,
       s.allowance, s.arrears, s.gross_pay, s.performance_accrual
  FROM payroll_payslip s JOIN payroll_payrollrun r ON r.id = s.run_id JOIN workers_worker w ON w.id = s.worker_id
 WHERE r.month = {month} ORDER BY r.street_id, s.community_id, w.id_number
"""


def measure_exports(*, people: int, of_month: Month, repeat: int) -> Iterator[Line]:
    with TemporaryDirectory(prefix="bench-") as folder:
        sheet, csv_file, bare = Path(folder, "sheet.xlsx"), Path(folder, "slips.csv"), Path(folder, "bare")
        for name, write in (
            ("导出：工资发放表（xlsx）", partial(_pay_sheet, of_month)),
            ("导出：人事工作簿（xlsx）", partial(export_workbook, actor=None)),
        ):
            ours = _times(repeat, partial(write, sheet))
            limits = _times(repeat, partial(_bare_sheet, _cells(sheet), bare))
            yield Line(people, name, ours, limits, SHEET_AIM)
        ours = _times(repeat, partial(write_csv, month=of_month, street_codes=None, path=csv_file))
        limits = _times(repeat, partial(_bare_csv, of_month, bare)) if connection.vendor == "postgresql" else ()
        yield Line(people, "导出：逐人明细（csv）", ours, limits, None)


def _times(repeat: int, work: Any) -> tuple[Sample, ...]:
    return tuple(measure(work) for _ in range(repeat))


def _pay_sheet(of_month: Month, path: Path) -> None:
    write_pay_sheet(month=of_month, street_codes=None, path=path, private=True)


def _cells(path: Path) -> Sheets:
    """What the product wrote, read back."""
    book = load_workbook(str(path))
    return [(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]


def _bare_sheet(sheets: Sheets, path: Path) -> None:
    """XlsxWriter in constant memory, one bordered format, nothing read and nothing computed; empty cells blank, as the
    product leaves them."""
    with Workbook(str(path), {"constant_memory": True}) as book:
        bordered, day = book.add_format({"border": 1}), book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets:
            page = book.add_worksheet(name)
            for line, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value == "":
                        page.write_blank(line, column, None, bordered)
                    elif isinstance(value, str):
                        page.write_string(line, column, value, bordered)
                    elif isinstance(value, date):
                        page.write_datetime(line, column, value, day)
                    else:
                        page.write_number(line, column, value, bordered)


def _bare_csv(of_month: Month, path: Path) -> None:
    """The server's own COPY of the same columns in the same order."""
    wanted = SLIPS.format(month=to_number(of_month))
    with connection.cursor() as cursor, path.open("wb") as file:
        cursor.copy_expert(f"COPY ({wanted}) TO STDOUT WITH (FORMAT csv)", file)
