"""Filing a street's results with the district, and undoing it (rules 8.1; O 19)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from assessment.models import AnnualAssessment
from assessment.selectors.sheet import people_of_year
from assessment.services.share import lock_street
from songshan_cw.data.refusal import NotAllowed, Refused
from songshan_cw.policy import policy_at
from workers.models import Change, User
from workers.selectors.scope import reaches


@transaction.atomic
def file_results(*, actor: User, street_code: str, year: int, on: date, at: datetime) -> int:
    """Mark a street's decided results as filed with the district (O 19). Return how many were."""
    _require_filing(actor, street_code)
    if on > localdate(at):
        raise Refused(f"备案日期{on}还没有到，请核对。")
    authorities = policy_at(street_code, date(year, 12, 31)).assessment.filed_with
    if not authorities.value:
        raise Refused("现行政策没有要求考核结果备案，不必登记。")
    lock_street(street_code)
    rows = AnnualAssessment.objects.filter(worker__in=people_of_year(street_code, year), year=year, filed_on=None)
    count = rows.update(filed_on=on, filed_by=actor)
    if not count:
        raise Refused(f"没有待备案的{year}年度考核结果：街道尚未确定，或已全部备案。")
    _record(actor, street_code, f"{'、'.join(authorities.value)}备案{count}人", year, "考核结果备案")
    return count


@transaction.atomic
def reopen_filing(*, actor: User, street_code: str, year: int, reason: str, at: datetime) -> int:
    """Undo the filing so that the street can correct its results. Return how many were filed."""
    _require_filing(actor, street_code)
    if not reason.strip():
        raise Refused("退回备案须写明原因。")
    lock_street(street_code)
    rows = AnnualAssessment.objects.filter(worker__in=people_of_year(street_code, year), year=year)
    count = rows.exclude(filed_on=None).update(filed_on=None, filed_by=None)
    if not count:
        raise Refused(f"{year}年度没有已备案的考核结果。")
    _record(actor, street_code, f"退回{count}人", year, reason.strip())
    return count


def _require_filing(actor: User, street_code: str) -> None:
    if not actor.has_perm("assessment.file") or not reaches(actor, street_code):
        raise NotAllowed(f"{actor}（{actor.role}）不能登记该街道的考核备案；由旗县区民政局登记。")


def _record(actor: User, street_code: str, outcome: str, year: int, reason: str) -> None:
    Change.objects.create(
        actor=actor,
        street_id=street_code,
        subject=f"{year}年度考核备案",
        items=[["年度考核", str(year), "备案", "", outcome]],
        reason=reason[:200],
    )
