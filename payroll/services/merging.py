"""Merge two records of one person, and remove a record entered by mistake (rules 9.8)."""

from datetime import datetime

from django.db import IntegrityError
from django.db.models import ProtectedError
from django.utils.timezone import localdate

from payroll.models import Payslip, PerformanceShare, Receivable
from payroll.selectors.merging import Merger, moving_models, plan_merger
from payroll.services.forgetting import compute_again, forget_drafts
from songshan_cw.data.refusal import Overtaken, Refused
from songshan_cw.data.transactions import whole
from songshan_cw.words.terms import RunState
from workers.models import FormerNumber, Standing, User, Worker
from workers.selectors.places import street_of_worker
from workers.services.amendment import lock_person
from workers.services.numbers import require_correcting
from workers.services.standing import refresh_standing
from workers.services.trail import differences, record_change

FILLED = ("ethnicity", "political_status", "phone", "bank_name", "bank_account", "note")


@whole
def merge_people(*, actor: User, keep: Worker, other: Worker, reason: str, at: datetime) -> Merger:
    """Give all records of ``other`` to ``keep``; the ledger is read over both from then on. Raises Refused.

    The other record stays behind with its approved pay, which nothing may change, and names the kept one.
    """
    require_correcting(actor, reason)
    if keep.pk == other.pk:
        raise Refused("这是同一份记录，不用合并。")
    keep, other = _locked(actor, keep, other)
    if keep.merged_into_id or other.merged_into_id:
        raise Overtaken("其中一份已经并入别的记录，请刷新后核对。")
    plan = plan_merger(keep=keep, other=other, today=localdate(at))
    if plan.conflicts:
        raise Refused("\n".join(["两份记录有矛盾，请先更正其中一份，没有合并。", *plan.conflicts]))
    street = street_of_worker(other.pk)
    places = forget_drafts([keep.pk, other.pk])
    _move(plan)
    before = Worker.objects.get(pk=keep.pk)
    for name in FILLED:
        setattr(keep, name, getattr(keep, name) or getattr(other, name))
    keep.save()
    Worker.objects.filter(merged_into=other).update(merged_into=keep)
    Worker.objects.filter(pk=other.pk).update(merged_into=keep)
    FormerNumber.objects.create(worker=keep, id_number=other.id_number)
    refresh_standing([keep.pk, other.pk])
    items = [["社区工作者", str(keep), "合并记录", "", line] for line in plan.lines] + differences(before, keep)
    for about, region in ((keep, street_of_worker(keep.pk)), (other, street)):
        record_change(actor=actor, at=at, about=about, items=items, reason=reason.strip(), street_code=region)
    compute_again(places, at=at)
    return plan


@whole
def remove_person(*, actor: User, worker: Worker, reason: str, at: datetime) -> None:
    """Delete a record entered by mistake with everything in it; drafts are computed again. Raises Refused where an
    approved month, batch or debt knows the person."""
    require_correcting(actor, reason)
    stored = lock_person(actor, worker.pk)
    require_unpaid(stored)
    street, items = street_of_worker(stored.pk), differences(stored, None)
    places = forget_drafts([stored.pk])
    Standing.objects.filter(worker=stored).delete()
    try:
        for model, field in moving_models():
            for row in model._default_manager.filter(**{field: stored}):
                items += differences(row, None)
                row.delete()
        gone = Worker(name=stored.name)
        stored.delete()
    except ProtectedError as fault:
        names = "、".join(sorted({str(row._meta.verbose_name) for row in fault.protected_objects}))
        raise Refused(f"{worker}还有{names}，不能移除。") from fault
    record_change(actor=actor, at=at, about=gone, items=items, reason=reason.strip(), street_code=street)
    compute_again(places, at=at)


def require_unpaid(worker: Worker) -> None:
    """Refuse the removal of somebody whom approved pay knows."""
    slip = (
        Payslip.objects.filter(worker=worker, run__state=RunState.APPROVED.value).select_related("run__street").first()
    )
    if slip is not None:
        raise Refused(f"{worker}已列入已审核的{slip.run}，不能移除；是重复登记的，请合并到另一份记录。")
    known = Receivable.objects.filter(worker=worker), PerformanceShare.objects.filter(worker=worker)
    if any(rows.exists() for rows in known) or worker.merged.exists():
        raise Refused(f"{worker}已有绩效、应收款或并入的记录，不能移除。")


def _locked(actor: User, keep: Worker, other: Worker) -> tuple[Worker, Worker]:
    locked = {key: lock_person(actor, key) for key in sorted((keep.pk, other.pk))}
    return locked[keep.pk], locked[other.pk]


def _move(plan: Merger) -> None:
    try:
        for row in plan.same:
            row.delete()
        for row, field in plan.moved:
            type(row)._default_manager.filter(pk=row.pk).update(**{field: plan.keep})
    except (IntegrityError, ProtectedError) as fault:
        raise Overtaken(f"{plan.keep}的记录与另一份有冲突，没有合并；请先核对两份的档案、顶岗和附件。") from fault
