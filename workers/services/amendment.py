"""Write a person's records. Every page and action that changes one person calls this module.

Order: lock the person, check right and scope, compare with the version the page showed, judge all facts, write,
refresh the current position, record old and new values. One transaction; a refusal leaves nothing behind.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils.timezone import localdate

from songshan_cw.data.refusal import NotAllowed, Overtaken, Refused
from workers.models import Change, User, Worker
from workers.rules.dossier import Rows
from workers.rules.initials import initials_of
from workers.rules.judge import judge_change
from workers.selectors.dossiers import dossier_with, field_label, stored_rows
from workers.selectors.places import street_of_worker
from workers.services.guards import require_clean, require_references_reached, require_right, require_visible
from workers.services.standing import refresh_standing
from workers.services.stated import require_stated
from workers.services.trail import Item, differences, record_change
from workers.services.versions import require_unchanged


@dataclass(frozen=True, slots=True)
class Entry:
    """A record to write, and the version the page showed (empty: not checked)."""

    instance: models.Model
    seen: str = ""


@transaction.atomic
def amend_person(
    *,
    actor: User,
    worker: Worker,
    saved: Sequence[Entry] = (),
    removed: Sequence[Entry] = (),
    reason: str = "",
    at: datetime,
) -> Change | None:
    """Write and remove records of one person, all or none."""
    stored = lock_person(actor, worker.pk)
    gone = [_removable(actor, worker, entry) for entry in removed]
    changed = [(entry.instance, _changeable(actor, worker, entry, localdate(at))) for entry in saved]
    require_judged(stored_rows(worker.pk), [one for one, _ in changed], gone, localdate(at))
    items: list[Item] = []
    for record in gone:
        items += _delete(record)
    for instance, before in changed:
        write(instance)
        items += differences(before, instance)
    refresh_standing([worker.pk])
    street = street_of_worker(worker.pk)
    about = worker if worker.name else stored
    return record_change(actor=actor, at=at, about=about, items=items, reason=reason, street_code=street)


def lock_person(actor: User, worker_id: int) -> Worker:
    """Lock the person until the transaction ends, so that two users cannot write facts of one person at once."""
    worker = Worker.objects.select_for_update().filter(pk=worker_id).first()
    if worker is None:
        raise NotAllowed("该社区工作者记录不存在，或不在您的管辖范围内。")
    require_visible(actor, worker)
    return worker


def require_judged(rows: Rows, saved: Sequence[models.Model], removed: Sequence[models.Model], today: date) -> None:
    """Judge a person's stored rows with the coming changes. Raises Refused with everything that cannot be."""
    found = judge_change(dossier_with(rows), dossier_with(rows, saved, removed), today)
    if refused := [f"{field_label(one.places[0])}：{one.message}" for one in found if one.refused]:
        raise Refused("\n".join(refused))


def write(instance: models.Model) -> None:
    """Check and save one record."""
    if isinstance(instance, Worker):
        instance.initials = initials_of(instance.name)
    require_clean(instance)
    try:
        with transaction.atomic():
            instance.save()
    except IntegrityError as fault:
        raise Overtaken(f"该{instance._meta.verbose_name}与刚刚保存的记录重复，请刷新后核对。") from fault


def _changeable(actor: User, worker: Worker, entry: Entry, day: date) -> models.Model | None:
    """Check right, version and scope of a record to save; return what is stored of it."""
    instance = entry.instance
    stored = None
    if instance._state.adding:
        require_right(actor, "add", type(instance))
    else:
        require_right(actor, "change", type(instance))
        stored = _stored(worker, instance)
        require_unchanged(stored, entry.seen)
        if isinstance(stored, Worker) and stored.id_number != instance.id_number:
            raise Refused("身份证号不能直接修改；请由民政局或系统管理员在“更正身份证号”办理，旧号码留作别名。")
    _require_same_person(worker, instance)
    require_references_reached(actor, instance, stored)
    require_stated(instance, stored, day)
    return stored


def _removable(actor: User, worker: Worker, entry: Entry) -> models.Model:
    """Check right and version of a record to remove; return it as it is stored."""
    require_right(actor, "delete", type(entry.instance))
    stored = _stored(worker, entry.instance)
    require_unchanged(stored, entry.seen)
    return stored


def _delete(stored: models.Model) -> list[Item]:
    gone = copy(stored)
    try:
        stored.delete()
    except ProtectedError as fault:
        raise Refused(_still_used(gone, fault)) from fault
    return differences(gone, None)


def _stored(worker: Worker, instance: models.Model) -> models.Model:
    rows = type(instance)._default_manager.filter(pk=instance.pk)
    if not isinstance(instance, Worker):
        rows = rows.filter(worker=worker)
    stored = rows.first()
    if stored is None:
        raise Overtaken(f"该{instance._meta.verbose_name}记录不存在或已被他人删除，请刷新页面。")
    return stored


def _require_same_person(worker: Worker, instance: models.Model) -> None:
    owner = instance.pk if isinstance(instance, Worker) else getattr(instance, "worker_id", None)
    if owner != worker.pk:
        raise Refused("记录不能改到另一人名下；请删除后在正确的人员下重新登记。")


def _still_used(instance: models.Model, fault: ProtectedError) -> str:
    counts: dict[str, int] = {}
    for row in fault.protected_objects:
        name = str(row._meta.verbose_name)
        counts[name] = counts.get(name, 0) + 1
    listed = "、".join(f"{name}{count}条" for name, count in counts.items())
    return f"“{instance}”还有{listed}，不能删除。"
