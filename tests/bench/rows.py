"""The limit of the database: the very same rows taken out, taken away, and put back bare, with their commit."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any

from django.db import connection, models, transaction


@dataclass(frozen=True, slots=True)
class Kept:
    """One table's rows: as COPY text in a file on PostgreSQL, as plain tuples on SQLite."""

    table: str
    columns: tuple[str, ...]
    file: IO[bytes] | None
    rows: tuple[Any, ...]


@contextmanager
def kept_rows(parts: Sequence[tuple[type[models.Model], str]]) -> Iterator[list[Kept]]:
    """The rows of tables, each with a condition, as they stand."""
    with ExitStack() as stack:
        yield [_keep(model, condition, stack) for model, condition in parts]


def put_back(kept: Sequence[Kept]) -> None:
    """Write them in one transaction: the limit a service is compared with."""
    with transaction.atomic(), connection.cursor() as cursor:
        for one in kept:
            if one.file is not None:
                one.file.seek(0)
                cursor.copy_expert(f"COPY {one.table} ({', '.join(one.columns)}) FROM STDIN", one.file, 65536)
            elif one.rows:
                marks = ", ".join(["%s"] * len(one.columns))
                cursor.executemany(f"INSERT INTO {one.table} ({', '.join(one.columns)}) VALUES ({marks})", one.rows)


def take_away(parts: Sequence[tuple[type[models.Model], str]]) -> None:
    """Delete rows in the order given, past the triggers that keep trails and approved pay."""
    with _without_triggers([model._meta.db_table for model, _ in parts]), connection.cursor() as cursor:
        for model, condition in parts:
            cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE {condition}")


def _keep(model: type[models.Model], condition: str, stack: ExitStack) -> Kept:
    table = model._meta.db_table
    columns = tuple(connection.ops.quote_name(field.column) for field in model._meta.concrete_fields)
    wanted = f"SELECT {', '.join(columns)} FROM {table} WHERE {condition} ORDER BY 1"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            file = stack.enter_context(TemporaryFile())  # noqa: SIM115 (closed with the stack)
            cursor.copy_expert(f"COPY ({wanted}) TO STDOUT", file)
            return Kept(table, columns, file, ())
        cursor.execute(wanted)
        return Kept(table, columns, None, tuple(cursor.fetchall()))


@contextmanager
def _without_triggers(tables: Sequence[str]) -> Iterator[None]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        marks = ", ".join(["%s"] * len(tables))
        cursor.execute(f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({marks})", tables)
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, statement in triggers:
            cursor.execute(statement)
