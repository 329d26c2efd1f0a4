"""Digests of people's facts, made by the database, which need no row to leave it: any change of a fact changes one."""

from collections.abc import Iterator
from functools import cache
from hashlib import md5
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL

from assessment.models import AnnualAssessment
from payroll.rules.slip import Jurisdiction
from payroll.selectors.scales import signature
from workers.models import (
    Certificate,
    Contract,
    EducationRecord,
    Exit,
    Placement,
    PostAssignment,
    ServiceGap,
    Worker,
)

CHUNK = 5_000
TABLE = "run_digest"
# What a replay is given; a name or an account changes nobody's pay.
FACTS: dict[type[Model], tuple[str, ...]] = {
    Worker: ("hired_on", "entry_education", "category"),
    PostAssignment: ("start", "community_id", "post", "position", "dual"),
    EducationRecord: ("earned_on", "level"),
    Certificate: ("approved_on", "level"),
    ServiceGap: ("first_day", "last_day"),
    Placement: ("month", "credited_months"),
    AnnualAssessment: ("year", "result"),
    Exit: ("left_on",),
    Contract: ("start", "end", "probation_end"),
}
DECIDING = ("payroll/rules", "songshan_cw/policy", "songshan_cw/periods.py", "songshan_cw/money.py")


def hold_digests(workers: QuerySet[Worker]) -> None:
    """Put everybody's digest into a temporary table, gone with the transaction. Before any fact is read: a fact that
    changes meanwhile then only makes the next run look again."""
    keys, parameters = workers.order_by().values("pk").query.sql_with_params()
    wanted = f"SELECT * FROM ({_facts()}) f WHERE worker_id IN ({keys})"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        if connection.vendor == "postgresql":
            text = """string_agg(fact, ';' ORDER BY fact COLLATE "C")"""
            rows = f"SELECT worker_id, md5({text}) AS digest FROM ({wanted}) w"
            cursor.execute(f"CREATE TEMP TABLE {TABLE} ON COMMIT DROP AS {rows} GROUP BY worker_id", parameters)
            cursor.execute(f"CREATE UNIQUE INDEX ON {TABLE} (worker_id)")
            cursor.execute(f"ANALYZE {TABLE}")
            return
        rows = f"SELECT worker_id, md5(group_concat(fact, ';')) AS digest FROM ({wanted} ORDER BY worker_id, fact) w"
        cursor.execute(f"CREATE TEMP TABLE {TABLE} (worker_id integer PRIMARY KEY, digest text)")
        cursor.execute(f"INSERT INTO {TABLE} {rows} GROUP BY worker_id", parameters)


def held_people() -> QuerySet[Worker]:
    """Whose digest is held."""
    return Worker.objects.filter(pk__in=RawSQL(f"SELECT worker_id FROM {TABLE}", ()))


class Digests:
    """Digest and settlement mark of one person after the other, asked for in key order."""

    def __init__(self) -> None:
        self._rows = _stream()
        self._next: tuple[int, str, str | None] | None = next(self._rows, None)

    def of(self, key: int) -> tuple[str, str | None]:
        """Both empty for somebody whose digest is not held."""
        while self._next is not None and self._next[0] < key:
            self._next = next(self._rows, None)
        if self._next is None or self._next[0] != key:
            return "", None
        return self._next[1:]


def _stream() -> Iterator[tuple[int, str, str | None]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT d.worker_id, d.digest, m.facts_digest FROM {TABLE} d "
            "LEFT JOIN payroll_settlement m ON m.worker_id = d.worker_id ORDER BY d.worker_id"
        )
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def context_of(jurisdiction: Jurisdiction) -> str:
    """What else decides: the confirmed tables, the policies, and the rules as they are written. After an upgrade that
    touches a rule everybody is looked at once."""
    versions = ",".join(policy.version for policy in jurisdiction.timeline.policies)
    return f"{signature(jurisdiction.scales)}|{versions}|{_rules_as_written()}"


def digest_in(context: str, digest: str) -> str:
    """As the database makes it: ``md5(digest || context)``."""
    return md5((digest + context).encode(), usedforsecurity=False).hexdigest()


@cache
def _rules_as_written() -> str:
    files = [path for name in DECIDING for path in _files(Path(settings.BASE_DIR, name))]
    return md5(b"".join(path.read_bytes() for path in files), usedforsecurity=False).hexdigest()


def _files(path: Path) -> list[Path]:
    return sorted(found for found in path.rglob("*") if found.suffix in {".py", ".yaml"}) if path.is_dir() else [path]


def _facts() -> str:
    return " UNION ALL ".join(_part(number, model, columns) for number, (model, columns) in enumerate(FACTS.items()))


def _part(number: int, model: Any, columns: tuple[str, ...]) -> str:
    key = "id" if model is Worker else "worker_id"
    texts = " || '|' || ".join(f"coalesce(CAST({connection.ops.quote_name(name)} AS text), '')" for name in columns)
    return f"SELECT {key} AS worker_id, '{number}|' || {texts} AS fact FROM {model._meta.db_table}"
