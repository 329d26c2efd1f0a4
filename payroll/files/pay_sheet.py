"""工资发放表: the formal sheet of a street and month, or of several with a 汇总 before them (rules 5.5, 7)."""

from collections.abc import Sequence
from pathlib import Path

from xlsxwriter import Workbook

from payroll.files.rows import by_run, stream_slips, stream_spans, with_spans
from payroll.files.runs import select_runs
from payroll.files.street_sheet import StreetSheet
from payroll.files.summary_sheet import SummaryLine, write_summary
from payroll.files.totals import require_ledger, require_run_totals
from payroll.models import PayrollRun
from songshan_cw.files.outfile import whole_workbook
from songshan_cw.files.row_sheet import RowSheet
from songshan_cw.files.styles import make_styles, sheet_names
from songshan_cw.words.periods import Month


def write_pay_sheet(*, month: Month, street_codes: Sequence[str] | None, path: Path, private: bool) -> int:
    """Write the sheet of the month's runs; returns the number of people.

    ``private``: whole ID and account numbers; otherwise masked (rules 10.6). Raises Refused where there is no run,
    and TotalsDiffer where slips, run and ledger do not add up to the same: then nothing is written.
    """
    runs = select_runs(month, street_codes)
    require_ledger(runs, month)
    with whole_workbook(path) as workbook:
        _write_sheets(workbook, runs, month, private=private)
    return sum(run.headcount for run in runs)


def _write_sheets(workbook: Workbook, runs: Sequence[PayrollRun], month: Month, *, private: bool) -> None:
    styles = make_styles(workbook)
    overview = workbook.add_worksheet("汇总") if len(runs) > 1 else None
    names = sheet_names([(run.street_id, run.street.name) for run in runs])
    rows = with_spans(stream_slips(runs, bank=True), stream_spans(runs, month))
    lines = []
    for (run, run_rows), name in zip(by_run(runs, rows), names, strict=True):
        sheet = StreetSheet(workbook.add_worksheet(name, RowSheet), styles, run, private=private)
        found = sheet.write(run_rows)
        require_run_totals(run, found)
        lines.append(SummaryLine(run.street, run, found, name, sheet.total_row))
    if overview is not None:
        write_summary(overview, styles, month=month, title="社区工作者工资发放汇总表", lines=lines)
