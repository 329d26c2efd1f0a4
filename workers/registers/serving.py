"""People in service on a day with the post they hold: the ground of every yearly register."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from songshan_cw.policy import PolicyGap, policy_at
from songshan_cw.policy.schema import Policy
from songshan_cw.spans import Span
from songshan_cw.terms import Category, Position
from workers.models import Exit, PostAssignment, User, Worker
from workers.scope import district_of, visible
from workers.streams import CHUNK, people_of, pinned, rows_of


@dataclass(frozen=True, slots=True)
class Servant:
    """One person of the scheme. ``working_since``: first job, or joining community work where not entered
    (readings: FIRST_WORKING_DAY)."""

    id: int
    name: str
    community: str
    position: Position
    category: Category
    service: Span
    working_since: date
    policy: Policy


def serving(user: User, day: date, street: str = "") -> QuerySet[Worker]:
    """Those the user sees who serve on the day; of everybody who was ever in a street, where one is named."""
    rows = people_of([street]) if street else Worker.objects.all()
    return pinned(visible(rows.filter(Q(exit=None) | Q(exit__left_on__gte=day), hired_on__lte=day), user))


def servants(user: User, day: date, street: str = "") -> Iterator[Servant]:
    """People of the scheme whom the user sees, in key order; three statements. Districts without a policy are left
    out: nothing is asked of them there."""
    workers = serving(user, day, street)
    posts = rows_of(PostAssignment, workers, "start", "start", "community_id", "position")
    exits = rows_of(Exit, workers, "left_on", "left_on")
    policies: dict[str, Policy | None] = {}
    basics = workers.order_by("pk").values_list("pk", "name", "category", "hired_on", "working_since")
    for key, name, category, hired_on, working_since in basics.iterator(CHUNK):
        held, left = posts(key), exits(key)
        if not held:
            continue
        _, _, community, position = next((row for row in reversed(held) if row[1] <= day), held[0])
        district = district_of(community)
        if district not in policies:
            policies[district] = _policy(district, day)
        policy = policies[district]
        if policy is not None and category in policy.scope.in_scheme.value:
            service = Span(hired_on, left[0][1] if left else None)
            since = working_since or hired_on
            yield Servant(key, name, community, Position(position), Category(category), service, since, policy)


def _policy(district: str, day: date) -> Policy | None:
    try:
        return policy_at(district, day)
    except PolicyGap:
        return None
