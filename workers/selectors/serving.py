"""People in service on a day with their posts, as all yearly registers need them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Model, Q

from songshan_cw.policy import policy_or_none
from songshan_cw.policy.schema import Policy
from songshan_cw.words.regions import district_of
from songshan_cw.words.spans import Span
from songshan_cw.words.terms import Category, Position, by_word
from workers.models import Exit, PostAssignment, User, Worker
from workers.selectors.categories import category_on
from workers.selectors.scope import visible
from workers.selectors.streams import People, Row, people_of, pinned, rows_of

POSITIONS, CATEGORIES = by_word(Position), by_word(Category)


@dataclass(frozen=True, slots=True)
class Servant:
    """One person of the scheme. ``working_since``: first job, else joining community work (readings:
    FIRST_WORKING_DAY).
    """

    id: int
    name: str
    community: str
    position: Position
    category: Category
    service: Span
    working_since: date
    policy: Policy


class Roll:
    """The people in the user's scope who serve on a day, in one street or everywhere.

    Several registers on one page share it, so that people and posts are read once.
    """

    def __init__(self, user: User, day: date, street: str = "") -> None:
        self.day = day
        rows = people_of([street]) if street else Worker.objects.all()
        serving = rows.filter(Q(exit=None) | Q(exit__left_on__gte=day), hired_on__lte=day)
        self.people = pinned(visible(serving, user))

    def rows(self, model: type[Model], order: str, *columns: str, where: Q | None = None) -> Callable[[int], list[Row]]:
        """Return a reader of their rows of a model, person by person (see ``rows_of``). One statement."""
        return rows_of(model, self.people, order, *columns, where=where)

    @cached_property
    def servants(self) -> list[Servant]:
        """Return the people of the scheme in key order. Three statements. Districts without a policy are left out."""
        return list(_servants(self.people, self.day))


def _servants(people: People, day: date) -> Iterator[Servant]:
    posts = rows_of(PostAssignment, people, "start", "start", "community_id", "position")
    exits = rows_of(Exit, people, "left_on", "left_on")
    policies: dict[str, Policy | None] = {}
    basics = people.rows.order_by("pk").values_list("pk", "name", category_on(day), "hired_on", "working_since")
    for key, name, category, hired_on, working_since in people.listed(basics):
        held, left = posts(key), exits(key)
        if not held:
            continue
        _, _, community, position = next((row for row in reversed(held) if row[1] <= day), held[0])
        district = district_of(community)
        if district not in policies:
            policies[district] = policy_or_none(district, day)
        policy = policies[district]
        if policy is not None and category in policy.scope.in_scheme.value:
            service = Span(hired_on, left[0][1] if left else None)
            since = working_since or hired_on
            yield Servant(key, name, community, POSITIONS[position], CATEGORIES[category], service, since, policy)
