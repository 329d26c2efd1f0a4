"""工资条: one slip a person, several on a page, to print from the browser or as PDF with the font embedded."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from django.template.loader import render_to_string

from payroll.files.csv_file import coefficient_text
from payroll.files.rows import CASH, CHUNK, ORDER, SlipRow, by_run, stream_slips
from payroll.files.runs import may_pay, select_runs, unit_of, warning_of
from payroll.files.totals import Totals, require_ledger, require_run_totals
from payroll.models import PayLine, PayrollRun, Payslip
from songshan_cw.data.refusal import Refused
from songshan_cw.files.outfile import whole_file
from songshan_cw.words.periods import Month, label_zh
from workers.rules.identity import masked, masked_account

TEMPLATE = "payroll/payslips.html"
MOST_IN_ONE_PDF = 500  # the typesetter keeps all pages in memory, about 0.8 MB a slip


class EarlierLine(NamedTuple):
    """One amount made good: for which month, of what, by which clause."""

    slip_id: int
    for_month: Month
    component: str
    amount: Decimal
    already_paid: Decimal
    clause: str

    @property
    def month_text(self) -> str:
        return label_zh(self.for_month)

    @property
    def verb(self) -> str:
        return "补发" if self.amount > 0 else "扣回"

    @property
    def amount_text(self) -> str:
        return f"{self.amount:,.2f}"

    @property
    def due_text(self) -> str:
        return f"{self.already_paid + self.amount:,.2f}"

    @property
    def already_text(self) -> str:
        return f"{self.already_paid:,.2f}"


@dataclass(frozen=True, slots=True)
class PrintedSlip:
    """A slip as its person reads it."""

    slip: SlipRow
    id_number: str
    account: str
    coefficient: str
    earlier: tuple[EarlierLine, ...]

    @property
    def amounts(self) -> dict[str, str]:
        row = self.slip
        return {
            "base": f"{row.base_pay:,.2f}",
            "allowance": f"{row.allowance:,.2f}",
            "arrears": f"{row.arrears:,.2f}",
            "gross": f"{row.gross_pay:,.2f}",
            "accrual": f"{row.performance_accrual:,.2f}",
        }


def write_payslips(*, month: Month, street_codes: Sequence[str] | None, path: Path, private: bool) -> int:
    """Write the slips as PDF; returns the number of people."""
    runs = select_runs(month, street_codes)
    people = sum(run.headcount for run in runs)
    if people > MOST_IN_ONE_PDF:
        raise Refused(
            f"所选街道共{people}人，一个PDF最多容纳{MOST_IN_ONE_PDF}人的工资条。请按街道分别下载，或直接用浏览器打印。"
        )
    html = _html(runs, month, private=private)
    with whole_file(path) as draft:
        _print(html, draft.path)
    return people


def payslips_html(*, month: Month, street_codes: Sequence[str] | None, private: bool) -> str:
    """The page of all slips; ``private``: whole ID and account numbers, otherwise masked (rules 10.6)."""
    return _html(select_runs(month, street_codes), month, private=private)


def one_payslip_html(*, slip: Payslip, private: bool) -> str:
    """One person's slip, to print and hand over."""
    run = select_runs(slip.month, [slip.run.street_id])
    require_ledger(run, slip.month)
    sections = list(_sections(run, slip.month, private=private, only=slip.pk))
    return render_to_string(TEMPLATE, {"title": f"{slip.name}{label_zh(slip.month)}工资条", "sections": sections})


def _html(runs: Sequence[PayrollRun], month: Month, *, private: bool) -> str:
    require_ledger(runs, month)
    sections = list(_sections(runs, month, private=private))
    return render_to_string(TEMPLATE, {"title": f"{label_zh(month)}工资条", "sections": sections})


def _sections(
    runs: Sequence[PayrollRun], month: Month, *, private: bool, only: int | None = None
) -> Iterator[dict[str, Any]]:
    """Street by street; ``only`` prints one slip, its run's sums being checked all the same."""
    earlier = _Earlier(_stream_earlier(runs, month))
    slips = ((slip, None) for slip in stream_slips(runs, bank=True))
    for run, rows in by_run(runs, slips):
        found, printed = Totals(), []
        for slip, _ in rows:
            found = found.with_slip(slip)
            lines = earlier.of(slip.slip_id)
            if only is None or slip.slip_id == only:
                printed.append(_printed(slip, lines, private=private))
        require_run_totals(run, found)
        yield {
            "unit": unit_of(run),
            "month": label_zh(month),
            "warning": "" if may_pay([run]) else warning_of([run]),
            "trial": run.trial,
            "slips": printed,
        }


def _printed(slip: SlipRow, earlier: tuple[EarlierLine, ...], *, private: bool) -> PrintedSlip:
    id_number = slip.id_number if private else masked(slip.id_number)
    account = slip.bank_account if private else masked_account(slip.bank_account)
    return PrintedSlip(slip, id_number, account, coefficient_text(slip.coefficient), earlier)


def _stream_earlier(runs: Sequence[PayrollRun], month: Month) -> Iterator[EarlierLine]:
    """The cash lines of earlier months, in the order of the slips."""
    rows = (
        PayLine.objects.filter(payslip__run__in=[run.pk for run in runs], for_month__lt=month, component__in=CASH)
        .order_by(*(f"payslip__{name}" for name in ORDER), "for_month", "id")
        .values_list("payslip_id", "for_month", "component", "amount", "already_paid", "clause")
    )
    return (EarlierLine._make(row) for row in rows.iterator(chunk_size=CHUNK))


class _Earlier:
    """Hands out the lines of one slip after another, both streams being in one order."""

    def __init__(self, lines: Iterator[EarlierLine]) -> None:
        self._lines = lines
        self._next = next(lines, None)

    def of(self, slip_id: int) -> tuple[EarlierLine, ...]:
        found = []
        while self._next is not None and self._next.slip_id == slip_id:
            found.append(self._next)
            self._next = next(self._lines, None)
        return tuple(found)


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
