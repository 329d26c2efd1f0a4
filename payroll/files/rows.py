"""One stream of slips in street, community and ID order, one of their arrears, and the walk that joins them."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby, starmap
from typing import NamedTuple

from django.db.models import Count, Max, Min, Q, Sum

from payroll.models import PayLine, PayrollRun, Payslip
from songshan_cw.words.periods import Month
from songshan_cw.words.terms import CASH_COMPONENTS

CHUNK = 2_000
CASH = [component.value for component in CASH_COMPONENTS]
ORDER = ("run__street_id", "community_id", "worker__id_number")


class SlipRow(NamedTuple):
    """What every file shows of a slip: frozen on it, save the ID number. Money in yuan."""

    run_id: int
    slip_id: int
    street_code: str
    community_code: str
    community: str
    id_number: str
    name: str
    post: str
    position: str
    dual: bool
    step: int | None
    grade: int | None
    coefficient: Decimal | None
    base_pay: Decimal
    allowance: Decimal
    arrears: Decimal
    gross_pay: Decimal
    performance_accrual: Decimal
    bank_name: str = ""
    bank_account: str = ""

    @property
    def amounts(self) -> tuple[Decimal, ...]:
        """In the order of the sheet's columns."""
        return self[13:18]


FIELDS = (
    "run_id",
    "id",
    "run__street_id",
    "community_id",
    "community__name",
    "worker__id_number",
    "name",
    "post",
    "position",
    "dual",
    "step",
    "grade",
    "coefficient",
    "base_pay",
    "allowance",
    "arrears",
    "gross_pay",
    "performance_accrual",
)
BANK_FIELDS = ("worker__bank_name", "worker__bank_account")


class ArrearsSpan(NamedTuple):
    """The earlier months a slip makes good, and what they come to in cash."""

    slip_id: int
    first: Month
    last: Month
    months: int
    cash: Decimal | None


def stream_slips(runs: Sequence[PayrollRun], *, bank: bool) -> Iterator[SlipRow]:
    """All slips of the runs, never all in memory. ``bank``: with bank and account, which must be unsealed."""
    fields = FIELDS + BANK_FIELDS if bank else FIELDS
    rows = Payslip.objects.filter(run__in=[run.pk for run in runs]).order_by(*ORDER).values_list(*fields)
    return starmap(SlipRow, rows.iterator(chunk_size=CHUNK))


def stream_spans(runs: Sequence[PayrollRun], month: Month) -> Iterator[ArrearsSpan]:
    """The slips that carry earlier months, in the order of ``stream_slips``."""
    cash = Q(component__in=CASH)
    rows = (
        PayLine.objects.filter(payslip__run__in=[run.pk for run in runs], for_month__lt=month)
        .order_by(*(f"payslip__{name}" for name in ORDER), "payslip_id")
        .values_list("payslip_id")
        .annotate(
            first=Min("for_month"),
            last=Max("for_month"),
            months=Count("for_month", distinct=True),
            cash=Sum("amount", filter=cash),
        )
    )
    return (ArrearsSpan._make(row) for row in rows.iterator(chunk_size=CHUNK))


def with_spans(slips: Iterable[SlipRow], spans: Iterator[ArrearsSpan]) -> Iterator[tuple[SlipRow, ArrearsSpan | None]]:
    """Each slip with its span, both streams being in one order."""
    span = next(spans, None)
    for slip in slips:
        if span is not None and span.slip_id == slip.slip_id:
            yield slip, span
            span = next(spans, None)
        else:
            yield slip, None


def by_run(
    runs: Sequence[PayrollRun], rows: Iterable[tuple[SlipRow, ArrearsSpan | None]]
) -> Iterator[tuple[PayrollRun, Iterator[tuple[SlipRow, ArrearsSpan | None]]]]:
    """Each run with its rows, none for a run without slips; to be consumed in order."""
    groups = groupby(rows, key=lambda row: row[0].run_id)
    pending = next(groups, None)
    for run in runs:
        if pending is not None and pending[0] == run.pk:
            yield run, pending[1]
            pending = next(groups, None)
        else:
            yield run, iter(())
