"""The month as csv, for other programs: UTF-8 without a mark, comma, lines ended as RFC 4180 has it (CR LF)."""

import csv
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from payroll.files.rows import SlipRow, by_run, stream_slips
from payroll.files.runs import select_runs
from payroll.files.totals import Totals, require_ledger, require_run_totals
from payroll.models import PayrollRun
from songshan_cw.files.outfile import whole_file
from songshan_cw.files.text import harmless
from songshan_cw.words.periods import Month

HEADER = (
    "id_number",
    "name",
    "street_code",
    "community_code",
    "post",
    "step",
    "grade",
    "coefficient",
    "base_pay",
    "allowance",
    "arrears",
    "gross_pay",
    "performance_accrual",
)


def write_csv(*, month: Month, street_codes: Sequence[str] | None, path: Path) -> int:
    """Write the slips of the month's runs with whole ID numbers; returns the number of people."""
    runs = select_runs(month, street_codes)
    require_ledger(runs, month)
    with whole_file(path) as draft, draft.path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(_lines(runs))
    return sum(run.headcount for run in runs)


def _lines(runs: Sequence[PayrollRun]) -> Iterator[tuple[object, ...]]:
    slips = ((slip, None) for slip in stream_slips(runs, bank=False))
    for run, rows in by_run(runs, slips):
        found = Totals()
        for slip, _ in rows:
            found = found.with_slip(slip)
            yield _line(slip)
        require_run_totals(run, found)


def _line(slip: SlipRow) -> tuple[object, ...]:
    """None is written as an empty cell: who gets only arrears has no post, step, grade or coefficient. The amounts have
    their two decimals from the database."""
    place = (slip.id_number, harmless(slip.name), slip.street_code, slip.community_code, slip.post)
    grade = (slip.step, slip.grade, coefficient_text(slip.coefficient))
    return (*place, *grade, *slip.amounts)


@lru_cache(maxsize=1_024)
def coefficient_text(value: Decimal | None) -> str:
    """At least two decimals, no further zeros: 1.05, 1.125, 2.00."""
    if value is None:
        return ""
    whole, _, decimals = f"{value:f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"
