"""Write many rows with a fixed number of statements: COPY on PostgreSQL, batches on SQLite."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db import connection, models

from songshan_cw.words import periods
from songshan_cw.words.periods import Month

BATCH = 5_000
BLOCK = 1_000  # rows of COPY text made together
ONE_PIECE = 1 << 26  # bytes
encode_json = json.JSONEncoder(ensure_ascii=False).encode
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
Adapter = Callable[[Any], Any]


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows in the caller's transaction. ``columns`` are attribute names such as ``worker_id``."""
    fields = [_field(model, name) for name in columns]
    if connection.vendor == "postgresql":
        _copy(model._meta.db_table, fields, rows)
        return
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({names}) VALUES ({marks})"
    _execute_batches(statement, fields, rows)


def update_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set columns by primary key. Each row is the key followed by the values of ``columns``."""
    key = model._meta.pk
    fields = [_field(model, name) for name in columns]
    table = connection.ops.quote_name(model._meta.db_table)
    if connection.vendor == "postgresql":
        quote = connection.ops.quote_name
        sets = ", ".join(f"{quote(field.column)} = given.{quote(field.column)}" for field in fields)
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS given")
            names = ", ".join(quote(field.column) for field in [key, *fields])
            cursor.execute(f"CREATE TEMP TABLE given ON COMMIT DROP AS SELECT {names} FROM {table} WHERE false")
            _copy("given", [key, *fields], rows)
            cursor.execute(f"UPDATE {table} SET {sets} FROM given WHERE {table}.{key.column} = given.{key.column}")
        return
    sets = ", ".join(f"{connection.ops.quote_name(field.column)} = %s" for field in fields)
    statement = f"UPDATE {table} SET {sets} WHERE {connection.ops.quote_name(key.column)} = %s"
    _execute_batches(statement, [*fields, key], ((*row[1:], row[0]) for row in rows))


def reserve_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Reserve primary keys for rows that others refer to."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SELECT {_next_key(model)} FROM generate_series(1, %s)", [count])
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        if row is None:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, 0)", [table])
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s", [count, table])
        first = (row[0] if row else 0) + 1
        return range(first, first + count)


def _next_key(model: type[models.Model]) -> str:
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, model._meta.pk.column])
            return f"nextval('{cursor.fetchone()[0]}')"
    used = f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'"
    return f"coalesce(({used}), 0) + row_number() OVER ()"


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    field = model._meta.get_field(name.removesuffix("_id") if name.endswith("_id") else name)
    return field


def _execute_batches(statement: str, fields: Sequence[models.Field[Any, Any]], rows: Iterable[Sequence[Any]]) -> None:
    adapters = [_adapter(field) for field in fields]
    source = iter(rows)
    with connection.cursor() as cursor:
        while batch := [
            [adapt(value) for adapt, value in zip(adapters, row, strict=True)] for row in islice(source, BATCH)
        ]:
            cursor.executemany(statement, batch)


def _adapter(field: models.Field[Any, Any]) -> Adapter:
    """Return the conversion of Python values to those SQLite stores for the field."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    kind = target.get_internal_type()
    if kind == "DecimalField":
        return lambda value: None if value is None else str(value)
    if kind == "DateField":
        return lambda value: None if value is None else value.isoformat()
    if kind in {
        "CharField",
        "BigAutoField",
        "BooleanField",
        "PositiveIntegerField",
        "PositiveSmallIntegerField",
    }:
        return lambda value: str(value) if isinstance(value, str) else value
    return lambda value: target.get_db_prep_save(value, connection)


def _copy(table: str, fields: Sequence[models.Field[Any, Any]], rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.db.wrap_database_errors:
        send_copy(cursor, _copy_statement(table, fields), _Blocks(_text_blocks(fields, rows)), ONE_PIECE)


def send_copy(cursor: Any, statement: str, source: Any, piece: int) -> None:
    """Run a COPY in pieces of a size."""
    cursor.copy_expert(statement, source, piece)


class _Blocks:
    """The file COPY reads from, block by block, so that the text of all rows is never in memory at once."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks

    def read(self, _size: int) -> bytes:
        return next(self._blocks, b"")


def _text_blocks(fields: Sequence[models.Field[Any, Any]], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Rows → their COPY text, made column by column: three times as fast as line by line."""
    source = iter(rows)
    while block := list(islice(source, BLOCK)):
        columns = zip(*block, strict=True)
        written = [_column_text(field, values) for field, values in zip(fields, columns, strict=True)]
        yield ("\n".join(map("\t".join, zip(*written, strict=True))) + "\n").encode()


def _text(field: models.Field[Any, Any]) -> Callable[[Any], str]:
    """Return the conversion of Python values to COPY text."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if target.get_internal_type() in {"CharField", "TextField"} and type(target) in {
        models.CharField,
        models.TextField,
    }:
        return _escaped
    if target.__class__.__name__ == "MonthField":
        return _month_text
    if target.get_internal_type() == "BooleanField":
        return lambda value: "t" if value else "f"
    if isinstance(target, models.DateTimeField):
        return datetime.isoformat
    if isinstance(target, models.DateField):
        return date.isoformat
    if isinstance(target, models.DecimalField):
        return Decimal.__str__
    if isinstance(target, models.IntegerField):
        return str
    if isinstance(target, models.JSONField):
        return lambda value: _escaped(encode_json(value))
    return lambda value: str(target.get_prep_value(value)).translate(ESCAPES)


def _escaped(value: str) -> str:
    """Escape text. Most text needs none, and checking is ten times faster than translating."""
    return value if _plain(value) else value.translate(ESCAPES)


def _plain(text: str) -> bool:
    return "\\" not in text and "\t" not in text and "\n" not in text and "\r" not in text


@lru_cache(maxsize=1024)
def _month_text(value: Month) -> str:
    return str(periods.to_number(value))


def _column_text(field: models.Field[Any, Any], values: Sequence[Any]) -> Iterable[str]:
    write = _text(field)
    if write is _escaped and None not in values and _plain("".join(values)):
        return values
    return [r"\N" if value is None else write(value) for value in values]


def _copy_statement(table: str, fields: Sequence[models.Field[Any, Any]]) -> str:
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    return f"COPY {connection.ops.quote_name(table)} ({names}) FROM STDIN"
