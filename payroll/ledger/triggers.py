"""All triggers of ledgers and trails: create, check, and lift for a restore."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from payroll.ledger import finality
from songshan_cw.data import append_only

APPEND_ONLY = (
    *("workers_change", "workers_privateaccess", "workers_workbookimport", "workers_signinattempt"),
    *("payroll_runseal", "payroll_trailseal", "payroll_performanceseal", "payroll_reviewtick"),
    *("payroll_receivable", "payroll_receivableentry"),
)
CREATED = re.compile(r"CREATE (FUNCTION|TRIGGER) (\w+)")
STANDING_POSTGRESQL = """
SELECT 'TRIGGER', t.tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND n.nspname = current_schema()
UNION ALL
SELECT 'FUNCTION', p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = current_schema()
"""
STANDING_SQLITE = "SELECT 'TRIGGER', name, sql FROM sqlite_master WHERE type = 'trigger'"


def create_statements(vendor: str) -> Iterator[str]:
    yield from finality.create_statements(vendor)
    yield from append_only.create_statements(vendor, APPEND_ONLY)


def drop_statements(vendor: str) -> Iterator[str]:
    yield from finality.drop_statements(vendor)
    yield from append_only.drop_statements(vendor, APPEND_ONLY)


@contextmanager
def lifted() -> Iterator[None]:
    """Drop the triggers and create them again, inside the caller's transaction."""
    _execute(drop_statements(connection.vendor))
    yield
    _execute(create_statements(connection.vendor))


def not_standing() -> list[str]:
    """Return the names of triggers and functions that are missing, disabled or differ from this version."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING_POSTGRESQL if connection.vendor == "postgresql" else STANDING_SQLITE)
        standing = {(kind, name): text for kind, name, text in cursor.fetchall()}
    return sorted(
        name for kind, name, text in _expected(connection.vendor) if not _same(standing.get((kind, name)), text)
    )


def _expected(vendor: str) -> Iterator[tuple[str, str, str]]:
    """Return (kind, name, text) of each trigger and function."""
    for statement in create_statements(vendor):
        found = CREATED.match(statement)
        if found:
            text = statement.split("$$")[1] if found[1] == "FUNCTION" else statement
            yield found[1], found[2], text


def _same(standing: str | None, expected: str) -> bool:
    """Compare without the spaces, brackets, casts and schema names that PostgreSQL adds."""
    return standing is not None and _bare(standing) == _bare(expected)


def _bare(text: str) -> str:
    text = re.sub(r"::(text|character varying)|\bpublic\.|[\s()]", "", text)
    return re.sub(r"(DELETE|UPDATE)OR(DELETE|UPDATE)", "UPDATEORDELETE", text).lower()


def _execute(statements: Iterator[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
