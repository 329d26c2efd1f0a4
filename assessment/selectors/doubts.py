"""Warnings about an event before it is recorded. They do not prevent it (rules 8.3, 9.6)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q

from assessment.models import AnnualAssessment
from assessment.rules.annual import failing_run
from songshan_cw.policy import policy_or_none
from songshan_cw.policy.schema import Policy
from songshan_cw.words.spans import Span
from songshan_cw.words.terms import Category, Education, Position, Post, Result
from workers.models import Contract, Exit, Hiring, PostAssignment, Standing, Worker
from workers.rules.identity import birth_date
from workers.rules.leaving import alleges_failing
from workers.rules.recruitment import hiring_doubts, leaves_early
from workers.rules.staffing import crowded
from workers.selectors.hirings import hiring_policy


def unchanged_post(worker: Worker, record: Any) -> str:
    """Describe an appointment that would change nothing. Empty for others and for other records."""
    if not isinstance(record, PostAssignment):
        return ""
    before = worker.postassignments.filter(start__lte=record.start).order_by("-start").first()
    compared = ("community_id", "post", "position", "dual")
    if before is None or any(getattr(before, name) != getattr(record, name) for name in compared):
        return ""
    dual = "、一肩挑" if record.dual else ""
    return f"与{before.start}起的任职（{before.community}、{before.position}{dual}）相同，没有变化，不用登记。"


def doubts(worker: Worker, record: Any, today: date) -> Iterator[str]:
    """Warn about recruitment, occupied leading posts, minimum service, and reasons that results do not support."""
    if isinstance(record, PostAssignment):
        yield from _crowding(worker, record, today)
    elif isinstance(record, Hiring):
        yield from _of_hiring(worker, record, today)
    elif isinstance(record, Exit):
        yield from _of_leaving(worker, record, today)


def _crowding(worker: Worker, record: PostAssignment, today: date) -> Iterator[str]:
    """Warn about others who lead the community on the day (S 二(三)1)."""
    policy = policy_or_none(record.community_id, today)
    if policy is None:
        return
    serving = Q(left_on=None) | Q(left_on__gte=record.start)
    others = Standing.objects.filter(serving, community=record.community_id).exclude(worker=worker)
    held = [
        (row.worker.name, (Post(row.post), Position(row.position), row.dual))
        for row in others.order_by("pk").select_related("worker")
    ]
    appointed = Post(record.post), Position(record.position), record.dual
    yield from crowded(str(record.community), appointed, held, policy.staffing)


def _of_hiring(worker: Worker, record: Hiring, today: date) -> Iterator[str]:
    policy = hiring_policy(worker.standing.street_id, worker.hired_on, today)
    if policy is not None:
        yield from hiring_doubts(
            policy=policy,
            category=Category(worker.category),
            born=birth_date(worker.id_number),
            education=Education(worker.entry_education),
            hired_on=worker.hired_on,
            method=record.method,
        )


def _of_leaving(worker: Worker, record: Exit, today: date) -> Iterator[str]:
    policy = hiring_policy(worker.standing.street_id, worker.hired_on, today)
    if policy is not None:
        category = Category(worker.category)
        early = leaves_early(policy=policy, category=category, hired_on=worker.hired_on, left_on=record.left_on)
        if early:
            yield early
    policy = policy_or_none(worker.standing.street_id, today)
    if policy is not None and alleges_failing(record.reason):
        yield from _not_failing(worker, record, policy)


def _not_failing(worker: Worker, record: Exit, policy: Policy) -> Iterator[str]:
    """Warn about a reason that the stored results do not support (S 二(四)5; O 23(二))."""
    limit = policy.dismissal.failing
    years = policy.document.in_force_from.year, record.left_on.year
    rows = AnnualAssessment.objects.filter(worker=worker, year__range=years)
    results = {year: Result(result) for year, result in rows.values_list("year", "result")}
    contracts = [Span(row.start, row.end) for row in Contract.objects.filter(worker=worker, start__lte=record.left_on)]
    if failing_run(results, contracts, limit.value) is None:
        newest = max(results, default=record.left_on.year - 1)
        looked_at = range(newest - limit.value.years + 1, newest + 1)
        stored = "、".join(f"{year}年度{results.get(year) or '未考核'}" for year in looked_at)
        yield f"离职原因是“{record.reason}”，但已录入的考核结果（{stored}）看不出这一点（{limit.article}）。"
