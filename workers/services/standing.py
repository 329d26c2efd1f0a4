"""Rebuild current positions from the dated rows in the database, two statements for each ten thousand people."""

from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from itertools import islice

from django.db import connection, models, transaction

from songshan_cw.words.terms import CertificateLevel, Education
from workers.models import Certificate, Contract, EducationRecord, Exit, PostAssignment, Standing, Worker

CHUNK = 10_000
COLUMNS = (
    "street_id",
    "community_id",
    "post",
    "position",
    "dual",
    "education",
    "certificate",
    "contract_end",
    "left_on",
)


def refresh_standing(worker_ids: Collection[int] | None) -> None:
    """Update the current positions of these people (None: of everybody), leaving unchanged rows alone."""
    with transaction.atomic(), connection.cursor() as cursor:
        for chunk in _chunks(worker_ids):
            condition, parameters = _belongs(chunk)
            cursor.execute(_forget_statement(condition), parameters)
            cursor.execute(_upsert_statement(condition), parameters)


def _chunks(worker_ids: Collection[int] | None) -> Iterator[list[int] | None]:
    if worker_ids is None:
        yield None
        return
    source = iter(sorted(set(worker_ids)))
    while chunk := list(islice(source, CHUNK)):
        yield chunk


def _belongs(chunk: list[int] | None) -> tuple[str, list[object]]:
    if chunk is None:
        return "1 = 1", []
    if connection.vendor == "postgresql":
        return "{key} = ANY(%s)", [chunk]
    marks = ", ".join(["%s"] * len(chunk))
    return f"{{key}} IN ({marks})", list(chunk)


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _forget_statement(condition: str) -> str:
    """Delete the positions of people without any appointment."""
    standing = _table(Standing)
    return (
        f"DELETE FROM {standing} WHERE {condition.format(key='worker_id')} AND NOT EXISTS "
        f"(SELECT 1 FROM {_table(PostAssignment)} p WHERE p.worker_id = {standing}.worker_id)"
    )


def _upsert_statement(condition: str) -> str:
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    sets = ", ".join(f'"{name}" = excluded."{name}"' for name in COLUMNS)
    differs = " OR ".join(f'{_table(Standing)}."{name}" {_is_not()} excluded."{name}"' for name in COLUMNS)
    return (
        f"INSERT INTO {_table(Standing)} (worker_id, {names}) {_select(condition)} "
        f"ON CONFLICT (worker_id) DO UPDATE SET {sets} WHERE {differs}"
    )


def _select(condition: str) -> str:
    assignment = _table(PostAssignment)
    return f"""
        SELECT w.id, substr(p.community_id, 1, 9), p.community_id, p.post, p."position", p.dual,
               {_education()}, {_certificate()},
               (SELECT c."end" FROM {_table(Contract)} c WHERE c.worker_id = w.id ORDER BY c.start DESC LIMIT 1),
               x.left_on
          FROM {_table(Worker)} w
          JOIN {assignment} p ON p.worker_id = w.id
           AND p.start = (SELECT max(q.start) FROM {assignment} q WHERE q.worker_id = w.id)
          LEFT JOIN {_table(Exit)} x ON x.worker_id = w.id
         WHERE {condition.format(key="w.id")}"""


def _education() -> str:
    """Select the highest of the education at hiring and later degrees."""
    return (
        "(SELECT h.level FROM (SELECT w.entry_education AS level UNION ALL "
        f"SELECT d.level FROM {_table(EducationRecord)} d WHERE d.worker_id = w.id) h "
        f"ORDER BY {_rank('h.level', list(Education))} DESC LIMIT 1)"
    )


def _certificate() -> str:
    return (
        f"COALESCE((SELECT k.level FROM {_table(Certificate)} k WHERE k.worker_id = w.id "
        f"ORDER BY {_rank('k.level', list(CertificateLevel))} DESC LIMIT 1), '')"
    )


def _rank(column: str, terms: Sequence[StrEnum]) -> str:
    cases = " ".join(f"WHEN '{term}' THEN {rank}" for rank, term in enumerate(terms))
    return f"CASE {column} {cases} ELSE -1 END"


def _is_not() -> str:
    return "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
