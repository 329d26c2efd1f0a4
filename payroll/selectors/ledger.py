"""Read the ledger: closed months, paid sums, last month's pay. ``keys``: keys of workers for ``IN``."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from payroll.models import PayLine, PayrollRun, Payslip
from payroll.rules.arrears import Key
from songshan_cw.data.portions import CHUNK
from songshan_cw.words.money import ZERO
from songshan_cw.words.periods import Month
from songshan_cw.words.terms import Component, RunState

APPROVED = RunState.APPROVED.value


def closed_months(before: Month) -> frozenset[tuple[str, Month]]:
    """Return (street, month) of every approved run before a month."""
    runs = PayrollRun.objects.filter(state=APPROVED, month__lt=before)
    return frozenset(runs.values_list("street_id", "month"))


def closed_count(district: str, before: Month) -> int:
    """Count the district's approved runs before a month."""
    return PayrollRun.objects.filter(state=APPROVED, month__lt=before, street__code__startswith=district).count()


def paid_sums(worker_ids: Collection[int], before: Month) -> dict[int, dict[Key, Decimal]]:
    """Return approved sums by person, month and component, in yuan, for earlier months.

    Python adds them, because SQLite would add binary reals.
    """
    sums: dict[int, dict[Key, Decimal]] = {}
    for row in paid_rows(worker_ids, before).iterator(CHUNK):
        _add(sums.setdefault(row[0], {}), row)
    return sums


def paid_rows(keys: Any, before: Month) -> QuerySet[Any, tuple[Any, ...]]:
    """Return the approved lines of ``paid_sums``: (worker, month, component, amount), in key order."""
    lines = PayLine.objects.filter(worker__in=keys, for_month__lt=before, payslip__run__state=APPROVED)
    columns = ("worker_id", "for_month", "component", "amount")
    return lines.order_by("worker_id").values_list(*columns)


def sums_of(rows: Iterable[tuple[Any, ...]]) -> dict[Key, Decimal]:
    """Return one person's lines by month and component, in yuan."""
    sums: dict[Key, Decimal] = {}
    for row in rows:
        _add(sums, row)
    return sums


def _add(sums: dict[Key, Decimal], row: tuple[Any, ...]) -> None:
    _, month, component, amount = row
    key = (month, Component(component))
    sums[key] = sums.get(key, ZERO) + amount


def slips_elsewhere(keys: Any, month: Month, run_ids: Collection[int]) -> dict[int, str]:
    """Map workers to the street whose other run of the month already has a slip for them."""
    slips = Payslip.objects.filter(worker__in=keys, month=month).exclude(run__in=run_ids)
    return dict(slips.order_by().values_list("worker_id", "run__street__name"))


def regular_pay(keys: Any, month: Month) -> QuerySet[Any, tuple[int, Decimal, Decimal]]:
    """Return (worker, base pay, allowance) of a month from any run, in yuan and in key order."""
    slips = Payslip.objects.filter(worker__in=keys, month=month).order_by("worker_id")
    return slips.values_list("worker_id", "base_pay", "allowance")
