"""Write an import: one transaction, a fixed number of statements a batch, every change kept with old and new."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, models

from songshan_cw.data.bulk import insert_rows, reserve_ids, update_rows
from songshan_cw.data.refusal import NotAllowed, Overtaken, Refused
from songshan_cw.data.transactions import whole
from workers.models import Change, Contract, User, WorkbookImport, Worker
from workers.rules.rights import who_may
from workers.services.standing import refresh_standing
from workers.workbook.changes import Digest, change_items
from workers.workbook.mending import Mended
from workers.workbook.people import Person
from workers.workbook.planning import Batch, ImportPlan, open_workbook, plan_import
from workers.workbook.progress import Progress, silent
from workers.workbook.reading import Reading
from workers.workbook.sheets import ROSTER, all_sheets
from workers.workbook.stored import CONTRACT_FIELDS, WORKER_COLUMNS, worker_row
from workers.workbook.undoing import keep_rows

PERMISSION = "workers.import_workbook"
LOCK = 7_150_404
LISTED_FAULTS = 20
CHANGE_COLUMNS = (
    "at",
    "actor_id",
    "workbook_import_id",
    "worker_id",
    "street_id",
    "subject",
    "items",
    "reason",
    "channel",
)


@dataclass(frozen=True, slots=True)
class Imported:
    """The result of an import. ``record`` is None where faults prevented it."""

    plan: ImportPlan
    record: WorkbookImport | None


def require_import_right(actor: User | None) -> None:
    if actor is not None and not actor.has_perm(PERMISSION):
        raise NotAllowed(who_may(PERMISSION))


class _Faulty(Exception):
    """End the transaction, so that the batches written before the fault are rolled back."""

    def __init__(self, plan: ImportPlan) -> None:
        super().__init__()
        self.plan = plan


def apply_import(
    reading: Reading,
    *,
    actor: User | None,
    at: datetime,
    digest: Digest | None = None,
    progress: Progress = silent,
    answers: Mapping[str, str] | None = None,
    suggestions: bool = False,
    mended: Mended | None = None,
) -> Imported:
    """Plan anew inside the transaction, so that nothing stale is written, and write all of it or nothing."""
    require_import_right(actor)
    try:
        with _without_collector():
            plan = partial(
                plan_import, reading, actor=actor, at=at, answers=answers, suggestions=suggestions, mended=mended
            )
            return _apply(reading, plan, actor, at, digest, progress)
    except _Faulty as found:
        return Imported(found.plan, None)
    except IntegrityError as conflict:
        raise Overtaken("导入时有人改动了同一批人员，没有写入任何内容。请重新上传，再看一次预览。") from conflict


@whole
def _apply(
    reading: Reading,
    planned: Callable[..., ImportPlan],
    actor: User | None,
    at: datetime,
    digest: Digest | None,
    progress: Progress,
) -> Imported:
    _one_at_a_time()
    [key] = reserve_ids(WorkbookImport, 1)
    take = Writer(key, actor, at, digest).write
    plan = planned(writing=True, take=take, progress=progress)
    if plan.blocked:
        raise _Faulty(plan)
    progress("正在提交", 1, 1)
    record = WorkbookImport.objects.create(
        pk=key,
        actor=actor,
        file_name=reading.file_name,
        sha256=reading.sha256,
        row_count=plan.rows,
        created_count=plan.created,
        updated_count=plan.updated,
        unchanged_count=plan.unchanged,
    )
    _check_references()
    return Imported(plan, record)


def import_file(path: str | Path, *, actor: User | None, at: datetime, file_name: str = "") -> Imported:
    """Read and write in one call. Any fault is a refusal."""
    done = apply_import(open_workbook(path, file_name=file_name), actor=actor, at=at)
    if done.record is None:
        lines = [f"{fault.place}：{fault.message}" for fault in done.plan.faults[:LISTED_FAULTS]]
        lines += [question.message for question in done.plan.questions[:LISTED_FAULTS]]
        count = len(done.plan.faults) + len(done.plan.questions)
        raise Refused("\n".join([f"工作簿有{count}处问题，没有写入任何内容。", *lines]))
    return done


def _one_at_a_time() -> None:
    """Make imports wait for each other. SQLite's transactions already do."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@contextmanager
def _without_collector() -> Iterator[None]:
    """Pause the cyclic garbage collector: it would go through the rows of a batch again and again, a third of the time
    of an import, and find nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _check_references() -> None:
    """Check references now rather than at the caller's commit, so that a conflict is refused as one of this import."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


class Writer:
    """Writes one batch after the other in the transaction of the import, whose record follows at the end."""

    def __init__(self, record: int, actor: User | None, at: datetime, digest: Digest | None) -> None:
        self.record, self.actor, self.at, self.digest = record, actor, at, digest
        sheets = [sheet for sheet in all_sheets() if sheet is not ROSTER]
        self.columns = {sheet.model: sheet.fields for sheet in sheets} | {Contract: CONTRACT_FIELDS}

    def write(self, batch: Batch) -> None:
        keys, new_people = self._write_people(batch)
        inserted = {Worker: new_people} if new_people else {}
        for model, rows in batch.writes.inserts.items():
            inserted[model] = self._insert(model, rows, keys)
        updated = {model: self._changed(model, rows) for model, rows in batch.writes.updates.items()}
        keep_rows(self.record, inserted, updated)
        for model, changed in updated.items():
            update_rows(model, WORKER_COLUMNS if model is Worker else self.columns[model], changed)
        refresh_standing({keys[outcome.person.id_number] for outcome in batch.outcomes})
        insert_rows(Change, CHANGE_COLUMNS, self._changes(batch, keys))

    def _changed(self, model: type[models.Model], rows: list[tuple[int, dict[str, Any]]]) -> list[tuple[Any, ...]]:
        if model is Worker:
            return [(pk, *worker_row(values)) for pk, values in rows]
        return [(pk, *(values[name] for name in self.columns[model])) for pk, values in rows]

    def _write_people(self, batch: Batch) -> tuple[dict[str, int], list[tuple[Any, ...]]]:
        """Write new people under keys reserved for them.

        Return the key of everybody the batch touches by ID number, and the rows written, each after its key.
        """
        people, workers = batch.writes.new_people, batch.writes.new_workers
        new_keys = reserve_ids(Worker, len(people)) if people else ()
        rows = [(pk, *worker_row(values)) for pk, values in zip(new_keys, workers, strict=True)]
        insert_rows(Worker, ("id", *WORKER_COLUMNS), rows)
        keys = {person.id_number: pk for person, pk in zip(people, new_keys, strict=True)}
        for outcome in batch.outcomes:
            if outcome.person.stored is not None:
                keys[outcome.person.id_number] = outcome.person.stored.pk
        return keys, rows

    def _insert(
        self, model: type[models.Model], rows: list[tuple[Person, dict[str, Any]]], keys: dict[str, int]
    ) -> list[tuple[Any, ...]]:
        """Write new rows under keys reserved for them; return each key with the imported values."""
        names = self.columns[model]
        rest = _fields_beside(model, names)
        blanks = [field.get_default() for field in rest]
        columns = ("id", "worker_id", *names, *(field.attname for field in rest))
        written = [
            (pk, *[values[name] for name in names])
            for pk, (_, values) in zip(reserve_ids(model, len(rows)), rows, strict=True)
        ]
        filled = (
            (pk, keys[person.id_number], *values, *blanks)
            for (pk, *values), (person, _) in zip(written, rows, strict=True)
        )
        insert_rows(model, columns, filled)
        return written

    def _changes(self, batch: Batch, keys: dict[str, int]) -> Iterator[tuple[Any, ...]]:
        """One record per person touched."""
        by_person: dict[str, tuple[Person, list[list[str]]]] = {}
        for outcome in batch.outcomes:
            items = change_items(outcome, batch.places)
            if self.digest is not None:
                self.digest.add(outcome, items)
            by_person.setdefault(outcome.person.id_number, (outcome.person, []))[1].extend(items)
        actor_id, channel = (self.actor.pk, self.actor.channel or None) if self.actor else (None, None)
        for number, (person, items) in by_person.items():
            yield self.at, actor_id, self.record, keys[number], _street(person), person.name, items, "", channel


def _fields_beside(model: type[models.Model], names: tuple[str, ...]) -> "list[models.Field[Any, Any]]":
    """Fields that the workbook has no column for and that must not be null: they get their default."""
    taken = {"worker_id", *names}
    fields = [field for field in model._meta.concrete_fields if not field.null and not field.primary_key]
    return [field for field in fields if field.attname not in taken]


def _street(person: Person) -> str | None:
    given = person.roster.values["street"] if person.roster else None
    return given or (person.stored.street if person.stored else None) or None
