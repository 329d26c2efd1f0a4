"""全区发放汇总: every street of the month with people, amounts and state on one sheet."""

from collections.abc import Sequence
from pathlib import Path

from payroll.files.runs import select_runs
from payroll.files.summary_sheet import SummaryLine, write_summary
from payroll.files.totals import Totals, require_ledger, totals_of_run
from songshan_cw.files.outfile import whole_workbook
from songshan_cw.files.styles import make_styles
from songshan_cw.words.periods import Month
from workers.models import Region


def write_register(*, month: Month, street_codes: Sequence[str] | None, path: Path) -> int:
    """Write the register; streets named without a run are listed as not computed. Returns the number of people."""
    runs = select_runs(month, street_codes)
    require_ledger(runs, month)
    lines = {run.street_id: SummaryLine(run.street, run, totals_of_run(run)) for run in runs}
    if street_codes is not None:
        for street in Region.objects.filter(code__in=street_codes):
            lines.setdefault(street.code, SummaryLine(street, None, Totals()))
    with whole_workbook(path) as workbook:
        write_summary(
            workbook.add_worksheet("发放汇总"),
            make_styles(workbook),
            month=month,
            title="社区工作者工资发放汇总登记表",
            lines=[lines[code] for code in sorted(lines)],
        )
    return sum(run.headcount for run in runs)
