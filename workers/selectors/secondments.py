"""People on secondment, pending approvals, and overdue returns (rules 9.1)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from songshan_cw.policy import PolicyGap, policy_at
from songshan_cw.policy.schema import ApprovalStep
from songshan_cw.words.spans import ONE_DAY, Span
from songshan_cw.words.terms import SecondmentState
from workers.models import PostAssignment, Secondment, User
from workers.rules.secondment import Away, days_away, first_day_too_long
from workers.selectors.scope import visible


def approved_away(community: str, today: date) -> list[Away]:
    """List approved secondments of people who served in the community on their first day."""
    people = PostAssignment.objects.filter(community=community).values("worker_id")
    rows = Secondment.objects.filter(worker__in=people, state=SecondmentState.APPROVED.value)
    found = list(rows.select_related("worker__exit").order_by("start", "pk"))
    places = _places([row.worker_id for row in found])
    return [_away(row, today) for row in found if _place(places[row.worker_id], row.start) == community]


def _away(row: Secondment, today: date) -> Away:
    """Read a secondment. Leaving the service ends it."""
    span = days_away(row.start, row.end, row.returned_on, tracked=row.requested_at is not None, today=today)
    leaving = getattr(row.worker, "exit", None)
    if leaving is not None and span.covers(leaving.left_on):
        span = Span(row.start, leaving.left_on)
    return Away(row.worker.id_number, span, row.pk)


def _places(worker_ids: list[int]) -> dict[int, list[tuple[date, str]]]:
    places: dict[int, list[tuple[date, str]]] = defaultdict(list)
    rows = PostAssignment.objects.filter(worker__in=worker_ids).order_by("start")
    for worker_id, start, community in rows.values_list("worker_id", "start", "community_id"):
        places[worker_id].append((start, community))
    return places


def _place(places: list[tuple[date, str]], day: date) -> str:
    return next((code for start, code in reversed(places) if start <= day), places[0][1])


@dataclass(frozen=True, slots=True)
class Turn:
    """A request with its pending approval."""

    secondment: Secondment
    number: int
    step: ApprovalStep


def waiting_for(user: User) -> list[Turn]:
    """List requests whose next approval belongs to the user's role and region. Three statements.

    ``visible`` is not used: the organisation department approves people whose archives it does not read (O 14).
    """
    requests = Secondment.objects.filter(
        state=SecondmentState.REQUESTED.value, worker__standing__street__code__startswith=user.region_id or ""
    )
    rows = requests.select_related("worker__standing__street").annotate(done=Count("approvals")).order_by("start", "pk")
    turns = []
    for row in rows:
        step = policy_at(row.worker.standing.street_id, row.start).secondment.approvals.value[row.done]
        if step.role == user.role:
            turns.append(Turn(row, row.done + 1, step))
    return turns


@dataclass(frozen=True, slots=True)
class Overdue:
    """Still away after the agreed end or the longest time. ``since`` is the first day too many."""

    secondment: Secondment
    since: date


def overdue_secondments(user: User, day: date) -> list[Overdue]:
    """List approved secondments that should have ended, the longest overdue first."""
    started = Secondment.objects.filter(state=SecondmentState.APPROVED.value, start__lte=day)
    running: QuerySet[Secondment] = visible(started.filter(returned_on=None, worker__exit=None), user)
    found = []
    for row in running.select_related("worker__standing__street", "worker__standing__community"):
        span = days_away(row.start, row.end, None, tracked=row.requested_at is not None, today=day)
        if not span.covers(day):
            continue
        reasons = [row.end + ONE_DAY] if row.end is not None and row.end < day else []
        too_long = first_day_too_long(span, _most_months(row))
        since = min([*reasons, *([too_long] if too_long is not None and too_long <= day else [])], default=None)
        if since is not None:
            found.append(Overdue(row, since))
    return sorted(found, key=lambda overdue: (overdue.since, overdue.secondment.pk))


def _most_months(row: Secondment) -> int | None:
    try:
        return policy_at(row.worker.standing.street_id, row.start).secondment.most_months.value
    except PolicyGap:
        return None
