"""The sealed content as canonical text, the same on both engines, and its digests."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import connection, models

from payroll.models import PayrollRun, RunEvent, RunSeal
from workers.models import Change, PrivateAccess, WorkbookImport

TRAILS: dict[str, type[models.Model]] = {
    model._meta.db_table: model for model in (Change, PrivateAccess, WorkbookImport, RunEvent)
}
# Columns added at the end, after seals had been made.
LATER_COLUMNS = {"workers_privateaccess": 2, "workers_change": 1, "payroll_runevent": 1}
ROWS_AT_ONCE = 2_000
RUN_FIELDS = (
    *("id", "street_id", "month", "table_id", "policy_version", "computed_at", "closed_before", "headcount"),
    *("base_total", "allowance_total", "arrears_total", "gross_total", "performance_total"),
    *("submitted_by_id", "submitted_at", "approved_by_id", "approved_at"),
)
# Column → format: whole number, decimal places, text. The order is part of the digest.
SLIP_COLUMNS = {
    **{"id": "whole", "run_id": "whole", "worker_id": "whole", "month": "whole", "name": "text"},
    **{"community_id": "text", "post": "text", "position": "text", "dual": "flag", "credited_months": "whole"},
    **{"step": "whole", "grade": "whole", "coefficient": "4", "annual_base": "2", "base_pay": "2", "allowance": "2"},
    **{"arrears": "2", "gross_pay": "2", "performance_accrual": "2", "policy_version": "text", "table_id": "whole"},
    **{"facts_digest": "text", "trace": "text"},
}
LINE_COLUMNS = {
    **{"id": "whole", "payslip_id": "whole", "worker_id": "whole", "for_month": "whole", "component": "text"},
    **{"amount": "2", "already_paid": "2", "clause": "text"},
}


def seal_of(run: PayrollRun) -> RunSeal | None:
    """Return the seal of an approved run."""
    return RunSeal.objects.filter(run=run).first()


def run_digests(run_ids: Collection[int] | None = None) -> dict[int, str]:
    """Map runs to the digest of run, slips and lines; without keys all sealed runs. Three statements."""
    runs = PayrollRun.objects.order_by("pk")
    runs = runs.filter(seal__isnull=False) if run_ids is None else runs.filter(pk__in=run_ids)
    heads = {values[0]: canonical(values) for values in runs.values_list(*RUN_FIELDS)}
    slips, lines = _digests(_slip_query(run_ids), run_ids), _digests(_line_query(run_ids), run_ids)
    return {key: chained("", f"{head}\n{slips[key]}\n{lines[key]}") for key, head in heads.items()}


def chained(previous: str, text: str) -> str:
    """Return the digest of a text chained to the previous digest."""
    return sha256(f"{previous}\n{text}".encode()).hexdigest()


def canonical(values: Iterable[Any]) -> str:
    return json.dumps([_plain(value) for value in values], ensure_ascii=False, sort_keys=True, separators=(",", ":"))


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


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return format(value, "f") if isinstance(value, Decimal) else value


def _digests(query: str, run_ids: Collection[int] | None) -> dict[int, str]:
    """Map runs to the digest of their rows, read as a stream."""
    hashes: dict[int, Any] = defaultdict(sha256)
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, list(run_ids or ()))
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            for run_id, text in rows:
                hashes[run_id].update(text.encode())
    digests = defaultdict(sha256().hexdigest)
    digests.update({run_id: digest.hexdigest() for run_id, digest in hashes.items()})
    return digests


def _slip_query(run_ids: Collection[int] | None) -> str:
    text = _row_text("s", SLIP_COLUMNS)
    return f"SELECT s.run_id, {text} FROM payroll_payslip s WHERE s.run_id IN ({_chosen(run_ids)}) ORDER BY s.id"


def _line_query(run_ids: Collection[int] | None) -> str:
    return (
        f"SELECT s.run_id, {_row_text('l', LINE_COLUMNS)} FROM payroll_payline l "
        f"JOIN payroll_payslip s ON s.id = l.payslip_id WHERE s.run_id IN ({_chosen(run_ids)}) ORDER BY l.id"
    )


def _chosen(run_ids: Collection[int] | None) -> str:
    return "SELECT run_id FROM payroll_runseal" if run_ids is None else ", ".join(["%s"] * len(run_ids))


def _row_text(alias: str, columns: dict[str, str]) -> str:
    """Return the SQL expression of a row's text: fields with tabs, escaped as COPY does, ended by a line feed."""
    fields = [_field_text(f"{alias}.{name}", kind) for name, kind in columns.items()]
    return f" || {_character(9)} || ".join(fields) + f" || {_character(10)}"


def _field_text(column: str, kind: str) -> str:
    if kind == "text":
        escaped = f"replace({column}, '\\', '\\\\')"
        return f"replace(replace({escaped}, {_character(9)}, '\\t'), {_character(10)}, '\\n')"
    if kind == "flag":
        return f"CAST(CAST({column} AS integer) AS text)"
    if kind != "whole" and connection.vendor == "sqlite":
        return f"CASE WHEN {column} IS NULL THEN '\\N' ELSE printf('%%.{kind}f', {column}) END"
    return f"COALESCE(CAST({column} AS text), '\\N')"


def _character(code: int) -> str:
    return f"chr({code})" if connection.vendor == "postgresql" else f"char({code})"
