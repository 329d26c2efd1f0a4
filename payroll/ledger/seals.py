"""The sealed content as canonical text, the same on both engines, and its digests."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from hashlib import sha256
from typing import Any

from django.db import models
from django.db.models import QuerySet

from payroll.ledger import first_seals
from payroll.ledger.canonical import canonical, chained
from payroll.models import PayLine, PayrollRun, Payslip, Receivable, ReceivableEntry, RunEvent, RunSeal, RunTotal
from workers.models import Change, PrivateAccess, WorkbookImport

TRAILS: dict[str, type[models.Model]] = {
    model._meta.db_table: model
    for model in (Change, PrivateAccess, WorkbookImport, RunEvent, Receivable, ReceivableEntry)
}
# Columns added at the end, after seals had been made.
LATER_COLUMNS = {"workers_privateaccess": 2, "workers_change": 1, "payroll_runevent": 1}
ROWS_AT_ONCE = 2_000
VERSION = 2  # of the seals made now
RUN_FIELDS = (
    *("id", "street_id", "month", "table_id", "policy_version", "computed_at", "closed_before", "headcount"),
    *("gross_total", "submitted_by_id", "submitted_at", "approved_by_id", "approved_at"),
)
SLIP_FIELDS = (
    *("id", "run_id", "worker_id", "month", "name", "community_id", "post", "position", "dual", "credited_months"),
    *("step", "grade", "coefficient", "annual_base", "gross_pay", "policy_version", "table_id", "facts_digest"),
    *("trace", "paid_to__id_number", "paid_to__community_name", "paid_to__bank_name", "paid_to__bank_account"),
)
LINE_FIELDS = ("id", "payslip_id", "worker_id", "for_month", "component", "amount", "already_paid", "clause")


def seal_of(run: PayrollRun) -> RunSeal | None:
    """Return the seal of an approved run."""
    return RunSeal.objects.filter(run=run).first()


def run_digests(run_ids: Collection[int] | None = None, *, version: int = VERSION) -> dict[int, str]:
    """Map runs to the digest of run, totals, slips and lines; without keys all sealed in this version."""
    runs = PayrollRun.objects.order_by("pk")
    runs = runs.filter(seal__version=version) if run_ids is None else runs.filter(pk__in=run_ids)
    if version == 1:
        return {key: chained("", text) for key, text in first_seals.contents(runs)}
    keys = list(runs.values_list("pk", flat=True))
    heads = {values[0]: canonical(values) for values in runs.values_list(*RUN_FIELDS)}
    totals = RunTotal.objects.filter(run__in=keys).order_by("pk").values_list("run_id", "column", "amount")
    slips = Payslip.objects.filter(run__in=keys).order_by("pk").values_list("run_id", *SLIP_FIELDS)
    lines = PayLine.objects.filter(payslip__run__in=keys).order_by("pk").values_list("payslip__run_id", *LINE_FIELDS)
    parts = [_digests(rows) for rows in (totals, slips, lines)]
    return {key: chained("", "\n".join([head, *(part[key] for part in parts)])) for key, head in heads.items()}


def trail_rows(model: type[models.Model], after: int = 0) -> Iterator[tuple[int, bytes]]:
    """Return (key, canonical text) of the rows after a key, in order."""
    names = [field.attname for field in model._meta.concrete_fields]
    rows = model._default_manager.filter(pk__gt=after).order_by("pk").values_list(*names)
    for values in rows.iterator(chunk_size=ROWS_AT_ONCE):
        yield values[0], canonical(_as_sealed(model, values)).encode()


def _as_sealed(model: type[models.Model], values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Drop empty later columns, so that older rows read as before these were added."""
    least = len(values) - LATER_COLUMNS.get(model._meta.db_table, 0)
    while len(values) > least and values[-1] is None:
        values = values[:-1]
    return values


def _digests(rows: QuerySet[Any, tuple[Any, ...]]) -> dict[int, str]:
    """Map runs to the digest of their rows, read as a stream; each row begins with the run's key."""
    hashes: dict[int, Any] = defaultdict(sha256)
    for key, *values in rows.iterator(chunk_size=ROWS_AT_ONCE):
        hashes[key].update(f"{canonical(values)}\n".encode())
    digests = defaultdict(sha256().hexdigest)
    digests.update({key: found.hexdigest() for key, found in hashes.items()})
    return digests
