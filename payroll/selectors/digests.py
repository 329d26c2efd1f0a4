"""Digests of people's facts, made by the database, which need no row to leave it: any change of a fact changes one."""

from collections.abc import Iterable
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
from songshan_cw.data.holding import count_rows, hold
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

TABLE, UNSETTLED = "run_digest", "run_unsettled"
# (worker, digest, unsettled) of everybody held, in key order
DIGEST_ROWS = (
    f"SELECT d.worker_id, d.digest, u.worker_id IS NOT NULL FROM {TABLE} d "
    f"LEFT JOIN {UNSETTLED} u ON u.worker_id = d.worker_id ORDER BY d.worker_id"
)
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
# In whatever order the facts come, so that none need be sorted. No two facts of a person are the same text: each table
# keeps them apart by a key of theirs. It tells that something changed; it seals nothing.
ANY_ORDER = "to_hex(bit_xor(hashtextextended(fact, 1))) || '.' || to_hex(bit_xor(hashtextextended(fact, 2)))"
DECIDING = ("payroll/rules", "songshan_cw/policy", "songshan_cw/words/periods.py", "songshan_cw/words/money.py")


def hold_digests(workers: QuerySet[Worker] | None) -> None:
    """Put the digest of each, of everybody when none are named, into a temporary table, gone with the transaction.
    Before any fact is read: a fact that changes meanwhile then only makes the next run look again."""
    wanted, parameters = f"SELECT * FROM ({_facts()}) f", ()
    if workers is not None:
        keys, parameters = workers.order_by().values("pk").query.sql_with_params()
        wanted += f" WHERE worker_id IN ({keys})"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        if connection.vendor == "postgresql":
            rows = f"SELECT worker_id, {ANY_ORDER} AS digest FROM ({wanted}) w"
            cursor.execute(f"CREATE TEMP TABLE {TABLE} ON COMMIT DROP AS {rows} GROUP BY worker_id", parameters)
            cursor.execute(f"CREATE UNIQUE INDEX ON {TABLE} (worker_id)")
            cursor.execute(f"ANALYZE {TABLE}")
            return
        rows = f"SELECT worker_id, md5(group_concat(fact, ';')) AS digest FROM ({wanted} ORDER BY worker_id, fact) w"
        cursor.execute(f"CREATE TEMP TABLE {TABLE} (worker_id integer PRIMARY KEY, digest text)")
        cursor.execute(f"INSERT INTO {TABLE} {rows} GROUP BY worker_id", parameters)


def held() -> RawSQL:
    """The keys of those whose digest is held."""
    return RawSQL(f"SELECT worker_id FROM {TABLE}", ())


def of_the_held(model: Any) -> QuerySet[Any]:
    """The records of those whose digest is held."""
    return model._default_manager.filter(worker__in=held())


def hold_unsettled(contexts: Iterable[str]) -> None:
    """Put those of the held whose facts or context are not those of their settlement mark into a table of their own:
    decided once, so that who is looked at and whose ledger is read are the same people. Nobody where there is no
    context: no month is closed yet."""
    known = list(contexts)
    marks = ", ".join(["md5(d.digest || %s)"] * len(known))
    with connection.cursor() as cursor:
        hold(cursor, UNSETTLED, "worker_id bigint PRIMARY KEY")
        if known:
            cursor.execute(
                f"INSERT INTO {UNSETTLED} SELECT d.worker_id FROM {TABLE} d "
                "LEFT JOIN payroll_settlement m ON m.worker_id = d.worker_id "
                f"WHERE m.facts_digest IS NULL OR m.facts_digest NOT IN ({marks})",
                known,
            )
        count_rows(cursor, UNSETTLED)


def count_held() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {TABLE}")
        return cursor.fetchone()[0]


def unsettled() -> RawSQL:
    """The keys of those held who are not settled."""
    return RawSQL(f"SELECT worker_id FROM {UNSETTLED}", ())


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
