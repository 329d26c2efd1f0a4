"""Save a street's assessment sheet: the community proposes, the street decides (rules 8.1; S 二(四)4; O 18).

A sheet is saved whole or not at all, and only over the version its page showed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate, localtime

from assessment.models import AnnualAssessment, AssessmentProposal
from assessment.rules.annual import total_score
from assessment.selectors.sheet import people_of_year, version_of_year
from assessment.services.share import lock_street, within_share
from songshan_cw.data.refusal import NotAllowed, Overtaken, Refused
from songshan_cw.policy import policy_at
from songshan_cw.security.masking import mask_numbers
from songshan_cw.words.terms import Result
from workers.models import Change, User, Worker
from workers.rules.judge import judge_change, refusals
from workers.rules.rights import roles_with
from workers.selectors.dossiers import dossier_with, stored_rows_of
from workers.selectors.scope import reaches
from workers.selectors.trail import subject_of
from workers.services.trail import differences

SCORES = ("everyday", "yearly", "satisfaction")
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Points out of 100, at most two decimals."""

    everyday: Decimal
    yearly: Decimal
    satisfaction: Decimal
    result: Result


@transaction.atomic
def decide_sheet(
    *,
    actor: User,
    street_code: str,
    year: int,
    results: Mapping[int, Result],
    reason: str = "",
    seen: str,
    at: datetime,
) -> int:
    """Save the leader's results. Return how many changed. Raises Refused, PolicyGap."""
    _require_seen(street_code, year, seen)
    return decide_many(actor=actor, street_code=street_code, year=year, results=results, reason=reason, at=at)


@transaction.atomic
def decide_many(
    *, actor: User, street_code: str, year: int, results: Mapping[int, Result], reason: str = "", at: datetime
) -> int:
    """Store the street's results by worker key, all of them or none. Return how many changed.

    The share of 优秀 also holds when two users decide at once. The number of statements is fixed. Raises Refused,
    PolicyGap.
    """
    if not actor.has_perm("assessment.decide") or not reaches(actor, street_code):
        raise NotAllowed(f"{actor}（{actor.role}）不能确定该街道的考核等次；由{roles_with('assessment.decide')}确定。")
    if year > localtime(at).year:
        raise Refused(f"{year}年度尚未开始，不能确定考核。")
    _require_people(street_code, year, results)
    with within_share(street=street_code, year=year):
        return _write_results(actor, street_code, year, results, reason, at)


def _require_people(street_code: str, year: int, results: Mapping[int, Result]) -> None:
    mine = people_of_year(street_code, year)
    strangers = [key for key in results if key not in mine]
    if strangers:
        names = "、".join(Worker.objects.filter(pk__in=strangers).values_list("name", flat=True)[:5])
        raise Refused(f"{names or '所选人员'}{year}年度最后不在本街道任职，请由所在街道确定。")


def _require_judged(workers: Mapping[int, Worker], results: Sequence[AnnualAssessment], today: date) -> None:
    """Refuse results of years without a month in service (rules 4.2), by the same rules as every other entry."""
    stored = stored_rows_of([one.worker_id for one in results])
    faults = []
    for one in results:
        rows = stored[one.worker_id]
        found = judge_change(dossier_with(rows), dossier_with(rows, [one]), today)
        faults += [f"{workers[one.worker_id]}：{fault}" for fault in refusals(found)]
    if faults:
        raise Refused("\n".join(faults))


def _write_results(
    actor: User, street_code: str, year: int, results: Mapping[int, Result], reason: str, at: datetime
) -> int:
    """Write new and changed results and their changes. The caller has locked the street."""
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
    _require_judged(workers, [*fresh, *changed], localdate(at))
    AnnualAssessment.objects.bulk_create(fresh)
    AnnualAssessment.objects.bulk_update(changed, ["result", "decided_by", "decided_at"], batch_size=500)
    Change.objects.bulk_create(trail)
    return len(trail)


@transaction.atomic
def propose_sheet(
    *, actor: User, street_code: str, year: int, suggestions: Mapping[int, Suggestion], seen: str, at: datetime
) -> int:
    """Save the clerk's scores and suggestions. Return how many changed. Raises Refused, PolicyGap."""
    if not actor.has_perm("assessment.add_assessmentproposal") or not reaches(actor, street_code):
        raise NotAllowed(
            f"{actor}（{actor.role}）不能登记该街道的考核建议；由{roles_with('assessment.add_assessmentproposal')}登记。"
        )
    if year > localtime(at).year:
        raise Refused(f"{year}年度尚未开始，不能登记考核建议。")
    _require_seen(street_code, year, seen)
    if strangers := set(suggestions) - people_of_year(street_code, year):
        raise Refused(f"有{len(strangers)}人{year}年度最后不在本街道任职，请由所在街道登记。")
    return _write_proposals(actor, street_code, year, suggestions, at)


def _write_proposals(
    actor: User, street_code: str, year: int, suggestions: Mapping[int, Suggestion], at: datetime
) -> int:
    weight = policy_at(street_code, date(year, 12, 31)).assessment.satisfaction_weight.value
    workers = Worker.objects.in_bulk(list(suggestions))
    if faults := score_faults(suggestions, {key: worker.name for key, worker in workers.items()}):
        raise Refused("\n".join(faults))
    stored = {row.worker_id: row for row in AssessmentProposal.objects.filter(worker__in=workers, year=year)}
    decided = set(AnnualAssessment.objects.filter(worker__in=workers, year=year).values_list("worker_id", flat=True))
    fresh, changed, trail = [], [], []
    for key, given in suggestions.items():
        old = stored.get(key)
        if old is not None and _same(old, given):
            continue
        worker = workers[key]
        if key in decided:
            raise Refused(f"{worker}的{year}年度考核街道已确定，不能再改建议。")
        new = _proposal(actor, worker, year, given, weight, at)
        new.pk = old.pk if old else None
        (changed if old else fresh).append(new)
        trail.append(_change(actor, worker, street_code, differences(old, new), "考核建议"))
    AssessmentProposal.objects.bulk_create(fresh)
    fields = [*SCORES, "total", "result", "proposed_by", "proposed_at"]
    AssessmentProposal.objects.bulk_update(changed, fields, batch_size=500)
    Change.objects.bulk_create(trail)
    return len(trail)


def _proposal(
    actor: User, worker: Worker, year: int, given: Suggestion, weight: Decimal | None, at: datetime
) -> AssessmentProposal:
    scores = {name: getattr(given, name) for name in SCORES}
    total = total_score(**scores, satisfaction_weight=weight)
    return AssessmentProposal(
        worker=worker,
        year=year,
        **scores,
        total=total,
        result=given.result.value,
        proposed_by=actor,
        proposed_at=at,
    )


def score_faults(suggestions: Mapping[int, Suggestion], names: Mapping[int, str]) -> list[str]:
    """Describe every score outside 0 to 100 or with more than two decimals."""
    scores = [(names[key], getattr(given, score)) for key, given in suggestions.items() for score in SCORES]
    return [f"{name}的得分{value}应在0至100之间，最多两位小数。" for name, value in scores if not _possible(value)]


def _possible(value: Decimal) -> bool:
    return value.is_finite() and 0 <= value <= HUNDRED and value == value.quantize(Decimal("0.01"))


def _same(old: AssessmentProposal, given: Suggestion) -> bool:
    return old.result == given.result and all(getattr(old, name) == getattr(given, name) for name in SCORES)


def _change(actor: User, worker: Worker, street_code: str, items: list[list[str]], reason: str) -> Change:
    subject = subject_of(worker)
    given = {"reason": mask_numbers(reason)[:200], "channel": actor.channel or None}
    return Change(actor=actor, worker=worker, street_id=street_code, subject=subject, items=items, **given)


def _require_seen(street_code: str, year: int, seen: str) -> None:
    """Lock the street and refuse a sheet that another user has changed since its page was opened."""
    lock_street(street_code)
    if version_of_year(street_code, year) != seen:
        raise Overtaken(
            "您打开本页之后，已有人改动了本街道这一年的考核，这次没有保存。请在新窗口打开本页，核对后再填。"
        )
