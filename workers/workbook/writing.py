"""Writes a plan: one transaction, a fixed number of statements, every change kept with old and new."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, models

from songshan_cw.data.bulk import plan_for_many, reserve_ids, update_rows
from songshan_cw.data.collector import collector_paused
from songshan_cw.data.refusal import NotAllowed, Overtaken, Refused
from songshan_cw.data.relay import Relay
from songshan_cw.data.transactions import whole
from workers.models import Change, Contract, User, WorkbookImport, Worker
from workers.services.standing import refresh_standing
from workers.workbook.changes import Digest, change_items
from workers.workbook.people import Person
from workers.workbook.planning import ImportPlan, Share, open_workbook, plan_import
from workers.workbook.progress import Tell, silent
from workers.workbook.reading import Reading
from workers.workbook.sheets import ROSTER, all_sheets
from workers.workbook.stored import CONTRACT_FIELDS, WORKER_COLUMNS, worker_row

PERMISSION = "workers.import_workbook"
LOCK = 7_150_404
IN_HAND = 40  # jobs: about what two shares come to
LISTED_FAULTS = 20
CHANGE_COLUMNS = ("at", "actor_id", "workbook_import_id", "worker_id", "street_id", "subject", "items", "reason")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; ``record`` is None where faults kept it from writing anything."""

    plan: ImportPlan
    record: WorkbookImport | None


def require_import_right(actor: User | None) -> None:
    if actor is not None and not actor.has_perm(PERMISSION):
        raise NotAllowed("您没有导入人事工作簿的权限。请由街道经办或系统管理员导入。")


class _Faulty(Exception):
    """Ends the transaction: what was written of other people is taken back."""

    def __init__(self, plan: ImportPlan) -> None:
        super().__init__()
        self.plan = plan


def apply_import(
    reading: Reading, *, actor: User | None, at: datetime, digest: Digest | None = None, tell: Tell = silent
) -> Imported:
    """Plan afresh inside the transaction, so that nothing stale is written, and write all of it or nothing."""
    require_import_right(actor)
    try:
        return _apply(reading, actor, at, digest, tell)
    except _Faulty as found:
        return Imported(found.plan, None)
    except IntegrityError as conflict:
        raise Overtaken("导入时有人改动了同一批人员，没有写入任何内容。请重新上传，再看一次预览。") from conflict


@whole
def _apply(reading: Reading, actor: User | None, at: datetime, digest: Digest | None, tell: Tell) -> Imported:
    with collector_paused():
        _one_at_a_time()
        plan_for_many(Change._meta.get_field("workbook_import"))
        [key] = reserve_ids(WorkbookImport, 1)
        with Relay(IN_HAND) as relay:
            relay.start()
            take = Writer(key, actor, at, digest, relay).write
            plan = plan_import(reading, actor=actor, at=at, writing=True, take=take, tell=tell, relay=relay)
        if plan.faults:
            raise _Faulty(plan)
        tell("正在提交", 1, 1)
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
    return Imported(plan, record)


def import_file(path: str | Path, *, actor: User | None, at: datetime, file_name: str = "") -> Imported:
    """Read and apply in one go, for callers who have no one to show faults to: any fault is a refusal."""
    done = apply_import(open_workbook(path, file_name=file_name), actor=actor, at=at)
    if done.record is None:
        listed = "\n".join(f"{fault.place}：{fault.message}" for fault in done.plan.faults[:LISTED_FAULTS])
        raise Refused(f"工作簿有{len(done.plan.faults)}处问题，没有写入任何内容。\n{listed}")
    return done


def _one_at_a_time() -> None:
    """Two imports of the same people must not interleave; SQLite's transactions already are one at a time."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


class Writer:
    """Has one share after the other written in the transaction of the import; its record follows at the end."""

    def __init__(self, record: int, actor: User | None, at: datetime, digest: Digest | None, relay: Relay) -> None:
        self.record, self.actor, self.at, self.digest, self.relay = record, actor, at, digest, relay
        sheets = [sheet for sheet in all_sheets() if sheet is not ROSTER]
        self.columns = {sheet.model: sheet.fields for sheet in sheets} | {Contract: CONTRACT_FIELDS}

    def write(self, share: Share) -> None:
        keys = self._write_people(share)
        for model, rows in share.writes.inserts.items():
            self._insert(model, rows, keys)
        for model, changed in share.writes.updates.items():
            names = WORKER_COLUMNS if model is Worker else self.columns[model]
            rows = [
                (pk, *(worker_row(values) if model is Worker else [values[name] for name in names]))
                for pk, values in changed
            ]
            self.relay.submit(partial(update_rows, model, names, rows))
        self.relay.submit(partial(refresh_standing, {keys[outcome.person.id_number] for outcome in share.outcomes}))
        self.relay.insert(Change, CHANGE_COLUMNS, list(self._changes(share, keys)))

    def _write_people(self, share: Share) -> dict[str, int]:
        """New people first, under keys reserved for them; returns the key of everybody the share touches."""
        people, workers = share.writes.new_people, share.writes.new_workers
        rows = [(pk, *worker_row(values)) for pk, values in zip(share.keys, workers, strict=True)]
        self.relay.insert(Worker, ("id", *WORKER_COLUMNS), rows)
        keys = {person.id_number: pk for person, pk in zip(people, share.keys, strict=True)}
        for outcome in share.outcomes:
            if outcome.person.stored is not None:
                keys[outcome.person.id_number] = outcome.person.stored.pk
        return keys

    def _insert(
        self, model: type[models.Model], rows: list[tuple[Person, dict[str, Any]]], keys: dict[str, int]
    ) -> None:
        names = self.columns[model]
        rest = _fields_beside(model, names)
        blanks = [field.get_default() for field in rest]
        columns = ("worker_id", *names, *(field.attname for field in rest))
        filled = [(keys[person.id_number], *[values[name] for name in names], *blanks) for person, values in rows]
        self.relay.insert(model, columns, filled)

    def _changes(self, share: Share, keys: dict[str, int]) -> Iterator[tuple[Any, ...]]:
        """One record per person touched."""
        by_person: dict[str, tuple[Person, list[list[str]]]] = {}
        for outcome in share.outcomes:
            items = change_items(outcome, share.places)
            if self.digest is not None:
                self.digest.add(outcome, items)
            by_person.setdefault(outcome.person.id_number, (outcome.person, []))[1].extend(items)
        actor_id = self.actor.pk if self.actor else None
        for number, (person, items) in by_person.items():
            yield self.at, actor_id, self.record, keys[number], _street(person), person.name, items, ""


def _fields_beside(model: type[models.Model], names: tuple[str, ...]) -> "list[models.Field[Any, Any]]":
    """Fields that the workbook has no column for and that must not be null: they get their default."""
    taken = {"worker_id", *names}
    fields = [field for field in model._meta.concrete_fields if not field.null and not field.primary_key]
    return [field for field in fields if field.attname not in taken]


def _street(person: Person) -> str | None:
    given = person.roster.values["street"] if person.roster else None
    return given or (person.stored.street if person.stored else None) or None
