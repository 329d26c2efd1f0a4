"""Submit, approve and return runs (rules 7.1, 7.2). Of two concurrent moves the second is refused."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.utils.timezone import localtime

from payroll.ledger.sealing import seal_runs
from payroll.models import PayrollRun
from payroll.selectors.freshness import moved_since
from payroll.selectors.run_looks import OCCASION, looks_of_runs
from payroll.services.events import record_events
from payroll.services.freezing import freeze_recipients
from payroll.services.going_live import refuse_before_going_live
from payroll.services.receivables import settle_debts
from payroll.services.reviews import refuse_open, tick_looks
from payroll.services.settling import settle
from songshan_cw.data.refusal import NotAllowed, Overtaken, Refused
from songshan_cw.data.transactions import whole
from songshan_cw.words.periods import Month, label_zh
from songshan_cw.words.regions import district_of
from songshan_cw.words.terms import RunState
from workers.models import STREET_ROLES, Region, User
from workers.selectors.scope import reaches

Seen = Mapping[str, str]  # street code → the computation shown to the user (``computation_of``)
NOTHING_SEEN: Seen = MappingProxyType({})
EDITABLE = (RunState.DRAFT.value, RunState.RETURNED.value)


def computation_of(run: PayrollRun) -> str:
    """Identify one computation of a run, so that only the version shown on the page is moved."""
    return run.computed_at.isoformat()


@whole
def submit_runs(
    *,
    month: Month,
    street_codes: Sequence[str] | None = None,
    actor: User,
    at: datetime,
    seen: Seen = NOTHING_SEEN,
) -> list[PayrollRun]:
    """Submit drafts to the bureau. Without streets: every draft in the actor's scope."""
    if not actor.has_perm("payroll.submit_run") or actor.role not in STREET_ROLES:
        raise NotAllowed(f"{actor}（{actor.role}）不能提交工资批次；由各街道经办提交本街道的批次。")
    runs = _lock(month, street_codes, actor, EDITABLE, "提交")
    refuse_before_going_live({district_of(run.street_id) for run in runs}, month)
    _refuse_recomputed(runs, seen)
    _refuse_stale(runs)
    _move(runs, state=RunState.SUBMITTED.value, submitted_by=actor, submitted_at=at, return_reason="")
    record_events(runs=runs, actor=actor, action="提交", at=at)
    return runs


@whole
def approve_runs(
    *,
    month: Month,
    street_codes: Sequence[str] | None = None,
    actor: User,
    at: datetime,
    seen: Seen = NOTHING_SEEN,
    review_all: bool = False,
) -> list[PayrollRun]:
    """Approve submitted runs, all or none. From then on nothing in them changes.

    ``review_all`` ticks their second looks in the actor's name (rules 7.7).
    """
    if not actor.has_perm("payroll.approve_run"):
        raise NotAllowed(f"{actor}（{actor.role}）不能审核工资批次；由区民政局审核。")
    _one_approval_at_a_time(actor)
    runs = _lock(month, street_codes, actor, (RunState.SUBMITTED.value,), "审核")
    refuse_before_going_live({district_of(run.street_id) for run in runs}, month)
    _refuse_recomputed(runs, seen)
    for run in runs:
        _refuse_unapprovable(run, actor)
    _refuse_stale(runs)
    looks = looks_of_runs(runs)
    if review_all:
        tick_looks(actor=actor, occasion=OCCASION, looks=looks, keys=None, at=at)
    refuse_open(looks, OCCASION, label_zh(month))
    freeze_recipients(runs)
    settle_debts(runs, actor=actor, at=at)
    _move(runs, state=RunState.APPROVED.value, approved_by=actor, approved_at=at)
    record_events(runs=runs, actor=actor, action="审核通过", at=at)
    settle(runs)
    seal_runs(runs)
    return runs


@whole
def return_runs(
    *, month: Month, street_codes: Sequence[str] | None = None, actor: User, at: datetime, reason: str
) -> list[PayrollRun]:
    """Return submitted runs with a reason. They become drafts again."""
    if not actor.has_perm("payroll.approve_run"):
        raise NotAllowed(f"{actor}（{actor.role}）不能退回工资批次；由区民政局退回。")
    if not reason.strip():
        raise Refused("退回必须写明原因，以便街道更正。")
    runs = _lock(month, street_codes, actor, (RunState.SUBMITTED.value,), "退回")
    reason = reason.strip()
    _move(runs, state=RunState.RETURNED.value, return_reason=reason, submitted_by=None, submitted_at=None)
    record_events(runs=runs, actor=actor, action="退回", at=at, reason=reason)
    return runs


@whole
def withdraw_runs(
    *, month: Month, street_codes: Sequence[str] | None = None, actor: User, at: datetime
) -> list[PayrollRun]:
    """Take back submitted runs that the bureau has not decided (rules 7.6). They become drafts again."""
    if not actor.has_perm("payroll.submit_run") or actor.role not in STREET_ROLES:
        raise NotAllowed(f"{actor}（{actor.role}）不能撤回工资批次；由提交的街道撤回。")
    runs = _lock(month, street_codes, actor, (RunState.SUBMITTED.value,), "撤回")
    _move(runs, state=RunState.DRAFT.value, submitted_by=None, submitted_at=None)
    record_events(runs=runs, actor=actor, action="撤回", at=at)
    return runs


def _move(runs: Sequence[PayrollRun], **values: Any) -> None:
    """Set these values on locked runs, in one statement."""
    PayrollRun.objects.filter(pk__in=[run.pk for run in runs]).update(**values)
    for run in runs:
        for name, value in values.items():
            setattr(run, name, value)


def _refuse_recomputed(runs: Sequence[PayrollRun], seen: Seen) -> None:
    """Refuse runs whose figures differ from those on the page."""
    for run in runs:
        if run.street_id in seen and seen[run.street_id] != computation_of(run):
            raise Overtaken(
                f"{_title(run)}的批次在您打开页面之后重新计算过，本次没有办理。请刷新页面，核对新的金额后再办理。"
            )


def _one_approval_at_a_time(actor: User) -> None:
    """Make approvals of one district wait for each other, because each must see the one before."""
    list(Region.objects.select_for_update(no_key=True).filter(code=district_of(actor.region_id or "")))


def _lock(
    month: Month, street_codes: Sequence[str] | None, actor: User, states: Sequence[str], verb: str
) -> list[PayrollRun]:
    """Lock the runs in street order. A run that cannot be moved refuses all."""
    found = PayrollRun.objects.select_for_update(of=("self",)).select_related("street").order_by("street_id")
    runs = [run for run in found.filter(month=month) if reaches(actor, run.street_id)]
    chosen = _named(runs, street_codes, month) if street_codes is not None else _in_state(runs, states)
    for run in chosen:
        if run.state not in states:
            raise Overtaken(
                f"{run.street.name}{label_zh(month)}的批次现在是“{run.state}”，不能{verb}{_by_whom(run)}。"
                "请刷新后查看最新状态。"
            )
    if not chosen:
        raise Refused(f"{label_zh(month)}没有可{verb}的批次。")
    return chosen


def _by_whom(run: PayrollRun) -> str:
    """Name the user who moved it to its state."""
    event = run.events.select_related("actor").order_by("-pk").first()
    if event is None:
        return ""
    who = str(event.actor) if event.actor else "系统"
    return f"（最近：{who}，{localtime(event.at):%m月%d日 %H:%M}，{event.action}）"


def _in_state(runs: list[PayrollRun], states: Sequence[str]) -> list[PayrollRun]:
    return [run for run in runs if run.state in states]


def _named(runs: list[PayrollRun], street_codes: Sequence[str], month: Month) -> list[PayrollRun]:
    by_street = {run.street_id: run for run in runs}
    missing = [code for code in street_codes if code not in by_street]
    if missing:
        raise Refused(f"街道“{missing[0]}”在{label_zh(month)}没有您可以处理的批次：不在管辖范围，或尚未计算。")
    return [by_street[code] for code in sorted(set(street_codes))]


def _refuse_unapprovable(run: PayrollRun, actor: User) -> None:
    name = _title(run)
    if run.trial:
        raise Refused(f"{name}按未确认的等级系数表试算，不能审核通过。请先由民政局确认等级系数表，再重新计算。")
    if run.submitted_by_id == actor.pk:
        raise NotAllowed(f"{name}由您本人提交，须由另一人审核。")


def _refuse_stale(runs: Sequence[PayrollRun]) -> None:
    """Refuse runs that would hold something else if they were computed now (rules 7.6)."""
    moved = moved_since(runs)
    for run in runs:
        if what := moved[run.pk].words():
            raise Overtaken(
                f"{_title(run)}计算之后{what}，不能提交或审核。请重新计算，核对后再办理；"
                "已经提交的，先由街道撤回或由民政局退回。"
            )


def _title(run: PayrollRun) -> str:
    return f"{run.street.name}{label_zh(run.month)}"
