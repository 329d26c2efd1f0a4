"""How people were hired, doubts about it, and the minimum service they owe (S 二(三)2; O 7)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from songshan_cw.policy import PolicyGap, policy_at
from songshan_cw.policy.schema import Policy
from songshan_cw.words.regions import district_of
from songshan_cw.words.terms import Category, Education
from workers.models import Worker
from workers.rules.identity import birth_date
from workers.rules.recruitment import hiring_doubts, serves_at_least_until
from workers.selectors.serving import Roll


@dataclass(frozen=True, slots=True)
class Hired:
    """``method`` is empty where not entered. ``until`` is the last day of the minimum service, or None."""

    id: int
    name: str
    community: str
    hired_on: date
    method: str
    doubts: tuple[str, ...]
    until: date | None


def hiring_policy(region: str, hired_on: date, today: date) -> Policy | None:
    """Return the policy of the hiring day, or today's for people hired before any document."""
    for day in (hired_on, today):
        try:
            return policy_at(region, day)
        except PolicyGap:
            continue
    return None


def hired(worker: Worker, today: date) -> Hired:
    """Read one person's hiring. The caller has fetched standing and hiring."""
    hiring = getattr(worker, "hiring", None)
    row = (worker.pk, worker.name, worker.standing.community_id, worker.hired_on, worker.category)
    return _hired(hiring_policy, row, worker.id_number, worker.entry_education, hiring.method if hiring else "", today)


def hirings(roll: Roll) -> list[Hired]:
    """List recruited people with doubts or within the minimum service. One statement."""
    day, recruited = roll.day, roll.people.rows.filter(category=Category.STAFF.value)
    people = recruited.filter(standing__isnull=False).order_by("hired_on", "pk")
    columns = ("pk", "name", "standing__community_id", "hired_on", "category")
    policies = lru_cache(maxsize=None)(hiring_policy)
    found = (
        _hired(policies, tuple(row[:5]), row[5], row[6], row[7] or "", day)
        for row in roll.people.listed(people.values_list(*columns, "id_number", "entry_education", "hiring__method"))
    )
    return [one for one in found if one.doubts or (one.until is not None and one.until >= day)]


def _hired(
    policies: Callable[[str, date, date], Policy | None],
    row: tuple[int, str, str, date, str],
    id_number: str,
    education: str,
    method: str,
    today: date,
) -> Hired:
    key, name, community, hired_on, category = row
    policy = policies(district_of(community), hired_on, today)
    if policy is None:
        return Hired(key, name, community, hired_on, method, (), None)
    kind = Category(category)
    doubts = hiring_doubts(
        policy=policy,
        category=kind,
        born=birth_date(id_number),
        education=Education(education),
        hired_on=hired_on,
        method=method,
    )
    until = serves_at_least_until(policy=policy, category=kind, hired_on=hired_on)
    return Hired(key, name, community, hired_on, method, tuple(doubts), until)
