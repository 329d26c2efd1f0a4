"""Enter, correct and remove single yearly results (rules 8.1)."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from assessment.models import AnnualAssessment
from assessment.services.share import share_of_result
from songshan_cw.data.refusal import NotAllowed, Refused
from workers.models import Change, User, Worker
from workers.rules.rights import roles_with
from workers.services import Entry, amend_person


@transaction.atomic
def record_assessment(
    *, actor: User, assessment: AnnualAssessment, reason: str = "", at: datetime, seen: str = ""
) -> Change | None:
    """Enter or correct one result within the share of 优秀 (rules 8.2)."""
    worker = _person(assessment)
    _require_open(assessment, actor, localtime(at).year)
    with share_of_result(worker.pk, assessment.year, assessment.result):
        return amend_person(actor=actor, worker=worker, saved=[Entry(assessment, seen)], reason=reason, at=at)


@transaction.atomic
def remove_assessment(
    *, actor: User, assessment: AnnualAssessment, reason: str = "", at: datetime, seen: str = ""
) -> Change | None:
    """Remove a result entered by mistake."""
    worker = _person(assessment)
    _require_open(assessment, actor, localtime(at).year)
    return amend_person(actor=actor, worker=worker, removed=[Entry(assessment, seen)], reason=reason, at=at)


def _person(assessment: AnnualAssessment) -> Worker:
    worker = Worker.objects.filter(pk=assessment.worker_id).first()
    if worker is None:
        raise Refused("请先选择社区工作者。")
    return worker


def _require_open(assessment: AnnualAssessment, actor: User, this_year: int) -> None:
    """Refuse a change of a filed result, and of a decided one or this year's unless the user decides (rules 7.7, 8.1).

    Earlier results without ``decided_at`` were decided on paper, so the clerk may correct them.
    """
    if assessment.year >= this_year and not actor.has_perm("assessment.decide"):
        raise NotAllowed(
            f"{assessment.year}年度的考核等次由{roles_with('assessment.decide')}确定；请在“年度考核评定”登记建议。没有保存。"
        )
    stored = AnnualAssessment.objects.filter(pk=assessment.pk).first()
    if stored is not None and stored.filed_on is not None:
        raise Refused(f"{stored.worker}的{stored}已备案，请先由民政局退回备案再更正。")
    if stored is not None and stored.decided_at is not None and not actor.has_perm("assessment.decide"):
        raise NotAllowed(f"{stored.worker}的{stored}由街道负责人确定，只能由负责人更正。")
