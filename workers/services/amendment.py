"""Write a person's records. Every page and action that changes one person calls this module.

Order: lock the person, check right and scope, compare with the version the page showed, write, check all facts of the
person, refresh the current position, record old and new values. One transaction; a refusal leaves nothing behind.
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
from workers.rules.dossier import findings
from workers.rules.initials import initials_of
from workers.selectors.reach import dossier_of, street_of_worker
from workers.services.guards import require_clean, require_references_reached, require_right, require_visible
from workers.services.plausible import require_plausible
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
    known = frozenset(finding.message for finding in findings(dossier_of(worker.pk)))
    items: list[Item] = []
    for entry in removed:
        items += _remove(actor, worker, entry)
    for entry in saved:
        items += _save(actor, worker, entry, localdate(at))
    settle_person(worker.pk, known)
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


def settle_person(worker_id: int, known: frozenset[str] = frozenset()) -> None:
    """Check all facts of the person and refresh the current position.

    Faults in ``known`` existed before and do not stop a change, so that they can be corrected one at a time.
    """
    faults = [finding.message for finding in findings(dossier_of(worker_id)) if finding.message not in known]
    if faults:
        raise Refused("\n".join(faults))
    refresh_standing([worker_id])


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


def _save(actor: User, worker: Worker, entry: Entry, day: date) -> list[Item]:
    instance = entry.instance
    stored = None
    if instance._state.adding:
        require_right(actor, "add", type(instance))
    else:
        require_right(actor, "change", type(instance))
        stored = _stored(worker, instance)
        require_unchanged(stored, entry.seen)
    _require_same_person(worker, instance)
    require_references_reached(actor, instance, stored)
    require_stated(instance, stored, day)
    require_plausible(instance, stored, day)
    write(instance)
    return differences(stored, instance)


def _remove(actor: User, worker: Worker, entry: Entry) -> list[Item]:
    require_right(actor, "delete", type(entry.instance))
    stored = _stored(worker, entry.instance)
    require_unchanged(stored, entry.seen)
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
