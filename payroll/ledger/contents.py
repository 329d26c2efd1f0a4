"""The content of a backup: rows that read the same on both engines, files, and control figures."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.functions import Cast

from payroll.ledger.seals import ROWS_AT_ONCE
from payroll.models import PayLine, Payslip
from songshan_cw.data.fields import SealedTextField
from songshan_cw.words.terms import RunState
from workers.models import UserSession

LEFT_OUT = (Session, UserSession)  # nobody stays signed in across a restore
CENTS = "SELECT {key}, SUM(CAST(ROUND({amount} * 100) AS bigint)) FROM {tables} WHERE r.state = %s GROUP BY {key}"


def kept_models() -> list[type[models.Model]]:
    found = apps.get_models(include_auto_created=True)
    return [one for one in found if one._meta.managed and not one._meta.proxy and one not in LEFT_OUT]


def filled_by_migrating() -> list[type[models.Model]]:
    """List tables that have rows in a new database, dependents first."""
    permission = apps.get_model("auth", "Permission")
    return [permission, ContentType]


def structure() -> list[str]:
    """The migrations applied and the columns of every table: rows of another structure cannot be put back."""
    applied = [f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()]
    columns = [
        f"{model._meta.verbose_name}({'、'.join(field.attname for field in model._meta.concrete_fields)})"
        for model in kept_models()
    ]
    return sorted(applied) + columns


def rows_of(model: type[models.Model]) -> Iterator[list[Any]]:
    """Return rows in order of key, as JSON. Encrypted text stays encrypted."""
    sealed = [field for field in model._meta.concrete_fields if isinstance(field, SealedTextField)]
    raw = {f"stored_{field.attname}": Cast(field.attname, models.TextField()) for field in sealed}
    names = [f"stored_{field.attname}" if field in sealed else field.attname for field in model._meta.concrete_fields]
    rows = model._base_manager.annotate(**raw).order_by("pk").values_list(*names)
    for values in rows.iterator(chunk_size=ROWS_AT_ONCE):
        yield [_plain(value) for value in values]


def insert(model: type[models.Model], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows as ``rows_of`` gave them."""
    fields = model._meta.concrete_fields
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES "
    values = [[_stored(field, value) for field, value in zip(fields, row, strict=True)] for row in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            one = f"({', '.join(['%s'] * len(fields))})"
            cursor.execute(statement + ", ".join([one] * len(values)), [item for row in values for item in row])
        else:
            cursor.executemany(f"{statement}({', '.join(['%s'] * len(fields))})", values)


def file_names() -> Iterator[str]:
    """The stored files that rows name."""
    for model in kept_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                names = model._base_manager.exclude(**{field.name: ""}).order_by("pk")
                yield from names.values_list(field.name, flat=True).iterator(chunk_size=ROWS_AT_ONCE)


def counts() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in kept_models()}


def ledger_sums() -> dict[str, dict[str, int]]:
    """Sum approved amounts in cents: slips by month of payment, lines by the month they are for."""
    slips = f"{Payslip._meta.db_table} x JOIN payroll_payrollrun r ON r.id = x.run_id"
    lines = f"{PayLine._meta.db_table} x JOIN payroll_payslip s ON s.id = x.payslip_id "
    lines += "JOIN payroll_payrollrun r ON r.id = s.run_id"
    return {
        "应发": _sums("x.month", "x.gross_pay", slips),
        "明细": _sums("x.for_month", "x.amount", lines),
    }


def _sums(key: str, amount: str, tables: str) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(CENTS.format(key=key, amount=amount, tables=tables), [RunState.APPROVED.value])
        return {str(month): int(cents) for month, cents in sorted(cursor.fetchall())}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if hasattr(value, "isoformat") else value


def _stored(field: Any, value: Any) -> Any:
    if isinstance(field, SealedTextField):
        return value
    return field.get_db_prep_save(field.to_python(value), connection)
