"""Move the batches that pay year-end performance: compute, read, submit, approve, return (rules 6.3, 6.4)."""

from collections.abc import Sequence
from datetime import datetime

from payroll.ledger.batch_seals import seal_batch
from payroll.models import PerformanceBatch, PerformanceShare
from payroll.selectors.performance_batches import Computed, batches_of, computed_now, differing, looks_of
from payroll.services.receivables import owe_shares
from payroll.services.reviews import refuse_open, tick_looks
from songshan_cw.data.refusal import NotAllowed, Overtaken, Refused
from songshan_cw.data.transactions import whole
from songshan_cw.words.periods import Month, january
from songshan_cw.words.terms import Role, RunState
from workers.models import STREET_ROLES, Region, User
from workers.selectors.scope import reaches
from workers.services.trail import differences, record_change

OPEN_STATES = (RunState.DRAFT.value, RunState.RETURNED.value)
NOT_RECORDED = ("计算时间",)
LISTED = 3


def december(year: int) -> Month:
    return january(year) + 11


@whole
def compute_batch(
    *, year: int, street: Region, actor: User | None, at: datetime, paid_month: Month | None = None
) -> PerformanceBatch:
    """Compute the next batch of a street's year; a draft or returned one is replaced. ``actor`` None: a command.

    ``paid_month`` is the tax month, December of the year unless stated. Raises Refused where nothing is to be paid.
    """
    if actor is not None and not (actor.has_perm("payroll.compute_performance") and reaches(actor, street.code)):
        raise NotAllowed(f"{actor}（{actor.role}）不能计算{street.name}的绩效批次；由本街道经办计算。")
    last = _locked_last(street, year)
    if last is not None and last.state == RunState.SUBMITTED.value:
        raise Overtaken(f"{last}已经提交，不能重新计算。请先由民政局退回。")
    now = computed_now(street, year)
    replaces = last is not None and last.state in OPEN_STATES
    if not now.shares:
        raise Refused(
            f"{street.name}{year}年{'没有需要补充发放的绩效' if last else '还没有已审核的月份，没有绩效可分配'}。"
        )
    number = 1 if last is None else last.number + (not replaces)
    before = last if replaces else None
    batch = PerformanceBatch(pk=before.pk if before else None, street=street, year=year, number=number)
    batch.paid_month = paid_month or (before.paid_month if before else december(year))
    _fill(batch, now, at)
    _store(batch, now, adding=before is None)
    _record(batch, before, actor, at)
    return batch


@whole
def read_batch(*, batch_id: int, actor: User, at: datetime, seen: str = "") -> PerformanceBatch:
    """Note that the street's leader has looked at the batch before it goes to the bureau."""
    if actor.role != Role.LEADER or not actor.has_perm("payroll.submit_performance"):
        raise NotAllowed(f"{actor}（{actor.role}）不能登记阅看；由街道负责人登记。")
    batch, before = _to_move(batch_id, actor, (*OPEN_STATES, RunState.SUBMITTED.value), "阅看", seen)
    batch.read_by, batch.read_at = actor, at
    return _moved(batch, before, actor, at)


@whole
def submit_batch(*, batch_id: int, actor: User, at: datetime, seen: str = "") -> PerformanceBatch:
    """Submit the batch to the bureau. A leader who submits has read it."""
    if not actor.has_perm("payroll.submit_performance") or actor.role not in STREET_ROLES:
        raise NotAllowed(f"{actor}（{actor.role}）不能提交绩效批次；由各街道提交本街道的批次。")
    batch, before = _to_move(batch_id, actor, OPEN_STATES, "提交", seen)
    _refuse_stale(batch)
    batch.state, batch.submitted_by, batch.submitted_at = RunState.SUBMITTED.value, actor, at
    batch.return_reason = ""
    if actor.role == Role.LEADER:
        batch.read_by, batch.read_at = actor, at
    return _moved(batch, before, actor, at)


@whole
def approve_batch(
    *, batch_id: int, actor: User, at: datetime, seen: str = "", review_all: bool = False
) -> PerformanceBatch:
    """Approve and seal the batch. ``review_all`` ticks its second looks in the actor's name (rules 7.7)."""
    if not actor.has_perm("payroll.approve_run"):
        raise NotAllowed(f"{actor}（{actor.role}）不能审核绩效批次；由区民政局审核。")
    batch, before = _to_move(batch_id, actor, (RunState.SUBMITTED.value,), "审核", seen)
    if batch.submitted_by_id == actor.pk:
        raise NotAllowed(f"{batch}由您本人提交，须由另一人审核。")
    _refuse_stale(batch)
    looks = looks_of(batch)
    if review_all:
        tick_looks(actor=actor, occasion=batch.occasion, looks=looks, keys=None, at=at)
    refuse_open(looks, batch.occasion, str(batch))
    batch.state, batch.approved_by, batch.approved_at = RunState.APPROVED.value, actor, at
    _moved(batch, before, actor, at)
    owe_shares(batch)
    seal_batch(batch)
    return batch


@whole
def return_batch(*, batch_id: int, actor: User, at: datetime, reason: str, seen: str = "") -> PerformanceBatch:
    """Return the batch to the street with a reason."""
    if not actor.has_perm("payroll.approve_run"):
        raise NotAllowed(f"{actor}（{actor.role}）不能退回绩效批次；由区民政局退回。")
    reason = reason.strip()[:200]
    if not reason:
        raise Refused("退回必须写明原因，以便街道更正。")
    batch, before = _to_move(batch_id, actor, (RunState.SUBMITTED.value,), "退回", seen)
    batch.state, batch.return_reason = RunState.RETURNED.value, reason
    batch.submitted_by, batch.submitted_at = None, None
    return _moved(batch, before, actor, at, reason)


def computation_of(batch: PerformanceBatch) -> str:
    """Identify one computation, so that only the version shown on the page is moved."""
    return batch.computed_at.isoformat()


def newest_batch(street: Region, year: int) -> PerformanceBatch:
    """Return the year's newest batch. Raises Refused where none is computed."""
    batches = batches_of(street, year)
    if not batches:
        raise Refused(f"{street.name}{year}年还没有绩效批次，请先计算。")
    return batches[-1]


def _locked_last(street: Region, year: int) -> PerformanceBatch | None:
    """Make concurrent work on a street's year wait, and return its newest batch."""
    list(Region.objects.select_for_update(no_key=True).filter(pk=street.pk))
    batches = batches_of(street, year)
    return batches[-1] if batches else None


def _fill(batch: PerformanceBatch, now: Computed, at: datetime) -> None:
    batch.state, batch.computed_at = RunState.DRAFT.value, at
    batch.pool, batch.weighted, batch.share_total = now.pool, now.weighted, now.share_total
    batch.headcount = len(now.shares)


def _store(batch: PerformanceBatch, now: Computed, *, adding: bool) -> None:
    batch._state.adding = adding
    batch.save()
    PerformanceShare.objects.filter(batch=batch).delete()
    for share in now.shares:
        share.batch = batch
    PerformanceShare.objects.bulk_create(now.shares)


def _to_move(
    batch_id: int, actor: User, states: Sequence[str], verb: str, seen: str
) -> tuple[PerformanceBatch, PerformanceBatch]:
    """Return the locked batch and a copy of its old values."""
    rows = PerformanceBatch.objects.select_for_update(of=("self",)).select_related("street")
    batch = rows.filter(pk=batch_id).first()
    if batch is None or not reaches(actor, batch.street_id):
        raise Refused(f"没有您可以{verb}的绩效批次：不在管辖范围，或尚未计算。")
    if batch.state not in states:
        raise Overtaken(f"{batch}现在是“{batch.state}”，不能{verb}。请刷新后查看最新状态。")
    if seen and seen != computation_of(batch):
        raise Overtaken(f"{batch}在您打开页面之后重新计算过，本次没有办理。请刷新页面，核对新的金额后再办理。")
    return batch, PerformanceBatch.objects.get(pk=batch.pk)


def _refuse_stale(batch: PerformanceBatch) -> None:
    """Refuse a batch that would hold something else if it were computed now (rules 7.6)."""
    if names := differing(batch, computed_now(batch.street, batch.year)):
        more = "等" if len(names) > LISTED else ""
        raise Overtaken(
            f"{batch}计算之后，{'、'.join(names[:LISTED])}{more}{len(names)}人的计提、考核、权重或账户有变动，"
            "请重新计算并核对后再提交；已经提交的，请先由民政局退回。"
        )


def _moved(
    batch: PerformanceBatch, before: PerformanceBatch, actor: User, at: datetime, reason: str = ""
) -> PerformanceBatch:
    batch.save()
    _record(batch, before, actor, at, reason)
    return batch


def _record(
    batch: PerformanceBatch, before: PerformanceBatch | None, actor: User | None, at: datetime, reason: str = ""
) -> None:
    items = [item for item in differences(before, batch) if item[2] not in NOT_RECORDED]
    record_change(actor=actor, at=at, about=batch, items=items, reason=reason, street_code=batch.street_id)
