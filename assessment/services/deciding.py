"""The way of an annual assessment: the community proposes, the street decides, the district is told (rules 8.1)."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localtime

from assessment.models import AnnualAssessment, AssessmentProposal
from assessment.rules.annual import total_score
from assessment.selectors.years import people_of_year
from assessment.services.share import lock_street, within_share
from songshan_cw.data.refusal import NotAllowed, Refused
from songshan_cw.policy import policy_at
from songshan_cw.words.terms import Result
from workers.models import Change, User, Worker
from workers.selectors.reach import subject_of
from workers.selectors.scope import reaches
from workers.services.amendment import Entry, amend_person
from workers.services.trail import differences


@transaction.atomic
def propose(
    *,
    actor: User,
    worker: Worker,
    year: int,
    everyday: Decimal,
    yearly: Decimal,
    satisfaction: Decimal,
    result: Result,
    at: datetime,
) -> AssessmentProposal:
    """Enter the community's scores and suggestion, or correct them while the street has not decided."""
    if AnnualAssessment.objects.filter(worker=worker, year=year).exists():
        raise Refused(f"{worker}的{year}年度考核街道已确定，不能再改建议。")
    policy = policy_at(worker.standing.street_id, date(year, 12, 31))
    proposal = AssessmentProposal.objects.filter(worker=worker, year=year).first()
    proposal = proposal or AssessmentProposal(worker=worker, year=year)
    proposal.everyday, proposal.yearly, proposal.satisfaction = everyday, yearly, satisfaction
    proposal.total = total_score(
        everyday=everyday,
        yearly=yearly,
        satisfaction=satisfaction,
        satisfaction_weight=policy.assessment.satisfaction_weight.value,
    )
    proposal.result, proposal.proposed_by, proposal.proposed_at = result.value, actor, at
    amend_person(actor=actor, worker=worker, saved=[Entry(proposal)], reason="考核建议", at=at)
    return proposal


def decide(*, actor: User, worker: Worker, year: int, result: Result, reason: str = "", at: datetime) -> None:
    """Decide one person's result."""
    street = worker.standing.street_id
    decide_many(actor=actor, street_code=street, year=year, results={worker.pk: result}, reason=reason, at=at)


@transaction.atomic
def decide_many(
    *, actor: User, street_code: str, year: int, results: Mapping[int, Result], reason: str = "", at: datetime
) -> int:
    """The street decides results by worker key, all of them or none; how many changed.

    The share of 优秀 holds also for two deciding at once. A fixed number of statements. Raises Refused, PolicyGap.
    """
    if not actor.has_perm("assessment.decide") or not reaches(actor, street_code):
        raise NotAllowed(f"{actor}（{actor.role}）不能确定该街道的考核等次；由街道负责人确定。")
    if year > localtime(at).year:
        raise Refused(f"{year}年度尚未开始，不能确定考核。")
    _require_people(street_code, year, results)
    with within_share(street=street_code, year=year):
        return _write(actor, street_code, year, results, reason, at)


def _require_people(street_code: str, year: int, results: Mapping[int, Result]) -> None:
    mine = people_of_year(street_code, year)
    strangers = [key for key in results if key not in mine]
    if strangers:
        names = "、".join(Worker.objects.filter(pk__in=strangers).values_list("name", flat=True)[:5])
        raise Refused(f"{names or '所选人员'}{year}年度最后不在本街道任职，请由所在街道确定。")


def _write(actor: User, street_code: str, year: int, results: Mapping[int, Result], reason: str, at: datetime) -> int:
    """New and changed results and their trail; the street is locked."""
    workers = Worker.objects.in_bulk(list(results))
    stored = {row.worker_id: row for row in AnnualAssessment.objects.filter(worker__in=workers, year=year)}
    fresh, changed, trail = [], [], []
    for key, result in results.items():
        old = stored.get(key)
        if old is not None and old.result == result:
            continue
        if old is not None and old.filed_on is not None:
            raise Refused(f"{workers[key]}的{year}年度考核已备案，请先由民政局退回备案再更正。")
        new = AnnualAssessment(
            pk=old.pk if old else None,
            worker=workers[key],
            year=year,
            result=result.value,
            decided_by=actor,
            decided_at=at,
        )
        (changed if old else fresh).append(new)
        trail.append(_change(actor, workers[key], street_code, differences(old, new), reason or "确定考核等次"))
    AnnualAssessment.objects.bulk_create(fresh)
    AnnualAssessment.objects.bulk_update(changed, ["result", "decided_by", "decided_at"], batch_size=500)
    Change.objects.bulk_create(trail)
    return len(trail)


def _change(actor: User, worker: Worker, street_code: str, items: list[list[str]], reason: str) -> Change:
    subject = subject_of(worker)
    return Change(actor=actor, worker=worker, street_id=street_code, subject=subject, items=items, reason=reason[:200])


@transaction.atomic
def file_results(*, actor: User, street_code: str, year: int, on: date, at: datetime) -> int:
    """Mark a street's decided results as filed with the district (O 19); how many were."""
    _require_filing(actor, street_code)
    authorities = policy_at(street_code, date(year, 12, 31)).assessment.filed_with
    if not authorities.value:
        raise Refused("现行政策没有要求考核结果备案，不必登记。")
    lock_street(street_code)
    rows = AnnualAssessment.objects.filter(worker__in=people_of_year(street_code, year), year=year, filed_on=None)
    count = rows.update(filed_on=on, filed_by=actor)
    if not count:
        raise Refused(f"没有待备案的{year}年度考核结果：街道尚未确定，或已全部备案。")
    _keep(actor, street_code, f"{'、'.join(authorities.value)}备案{count}人", year, "考核结果备案")
    return count


@transaction.atomic
def reopen_filing(*, actor: User, street_code: str, year: int, reason: str, at: datetime) -> int:
    """Hand filed results back so that the street can correct them."""
    _require_filing(actor, street_code)
    if not reason.strip():
        raise Refused("退回备案须写明原因。")
    lock_street(street_code)
    rows = AnnualAssessment.objects.filter(worker__in=people_of_year(street_code, year), year=year)
    count = rows.exclude(filed_on=None).update(filed_on=None, filed_by=None)
    if not count:
        raise Refused(f"{year}年度没有已备案的考核结果。")
    _keep(actor, street_code, f"退回{count}人", year, reason.strip())
    return count


def _require_filing(actor: User, street_code: str) -> None:
    if not actor.has_perm("assessment.file") or not reaches(actor, street_code):
        raise NotAllowed(f"{actor}（{actor.role}）不能登记该街道的考核备案；由旗县区民政局登记。")


def _keep(actor: User, street_code: str, told: str, year: int, reason: str) -> None:
    Change.objects.create(
        actor=actor,
        street_id=street_code,
        subject=f"{year}年度考核备案",
        items=[["年度考核", str(year), "备案", "", told]],
        reason=reason,
    )
