"""Take an import back whole: what it added goes, and what it changed is as it was before."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import ProtectedError
from django.utils.timezone import localdate

from songshan_cw.data.bulk import update_rows
from songshan_cw.data.refusal import Overtaken, Refused
from workers.models import ImportedRows, Standing, UndoneImport, User, WorkbookImport, Worker
from workers.rules.judge import judge_change, refusals
from workers.selectors.dossiers import StoredRows, dossier_with, stored_rows_of
from workers.selectors.scope import visible
from workers.services.standing import refresh_standing
from workers.services.trail import record_change
from workers.workbook.sheets import ROSTER, all_sheets
from workers.workbook.stored import CONTRACT_FIELDS, WORKER_COLUMNS

encode = DjangoJSONEncoder(ensure_ascii=False).encode
Model = type[models.Model]
Keyed = dict[Model, list[tuple[Any, ...]]]  # rows of a model: the key, then the imported values
Written = list[Any]  # model label, key, values before or None, values after
LISTED = 5


@dataclass(frozen=True, slots=True)
class Undo:
    """What taking an import back would do. ``in_the_way``: names of people with later entries on what it wrote."""

    record: WorkbookImport
    new_workers: tuple[int, ...]
    workers: tuple[int, ...]
    rows: tuple[Written, ...] = field(repr=False)
    in_the_way: tuple[str, ...]

    @property
    def restored(self) -> int:
        """How many rows get their values before."""
        return sum(before is not None for _, _, before, _ in self.rows)


def columns_of(model: Model) -> Sequence[str]:
    """Return the columns that an import writes of a model, in the order of the kept values."""
    if model is Worker:
        return WORKER_COLUMNS
    known = {sheet.model: sheet.fields for sheet in all_sheets() if sheet is not ROSTER}
    known.setdefault(apps.get_model("workers", "Contract"), CONTRACT_FIELDS)
    return known[model]


def keep_rows(record: int, inserted: Keyed, updated: Keyed) -> None:
    """Keep what a batch wrote. Each row is its key and its values; call it before updated rows are written."""
    kept: list[Written] = []
    for model, rows in updated.items():
        before = _values(model, [row[0] for row in rows])
        kept += [[model._meta.label, key, before[key], _plain(after)] for key, *after in rows]
    for model, rows in inserted.items():
        kept += [[model._meta.label, key, None, _plain(after)] for key, *after in rows]
    if kept:
        ImportedRows.objects.create(workbook_import_id=record, content=encode(kept))


def plan_undo(*, import_id: int, actor: User) -> Undo:
    """Say what would be taken back. Raises Refused where the import is not the actor's to undo."""
    record = visible(WorkbookImport.objects.filter(pk=import_id), actor).first()
    if record is None:
        raise Refused(f"没有编号为{import_id}的导入，或不在您的范围内。")
    if hasattr(record, "undone"):
        raise Overtaken(f"{record}已经撤回过。")
    rows = [row for batch in record.batches.order_by("-pk") for row in reversed(json.loads(batch.content))]
    if not rows:
        raise Refused(f"{record}没有留底，或什么也没有改动，不能撤回。")
    workers, lying = _looked_at(rows)
    new = tuple(key for label, key, before, _ in rows if label == Worker._meta.label and before is None)
    if visible(Worker.objects.filter(pk__in=workers), actor).count() < Worker.objects.filter(pk__in=workers).count():
        raise Refused(f"{record}涉及的人员有的已不在您的管辖范围内，不能撤回；请由系统管理员办理。")
    names = Worker.objects.filter(pk__in=lying).order_by("pk").values_list("name", flat=True)
    return Undo(record, new, tuple(sorted(workers)), tuple(rows), tuple(names))


def undo(*, plan: Undo, actor: User, at: datetime) -> WorkbookImport:
    """Take it back inside the caller's transaction. Raises Refused, naming who is in the way."""
    if plan.in_the_way:
        raise Refused(f"{plan.record}之后又改动了{_names(plan.in_the_way)}的记录，不能整份撤回；请逐项更正。")
    streets = dict(Standing.objects.filter(worker__in=plan.workers).values_list("worker_id", "street_id"))
    people = Worker.objects.in_bulk(plan.workers)
    staying = sorted(set(plan.workers) - set(plan.new_workers))
    facts = stored_rows_of(staying)
    _restore(plan.rows)
    _delete([row for row in plan.rows if row[0] != Worker._meta.label and row[2] is None])
    _delete_workers(plan.new_workers)
    _require_judged(people, facts, localdate(at))
    refresh_standing(staying)
    UndoneImport.objects.create(workbook_import=plan.record, by=actor, at=at)
    items = [["导入", str(plan.record), "撤回", "已导入", "已撤回"]]
    for key, worker in people.items():
        about = Worker(pk=None if key in plan.new_workers else key, name=worker.name)
        record_change(actor=actor, at=at, about=about, items=items, reason="撤回导入", street_code=streets.get(key))
    return plan.record


def _require_judged(people: Mapping[int, Worker], before: Mapping[int, StoredRows], today: date) -> None:
    """Judge what is restored beside what was entered since. Raises Refused, naming people and contradictions."""
    after = stored_rows_of(list(before))
    faults = [
        f"{people[key]}：{fault}"
        for key, rows in before.items()
        for fault in refusals(judge_change(dossier_with(rows), dossier_with(after[key]), today))
    ]
    if faults:
        raise Refused("\n".join(["撤回以后，恢复的内容与后来登记的有矛盾，没有撤回：", *faults[:LISTED]]))


def _values(model: Model, keys: Sequence[int]) -> dict[int, list[Any]]:
    """Map keys to the values of the imported columns, as they are now."""
    rows = model._default_manager.filter(pk__in=keys).values_list("pk", *columns_of(model))
    return {key: _plain(values) for key, *values in rows}


def _plain(values: Iterable[Any]) -> list[Any]:
    """Write equal decimals alike, whatever zeros they end with."""
    return [format(one.normalize(), "f") if isinstance(one, Decimal) else one for one in values]


def _looked_at(rows: Iterable[Written]) -> tuple[set[int], set[int]]:
    """Return everybody whose rows were written, and those whose rows are no longer as the import left them."""
    by_model: dict[str, dict[int, list[Any]]] = defaultdict(dict)
    for label, key, _, after in rows:
        by_model[label].setdefault(key, after)  # the newest write of a row comes first
    workers, moved = set(), set()
    for label, written in by_model.items():
        model = apps.get_model(label)
        now = _values(model, list(written))
        path = "pk" if model is Worker else "worker_id"
        whose = dict(model._default_manager.filter(pk__in=written).values_list("pk", path))
        workers |= set(whose.values())
        for key, after in written.items():
            if key not in now:
                continue  # somebody removed it already: nothing lies on it
            if encode(now[key]) != encode(after):
                moved.add(whose[key])
    return workers, moved


def _restore(rows: Iterable[Written]) -> None:
    by_model: dict[str, dict[int, list[Any]]] = defaultdict(dict)
    for label, key, before, _ in rows:
        if before is not None:
            by_model[label][key] = before  # the oldest one stays
    for label, found in by_model.items():
        model = apps.get_model(label)
        names = columns_of(model)
        fields = [model._meta.get_field(name) for name in names]
        parsed = (
            (key, *(field.to_python(value) for field, value in zip(fields, values, strict=True)))
            for key, values in found.items()
        )
        update_rows(model, names, parsed)


def _delete(rows: Iterable[Written]) -> None:
    by_model: dict[str, list[int]] = defaultdict(list)
    for label, key, _, _ in rows:
        by_model[label].append(key)
    for label, keys in by_model.items():
        apps.get_model(label)._default_manager.filter(pk__in=keys).delete()


def _delete_workers(keys: Sequence[int]) -> None:
    """Remove the people an import brought. Raises Refused where an approved month or a later record knows them."""
    Standing.objects.filter(worker__in=keys).delete()
    try:
        Worker.objects.filter(pk__in=keys).delete()
    except ProtectedError as fault:
        rows = list(fault.protected_objects)
        names = sorted({str(getattr(row, "worker", row)) for row in rows})
        kinds = "、".join(sorted({str(row._meta.verbose_name) for row in rows}))
        raise Refused(f"{_names(names)}已有{kinds}，不能随导入撤回；请按人更正或登记离职。") from fault


def _names(names: Sequence[str]) -> str:
    return f"{'、'.join(names[:LISTED])}{f'等{len(names)}人' if len(names) > LISTED else ''}"
