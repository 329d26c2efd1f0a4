"""Writing yearly assessments (rules 8.1): one result per person and year."""

from datetime import datetime

from django.db import transaction

from assessment.models import AnnualAssessment
from assessment.services.share import share_of_result
from songshan_cw.refusal import Refused
from workers.models import Change, User, Worker
from workers.services import Entry, amend_person


@transaction.atomic
def record_assessment(
    *, actor: User, assessment: AnnualAssessment, reason: str = "", at: datetime, seen: str = ""
) -> Change | None:
    """Enter or correct one result; the share of 优秀 holds here too (rules 8.2)."""
    worker = _person(assessment)
    _require_year(assessment, worker, at)
    with share_of_result(worker.pk, assessment.year, assessment.result):
        return amend_person(actor=actor, worker=worker, saved=[Entry(assessment, seen)], reason=reason, at=at)


@transaction.atomic
def remove_assessment(
    *, actor: User, assessment: AnnualAssessment, reason: str = "", at: datetime, seen: str = ""
) -> Change | None:
    """Take back a result entered by mistake."""
    worker = _person(assessment)
    return amend_person(actor=actor, worker=worker, removed=[Entry(assessment, seen)], reason=reason, at=at)


def _person(assessment: AnnualAssessment) -> Worker:
    worker = Worker.objects.filter(pk=assessment.worker_id).first()
    if worker is None:
        raise Refused("请先选择社区工作者。")
    return worker


def _require_year(assessment: AnnualAssessment, worker: Worker, at: datetime) -> None:
    """A year without service cannot be assessed, nor one that has not begun."""
    if assessment.year > at.year:
        raise Refused(f"{assessment.year}年度尚未开始，不能登记考核。")
    if assessment.year < worker.hired_on.year:
        raise Refused(f"该人员{worker.hired_on.year}年才参加社区工作，{assessment.year}年度不应有考核。")
