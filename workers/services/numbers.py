"""Correct a wrong ID number; the old one stays as an alias by which old files know the person (rules 9.8)."""

from datetime import datetime

from django.utils.timezone import localdate

from songshan_cw.data.refusal import NotAllowed, Refused
from songshan_cw.data.transactions import whole
from workers.models import Change, FormerNumber, User, Worker
from workers.rules.identity import fault_of
from workers.rules.rights import who_may
from workers.selectors.dossiers import stored_rows
from workers.selectors.places import street_of_worker
from workers.services.amendment import lock_person, require_judged, write
from workers.services.trail import differences, record_change

PERMISSION = "workers.correct_person"


def require_correcting(actor: User, reason: str) -> None:
    if not actor.has_perm(PERMISSION):
        raise NotAllowed(who_may(PERMISSION))
    if not reason.strip():
        raise Refused("请写明原因，没有保存。")


@whole
def correct_id(*, actor: User, worker: Worker, number: str, reason: str, at: datetime) -> Change | None:
    """Give a person another ID number. Approved months keep the old one. Raises Refused."""
    require_correcting(actor, reason)
    stored = lock_person(actor, worker.pk)
    number = number.strip().upper()
    require_free_number(stored, number)
    changed = lock_person(actor, worker.pk)
    changed.id_number = number
    require_judged(stored_rows(stored.pk), [changed], [], localdate(at))
    FormerNumber.objects.filter(worker=stored, id_number=number).delete()
    FormerNumber.objects.create(worker=stored, id_number=stored.id_number)
    write(changed)
    return record_change(
        actor=actor,
        at=at,
        about=changed,
        items=differences(stored, changed),
        reason=reason.strip(),
        street_code=street_of_worker(stored.pk),
    )


def require_free_number(worker: Worker, number: str) -> None:
    """Require a right number that belongs to nobody else, under its present or a former owner."""
    if fault := fault_of(number):
        raise Refused(fault)
    if number == worker.id_number:
        raise Refused("新的身份证号与现在的相同，没有更正。")
    if Worker.objects.filter(id_number=number).exists():
        raise Refused("这个身份证号已有另一份记录；是同一个人的，请合并两份记录。")
    if FormerNumber.objects.filter(id_number=number).exclude(worker=worker).exists():
        raise Refused("这个身份证号是另一个人更正前的号码，请核对。")
