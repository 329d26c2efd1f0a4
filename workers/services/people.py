"""Register and correct people, and add or remove their facts."""

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.timezone import localdate

from songshan_cw.data.refusal import Refused
from songshan_cw.words.terms import Position, Post, SecondmentState
from workers.models import Change, FormerNumber, Hiring, PostAssignment, Region, Secondment, Standing, User, Worker
from workers.selectors.places import street_of_worker
from workers.services.amendment import Entry, amend_person, lock_person, require_judged, write
from workers.services.guards import require_references_reached, require_right
from workers.services.standing import refresh_standing
from workers.services.stated import require_stated
from workers.services.trail import differences, record_change
from workers.services.versions import require_unchanged


@transaction.atomic
def register_worker(
    *,
    actor: User,
    worker: Worker,
    community: Region,
    post: Post,
    position: Position,
    dual: bool = False,
    document_no: str = "",
    method: str = "",
    reason: str = "",
    at: datetime,
) -> Worker:
    """Register a person with the first appointment, which starts on the day of hiring (rules 3.5), and optionally the
    hiring.
    """
    require_right(actor, "add", Worker)
    assignment = PostAssignment(
        start=worker.hired_on,
        community=community,
        post=post,
        position=position,
        dual=dual,
        document_no=document_no,
    )
    require_references_reached(actor, assignment, None)
    if FormerNumber.objects.filter(id_number=worker.id_number).exists():
        raise Refused("这个身份证号是已登记的人更正前的号码，不能再登记；请按更正后的号码查找本人。")
    require_judged({}, [worker, assignment], [], localdate(at))
    write(worker)
    assignment.worker = worker
    write(assignment)
    refresh_standing([worker.pk])
    items = differences(None, worker) + differences(None, assignment)
    if method:
        hiring = Hiring(worker=worker, method=method, document_no=document_no)
        require_stated(hiring, None, localdate(at))
        write(hiring)
        items += differences(None, hiring)
    record_change(
        actor=actor,
        at=at,
        about=worker,
        items=items,
        reason=reason or "登记",
        street_code=street_of_worker(worker.pk),
    )
    return worker


def record_fact(*, actor: User, instance: Any, reason: str = "", at: datetime, seen: str = "") -> Change | None:
    """Add or correct a dated fact."""
    if isinstance(instance, Secondment) and (instance._state.adding or instance.requested_at is not None):
        raise Refused("借调须先申请，再由各部门依次审批，不能直接登记或修改。")
    return amend_person(actor=actor, worker=_person(instance), saved=[Entry(instance, seen)], reason=reason, at=at)


def remove_fact(*, actor: User, instance: Any, reason: str = "", at: datetime, seen: str = "") -> Change | None:
    """Remove a dated fact entered by mistake."""
    if isinstance(instance, Secondment) and instance.requested_at and instance.state != SecondmentState.REQUESTED:
        raise Refused("这项借调已有审批结果，不能删除；返回请登记返回日期。")
    return amend_person(actor=actor, worker=_person(instance), removed=[Entry(instance, seen)], reason=reason, at=at)


@transaction.atomic
def remove_worker(*, actor: User, worker: Worker, reason: str = "", at: datetime, seen: str = "") -> None:
    """Delete a person entered by mistake with the appointments. People with other records cannot be deleted."""
    require_right(actor, "delete", Worker)
    stored = lock_person(actor, worker.pk)
    require_unchanged(stored, seen)
    street = street_of_worker(stored.pk)
    items = differences(stored, None)
    for assignment in stored.postassignments.all():
        items += differences(assignment, None)
    stored.postassignments.all().delete()
    Standing.objects.filter(worker=stored).delete()
    name = Worker(name=stored.name)
    try:
        stored.delete()
    except ProtectedError as fault:
        raise Refused(_kept_because(stored, fault)) from fault
    record_change(actor=actor, at=at, about=name, items=items, reason=reason or "删除", street_code=street)


def _person(instance: Any) -> Worker:
    if instance.worker_id is None:
        raise Refused("请先选择社区工作者。")
    return Worker(pk=instance.worker_id)


def _kept_because(worker: models.Model, fault: ProtectedError) -> str:
    names = sorted({str(row._meta.verbose_name) for row in fault.protected_objects})
    return (
        f"{worker}已有{'、'.join(names)}记录，不能删除：档案和工资须长期保留。"
        "离开岗位请登记“离职”；确属误录的，先删除上述记录（已发工资的不能删除）。"
    )
