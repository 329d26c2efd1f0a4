"""The month as csv, for other programs: UTF-8 without a mark, comma, lines ended as RFC 4180 has it (CR LF)."""

import csv
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from payroll.files.month import SlipRow, Totals, require_run_totals, select_runs, stream_slips
from payroll.models import PayrollRun
from payroll.rules.columns import PayColumns
from songshan_cw.files.outfile import whole_file
from songshan_cw.files.text import harmless
from songshan_cw.words.periods import Month

DEBTS = ("debt_recovered", "payable")
WHO = ("id_number", "name", "street_code", "community_code", "post", "step", "grade", "coefficient")


def write_csv(*, month: Month, street_codes: Sequence[str] | None, path: Path) -> int:
    """Write the slips of the month's runs with whole ID numbers; returns the number of people."""
    runs, columns = select_runs(month, street_codes), PayColumns()
    with whole_file(path) as draft, draft.path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((*WHO, *(column.csv_name for column in columns.csv), *DEBTS))
        writer.writerows(_lines(runs, columns))
    return sum(run.headcount for run in runs)


def _lines(runs: Sequence[PayrollRun], columns: PayColumns) -> Iterator[tuple[object, ...]]:
    for run, slips in stream_slips(runs, columns, bank=False):
        found = Totals.none(columns)
        for slip in slips:
            found = found.with_slip(slip)
            yield _line(slip, columns)
        require_run_totals(run, found)


def _line(slip: SlipRow, columns: PayColumns) -> tuple[object, ...]:
    """None is written as an empty cell: who gets only arrears has no post, step, grade or coefficient."""
    place = (slip.id_number, harmless(slip.name), slip.street_code, slip.community_code, slip.post)
    grade = (slip.step, slip.grade, coefficient_text(slip.coefficient))
    return (*place, *grade, *(slip.sums[column] for column in columns.csv), slip.recovered, slip.payable)


@lru_cache(maxsize=1_024)
def coefficient_text(value: Decimal | None) -> str:
    """At least two decimals, no further zeros: 1.05, 1.125, 2.00."""
    if value is None:
        return ""
    whole, _, decimals = f"{value:f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"
