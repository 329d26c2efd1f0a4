"""Small temporary tables of one computation: decided once, then asked by several statements."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

TOGETHER = 1_000  # rows of one statement


def hold(cursor: Any, table: str, columns: str, rows: Sequence[tuple[object, ...]] = ()) -> None:
    """Make a temporary table anew, with these rows."""
    cursor.execute(f"DROP TABLE IF EXISTS {table}")
    cursor.execute(f"CREATE TEMP TABLE {table} ({columns})")
    for start in range(0, len(rows), TOGETHER):
        some = rows[start : start + TOGETHER]
        row = f"({', '.join(['%s'] * len(some[0]))})"
        cursor.execute(f"INSERT INTO {table} VALUES {', '.join([row] * len(some))}", list(chain.from_iterable(some)))
    if rows:
        count_rows(cursor, table)


def count_rows(cursor: Any, table: str) -> None:
    """A planner that knows nothing of a new table takes it for large or empty, and chooses badly."""
    if cursor.db.vendor == "postgresql":
        cursor.execute(f"ANALYZE {table}")
