"""Rows in portions: fetched by whoever talks to the server, made into Python values by whoever uses them.

Making the values takes about as long as the server needs for the rows. Done while it is being talked to, it would keep
the server waiting.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count, islice
from typing import Any

from django.db import connection
from django.db.models import QuerySet

CHUNK = 10_000  # rows: smaller ones are asked for so often that the waiting between them counts
Source = Iterator[Any] | QuerySet[Any, Any] | str  # a statement gives its rows as they come
Portion = Callable[[], list[Any]]
numbers = count(1)


class Portions:
    """The rows of an iterator. ``take`` gives the next so many, as a function that any thread may call."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._rows = rows

    def take(self, many: int) -> Portion:
        taken = list(islice(self._rows, many))
        return lambda: taken

    def close(self) -> None:
        """Nothing more is asked for."""


class Told(Portions):
    """The rows of a statement, sent here and now, within a transaction. FETCH goes past what counts statements, as
    Django's own does."""

    def __init__(self, statement: str, parameters: Any = ()) -> None:
        self._name, self._open = f"portions_{next(numbers)}", True
        with connection.cursor() as cursor:
            cursor.execute(f"DECLARE {self._name} NO SCROLL CURSOR FOR {statement}", parameters)

    def take(self, many: int) -> Portion:
        if not self._open:
            return list
        cursor = self._tell(f"FETCH {many} FROM {self._name}")
        if cursor.rowcount < many:
            self.close()
        return partial(self._made, cursor)

    def close(self) -> None:
        if self._open:
            self._open = False
            self._tell(f"CLOSE {self._name}")

    def _tell(self, statement: str) -> Any:
        with connection.wrap_database_errors:
            cursor = connection.connection.cursor()
            cursor.execute(statement)
        return cursor

    def _made(self, cursor: Any) -> list[Any]:
        rows: list[Any] = cursor.fetchall()
        return rows


class Asked(Told):
    """The rows of a query of tuples."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        self._compiler = rows.query.get_compiler(rows.db)
        super().__init__(*self._compiler.as_sql())

    def _made(self, cursor: Any) -> list[Any]:
        return list(self._compiler.results_iter([cursor.fetchall()], tuple_expected=True))


def portions(source: Source) -> Portions:
    on_server = connection.vendor == "postgresql"
    if isinstance(source, str):
        return Told(source) if on_server else Portions(_rows_of(source))
    if isinstance(source, QuerySet):
        return Asked(source) if on_server else Portions(iter(source.iterator(CHUNK)))
    return Portions(source)


def _rows_of(statement: str) -> Iterator[Any]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows
