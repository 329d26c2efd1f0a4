"""Writes a plan: one transaction, a fixed number of statements, every change kept with old and new."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, models

from songshan_cw import periods
from songshan_cw.bulk import insert_rows, reserve_ids, update_rows
from songshan_cw.refusal import NotAllowed, Overtaken, Refused
from songshan_cw.transactions import whole
from workers.identity import masked_account
from workers.models import Change, Contract, User, WorkbookImport, Worker
from workers.standing import refresh_standing
from workers.workbook.collector import collector_paused
from workers.workbook.merging import CREATED, Outcome
from workers.workbook.people import Person
from workers.workbook.planning import ImportPlan, plan_import
from workers.workbook.reading import Reading, read_workbook
from workers.workbook.sheets import ROSTER, all_sheets
from workers.workbook.stored import CONTRACT_FIELDS, WORKER_FIELDS

PERMISSION = "workers.import_workbook"
LOCK = 7_150_404
LISTED_FAULTS = 20
PLAIN_FIELDS = frozenset(
    {column.field for column in ROSTER.columns if column.kind == "text"} - {"bank_account", "community_id", "street"}
)
CHANGE_COLUMNS = ("at", "actor_id", "workbook_import_id", "worker_id", "street_id", "subject", "items", "reason")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; ``record`` is None where faults kept it from writing anything."""

    plan: ImportPlan
    record: WorkbookImport | None


def require_import_right(actor: User | None) -> None:
    if actor is not None and not actor.has_perm(PERMISSION):
        raise NotAllowed("您没有导入人事工作簿的权限。请由街道经办或系统管理员导入。")


def apply_import(reading: Reading, *, actor: User | None, at: datetime) -> Imported:
    """Plan afresh inside the transaction, so that nothing stale is written, and write all of it or nothing."""
    require_import_right(actor)
    try:
        return _apply(reading, actor, at)
    except IntegrityError as conflict:
        raise Overtaken("导入时有人改动了同一批人员，没有写入任何内容。请重新上传，再看一次预览。") from conflict


@whole
def _apply(reading: Reading, actor: User | None, at: datetime) -> Imported:
    with collector_paused():
        _one_at_a_time()
        plan = plan_import(reading, actor=actor, at=at, lock=True)
        if plan.faults:
            return Imported(plan, None)
        record = WorkbookImport.objects.create(
            actor=actor,
            file_name=reading.file_name,
            sha256=reading.sha256,
            row_count=plan.rows,
            created_count=plan.created,
            updated_count=plan.updated,
            unchanged_count=plan.unchanged,
        )
        _write(plan, record, actor, at)
    return Imported(plan, record)


def import_file(path: str | Path, *, actor: User | None, at: datetime, file_name: str = "") -> Imported:
    """Read and apply in one go, for callers who have no one to show faults to: any fault is a refusal."""
    done = apply_import(read_workbook(path, file_name=file_name), actor=actor, at=at)
    if done.record is None:
        listed = "\n".join(f"{fault.place}：{fault.message}" for fault in done.plan.faults[:LISTED_FAULTS])
        raise Refused(f"工作簿有{len(done.plan.faults)}处问题，没有写入任何内容。\n{listed}")
    return done


def _one_at_a_time() -> None:
    """Two imports of the same people must not interleave; SQLite's transactions already are one at a time."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _write(plan: ImportPlan, record: WorkbookImport, actor: User | None, at: datetime) -> None:
    if not plan.outcomes:
        return
    keys = _write_people(plan)
    columns = {sheet.model: sheet.fields for sheet in all_sheets() if sheet is not ROSTER} | {Contract: CONTRACT_FIELDS}
    for model, rows in plan.writes.inserts.items():
        names = columns[model]
        rest = _fields_beside(model, names)
        blanks = [field.get_default() for field in rest]
        insert_rows(
            model,
            ("worker_id", *names, *(field.attname for field in rest)),
            ((keys[person.id_number], *(values[name] for name in names), *blanks) for person, values in rows),
        )
    for model, changed in plan.writes.updates.items():
        names = columns.get(model, WORKER_FIELDS)
        update_rows(model, names, ((pk, *(values[name] for name in names)) for pk, values in changed))
    refresh_standing({keys[outcome.person.id_number] for outcome in plan.outcomes})
    insert_rows(Change, CHANGE_COLUMNS, _changes(plan, record, actor, at, keys))


def _fields_beside(model: type[models.Model], names: tuple[str, ...]) -> "list[models.Field[Any, Any]]":
    """Fields that the workbook has no column for and that must not be null: they get their default."""
    taken = {"worker_id", *names}
    fields = [field for field in model._meta.concrete_fields if not field.null and not field.primary_key]
    return [field for field in fields if field.attname not in taken]


def _write_people(plan: ImportPlan) -> dict[str, int]:
    """New people first, under keys reserved for them; returns the key of everybody the plan touches."""
    people, workers = plan.writes.new_people, plan.writes.new_workers
    ids = reserve_ids(Worker, len(people)) if people else ()
    insert_rows(
        Worker,
        ("id", *WORKER_FIELDS),
        ((pk, *(values[name] for name in WORKER_FIELDS)) for pk, values in zip(ids, workers, strict=True)),
    )
    keys = {person.id_number: pk for person, pk in zip(people, ids, strict=True)}
    for outcome in plan.outcomes:
        if outcome.person.stored is not None:
            keys[outcome.person.id_number] = outcome.person.stored.pk
    return keys


def _changes(
    plan: ImportPlan, record: WorkbookImport, actor: User | None, at: datetime, keys: dict[str, int]
) -> Iterator[tuple[Any, ...]]:
    """One record per person touched."""
    by_person: dict[str, tuple[Person, list[list[str]]]] = {}
    for outcome in plan.outcomes:
        _, items = by_person.setdefault(outcome.person.id_number, (outcome.person, []))
        items.extend(change_items(outcome, plan))
    actor_id = actor.pk if actor else None
    for number, (person, items) in by_person.items():
        yield at, actor_id, record.pk, keys[number], _street(person), person.name, items, ""


def _street(person: Person) -> str | None:
    given = person.roster.values["street"] if person.roster else None
    return given or (person.stored.street if person.stored else None) or None


def change_items(outcome: Outcome, plan: ImportPlan) -> list[list[str]]:
    """``[record, key, field, old, new]`` for each field; a new record is one item with all it holds."""
    sheet = outcome.sheet
    key = " ".join(shown_value(outcome.values[name], name, plan) for name in sheet.key)
    if outcome.kind == CREATED:
        given = [shown_value(value, field, plan) for field in sheet.fields if (value := outcome.values[field])]
        return [[sheet.name, key, "新增", "", " ".join(given)]]
    headers = {column.field: column.header for column in sheet.columns}
    return [
        [
            sheet.name,
            key,
            headers[change.field],
            shown_value(change.old, change.field, plan),
            shown_value(change.new, change.field, plan),
        ]
        for change in outcome.changes
    ]


def shown_value(value: Any, field: str, plan: ImportPlan) -> str:
    """A value as people read it; account numbers masked."""
    if value is None or value == "":
        return ""
    if field in PLAIN_FIELDS:
        return value  # type: ignore[no-any-return]
    if field == "bank_account":
        return masked_account(value)
    if field in {"community_id", "street"} and plan.places is not None:
        return plan.places.name(value)
    if field == "month":
        return periods.label(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)
