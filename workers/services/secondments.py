"""Secondments: request, approve in the policy's order, reject, return (rules 9.1; S 二(四)2; O 14).

Approvals of one community lock its row, so that each sees the one before.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from songshan_cw.data.refusal import NotAllowed, Overtaken, Refused
from songshan_cw.policy import policy_at
from songshan_cw.policy.schema import ApprovalStep, Policy
from songshan_cw.words.spans import Span
from songshan_cw.words.terms import SecondmentState
from workers.models import PostAssignment, Region, Secondment, SecondmentApproval, User, Worker
from workers.rules.secondment import Away, first_day_too_long, first_day_too_many, last_day_allowed
from workers.selectors.scope import reaches
from workers.selectors.secondments import approved_away
from workers.services.amendment import Entry, amend_person
from workers.services.guards import require_right
from workers.services.trail import record_change

REASON_NEEDED = "请写明借调原因，供审批部门审核。"


@transaction.atomic
def request_secondment(
    *, actor: User, worker: Worker, body: str, start: date, end: date | None, reason: str, at: datetime
) -> Secondment:
    """Request a secondment. What could not be approved later is refused now."""
    require_right(actor, "add", Secondment)
    if not reason.strip():
        raise Refused(REASON_NEEDED)
    secondment = Secondment(
        worker=worker,
        body=body,
        start=start,
        end=end,
        reason=reason.strip(),
        state=SecondmentState.REQUESTED.value,
        requested_by=actor,
        requested_at=at,
    )
    _require_within_limits(secondment, at)
    amend_person(actor=actor, worker=worker, saved=[Entry(secondment)], reason="申请借调", at=at)
    return secondment


@transaction.atomic
def approve_secondment(
    *, actor: User, secondment_id: int, document_no: str = "", reason: str = "", at: datetime
) -> Secondment:
    """Give the next approval in order. The last one makes the secondment valid. Limits are checked every time."""
    secondment = _locked(actor, secondment_id)
    number, step, final = _next_step(actor, secondment)
    if not document_no.strip() and _recorded_for_another(secondment, number):
        raise Refused(f"登记{step.authority}的批准，请填写批准文件的文号。")
    _require_within_limits(secondment, at)
    _record(actor, secondment, number, step, agreed=True, document_no=document_no, reason=reason, at=at)
    if final:
        _move(actor, secondment, SecondmentState.APPROVED, step, at)
    return secondment


@transaction.atomic
def reject_secondment(*, actor: User, secondment_id: int, reason: str, at: datetime) -> Secondment:
    """Reject the request at the own step, with a reason. This ends the request."""
    if not reason.strip():
        raise Refused("不同意借调须写明原因。")
    secondment = _locked(actor, secondment_id)
    number, step, _ = _next_step(actor, secondment)
    _record(actor, secondment, number, step, agreed=False, document_no="", reason=reason.strip(), at=at)
    _move(actor, secondment, SecondmentState.REJECTED, step, at, reason.strip())
    return secondment


@transaction.atomic
def return_secondment(*, actor: User, secondment_id: int, last_day: date, reason: str = "", at: datetime) -> Secondment:
    """Enter the return. The last day away becomes the end; the change keeps the agreed one."""
    secondment = Secondment.objects.select_for_update(of=("self",)).filter(pk=secondment_id).first()
    if secondment is None or not reaches(actor, secondment.worker.standing.street_id):
        raise NotAllowed("该借调记录不存在，或不在您的管辖范围内。")
    if secondment.state != SecondmentState.APPROVED or secondment.returned_on is not None:
        raise Overtaken("只有已批准、尚未返回的借调可以登记返回，请刷新后核对。")
    if last_day < secondment.start or last_day > localdate(at):
        raise Refused(f"借调最后一天应在{secondment.start}至今天之间，收到的是{last_day}。")
    secondment.end = secondment.returned_on = last_day
    amend_person(
        actor=actor, worker=secondment.worker, saved=[Entry(secondment)], reason=reason or "登记借调返回", at=at
    )
    return secondment


def _locked(actor: User, secondment_id: int) -> Secondment:
    """Lock the community's row and then the request."""
    if not actor.has_perm("workers.approve_secondment"):
        raise NotAllowed(f"{actor}（{actor.role}）不能审批借调；由政策规定的部门依次审批。")
    found = Secondment.objects.select_related("worker__standing").filter(pk=secondment_id).first()
    if found is None or not reaches(actor, found.worker.standing.street_id):
        raise NotAllowed("该借调申请不存在，或不在您的管辖范围内。")
    list(Region.objects.select_for_update(no_key=True).filter(code=_community(found)))
    secondment = Secondment.objects.select_for_update(of=("self",)).select_related("worker__standing").get(pk=found.pk)
    if secondment.state != SecondmentState.REQUESTED:
        raise Overtaken(f"这项借调{secondment.state}，请刷新后查看最新状态。")
    return secondment


def _next_step(actor: User, secondment: Secondment) -> tuple[int, ApprovalStep, bool]:
    """Return number (from 1) and step, and whether it is the last. Refuses users of another role."""
    steps = _policy(secondment).secondment.approvals.value
    number = secondment.approvals.count() + 1
    step = steps[number - 1]
    if actor.role != step.role:
        raise NotAllowed(f"这项借调现在应由{step.authority}审批（{step.role}办理），请等待其办理。")
    return number, step, number == len(steps)


def _recorded_for_another(secondment: Secondment, number: int) -> bool:
    """Return whether the step is recorded for an office outside (readings: GOVERNMENT_APPROVAL)."""
    steps = _policy(secondment).secondment.approvals.value
    return any(step.role is steps[number - 1].role for step in steps[: number - 1])


def _require_within_limits(secondment: Secondment, at: datetime) -> None:
    """Check the longest length, and the number away at once on every day of the interval."""
    rules = _policy(secondment).secondment
    span = Span(secondment.start, secondment.end)
    too_long = first_day_too_long(span, rules.most_months.value)
    if too_long is not None:
        allowed = last_day_allowed(span.first, rules.most_months.value)
        raise Refused(
            f"借调不得超过{rules.most_months.value}个月（{rules.most_months.article}）："
            f"自{span.first}起最迟至{allowed}，请改结束日期。"
        )
    community = _community(secondment)
    others = [away for away in approved_away(community, localdate(at)) if away.row != secondment.pk]
    everybody = [*others, Away(secondment.worker.id_number, span, secondment.pk)]
    crowded = first_day_too_many(everybody, span, rules.most_at_once.value)
    if crowded is not None:
        raise Refused(
            f"{crowded}当天同一社区借调在外将超过{rules.most_at_once.value}人（{rules.most_at_once.article}）。"
            "请改在有人返回之后，或先登记已返回的人员。"
        )


def _policy(secondment: Secondment) -> Policy:
    return policy_at(_community(secondment), secondment.start)


def _community(secondment: Secondment) -> str:
    """Return where the person serves on the first day (readings: SECONDED_FROM)."""
    posts = PostAssignment.objects.filter(worker=secondment.worker_id).order_by("start")
    rows = list(posts.values_list("start", "community_id"))
    if not rows:
        raise Refused("该人员没有任职记录，请先登记任职。")
    return max((row for row in rows if row[0] <= secondment.start), default=rows[0])[1]


def _record(
    actor: User,
    secondment: Secondment,
    number: int,
    step: ApprovalStep,
    *,
    agreed: bool,
    document_no: str,
    reason: str,
    at: datetime,
) -> None:
    SecondmentApproval.objects.create(
        secondment=secondment,
        step=number,
        authority=step.authority,
        role=step.role.value,
        agreed=agreed,
        by=actor,
        at=at,
        document_no=document_no.strip(),
        reason=reason,
    )


def _move(
    actor: User, secondment: Secondment, state: SecondmentState, step: ApprovalStep, at: datetime, reason: str = ""
) -> None:
    before, secondment.state = secondment.state, state.value
    secondment.save(update_fields=["state"])
    record_change(
        actor=actor,
        at=at,
        about=secondment.worker,
        items=[["借调", str(secondment), "状态", before, state.value]],
        reason=reason or step.authority,
        street_code=secondment.worker.standing.street_id,
    )
