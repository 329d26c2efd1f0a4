"""工资条: one slip a person, several on a page, to print from the browser or as PDF with the font embedded."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from payroll.files.csv_file import coefficient_text
from payroll.files.month import (
    Line,
    SlipRow,
    Totals,
    may_pay,
    require_run_totals,
    select_runs,
    stream_slips,
    unit_of,
    warning_of,
)
from payroll.models import PayrollRun, Payslip
from payroll.rules.columns import Column, PayColumns
from songshan_cw.data.refusal import Refused
from songshan_cw.files.outfile import whole_file
from songshan_cw.words.money import EXACT
from songshan_cw.words.periods import Month, label_zh
from workers.rules.identity import masked, masked_account

TEMPLATE = "payroll/payslips.html"
MOST_IN_ONE_PDF = 500  # the typesetter keeps all pages in memory, about 0.8 MB a slip


@dataclass(frozen=True, slots=True)
class EarlierLine:
    """One amount made good: for which month, of what, by which clause."""

    line: Line
    column: Column

    @property
    def verb(self) -> str:
        """Of a deduction what is taken back is paid, and the other way round."""
        return self.column.verb(self.line.amount)

    @property
    def due(self) -> Decimal:
        return EXACT.add(self.line.already_paid, self.line.amount)


@dataclass(frozen=True, slots=True)
class PrintedSlip:
    """A slip as its person reads it."""

    slip: SlipRow
    id_number: str
    account: str
    coefficient: str
    earlier: list[EarlierLine]


def write_payslips(*, month: Month, street_codes: Sequence[str] | None, path: Path, private: bool) -> int:
    """Write the slips as PDF; returns the number of people."""
    runs = select_runs(month, street_codes)
    people = sum(run.headcount for run in runs)
    if people > MOST_IN_ONE_PDF:
        raise Refused(
            f"所选街道共{people}人，一个PDF最多容纳{MOST_IN_ONE_PDF}人的工资条。请按街道分别下载，或直接用浏览器打印。"
        )
    html = _html(runs, f"{label_zh(month)}工资条", private=private)
    with whole_file(path) as draft:
        _print(html, draft.path)
    return people


def payslips_html(*, month: Month, street_codes: Sequence[str] | None, private: bool) -> str:
    """The page of all slips; ``private``: whole ID and account numbers, otherwise masked (rules 10.6)."""
    return _html(select_runs(month, street_codes), f"{label_zh(month)}工资条", private=private)


def one_payslip_html(*, slip: Payslip, private: bool) -> str:
    """One person's slip, to print and hand over."""
    runs = select_runs(slip.month, [slip.run.street_id])
    return _html(runs, f"{slip.name}{label_zh(slip.month)}工资条", private=private, only=slip.pk)


def _html(runs: Sequence[PayrollRun], title: str, *, private: bool, only: int | None = None) -> str:
    columns = PayColumns()
    sections = list(_sections(runs, columns, private=private, only=only))
    return render_to_string(TEMPLATE, {"title": title, "columns": columns, "sections": sections})


def _sections(
    runs: Sequence[PayrollRun], columns: PayColumns, *, private: bool, only: int | None
) -> Iterator[dict[str, Any]]:
    """Street by street; ``only`` prints one slip, its run's sums being checked all the same."""
    for run, slips in stream_slips(runs, columns, bank=True):
        found, printed = Totals.none(columns), []
        for slip in slips:
            found = found.with_slip(slip)
            if only is None or slip.slip_id == only:
                printed.append(_printed(slip, columns, private=private))
        require_run_totals(run, found)
        yield {
            "unit": unit_of(run),
            "month": label_zh(run.month),
            "warning": "" if may_pay([run]) else warning_of([run]),
            "trial": run.trial,
            "slips": printed,
        }


def _printed(slip: SlipRow, columns: PayColumns, *, private: bool) -> PrintedSlip:
    id_number = slip.id_number if private else masked(slip.id_number)
    account = slip.bank_account if private else masked_account(slip.bank_account)
    earlier = [EarlierLine(line, columns.of(line.component)) for line in slip.earlier]
    earlier = [one for one in earlier if one.column.paid_monthly]
    return PrintedSlip(slip, id_number, account, coefficient_text(slip.coefficient), earlier)


def _print(html: str, path: Path) -> None:
    """WeasyPrint is loaded here, not before: it needs system libraries the rest of the product does without.

    Slips refer to nothing outside themselves; whatever would be fetched stops the printing.
    """
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    for library in ("fontTools", "weasyprint.progress"):
        logging.getLogger(library).setLevel(logging.WARNING)
    nothing = URLFetcher(allowed_protocols=(), fail_on_errors=True)
    HTML(string=html, url_fetcher=nothing).write_pdf(str(path))
