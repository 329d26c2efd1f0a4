"""Secretaries and directors who may be proposed for targeted recruitment (S 二(四)3; O 20)."""

from dataclasses import dataclass
from datetime import date

from assessment.models import AnnualAssessment
from songshan_cw.words.spans import add_months
from songshan_cw.words.terms import Category, Position, Result
from workers.models import Honour, PostAssignment, User
from workers.selectors.serving import Roll, Servant
from workers.selectors.streams import Row

HEADS = (Position.SECRETARY, Position.DIRECTOR)


@dataclass(frozen=True, slots=True)
class Candidate:
    """``since``: first day in the post without a break. ``excellent``: years of 优秀 in the term."""

    person: Servant
    since: date
    excellent: tuple[int, ...]
    honours: int


def candidates(user: User, day: date, street: str = "") -> list[Candidate]:
    """List who served a whole term in the post with results of 合格 or better and at least one 优秀, the best first.

    The documents leave the choice to the authorities. This lists who meets the plain conditions, with the evidence.
    """
    roll = Roll(user, day, street)
    posts = roll.rows(PostAssignment, "start", "start", "position")
    results = roll.rows(AnnualAssessment, "year", "year", "result")
    honours = roll.rows(Honour, "awarded_on", "awarded_on")
    found = []
    for person in roll.servants:
        held, judged, awarded = posts(person.id), results(person.id), honours(person.id)
        since = _head_since(held, day)
        term = person.policy.contract.term_months.value[Category.COMMITTEE]
        if since is None or add_months(since, term) > day:
            continue
        years = {year: Result(result) for _, year, result in judged if since.year < year < day.year}
        excellent = tuple(sorted(year for year, result in years.items() if result is Result.EXCELLENT))
        passing = person.policy.contract.renewal.value.passing
        if excellent and all(years.get(year) in passing for year in range(since.year + 1, day.year)):
            found.append(Candidate(person, since, excellent, sum(1 for row in awarded if row[1] <= day)))
    return sorted(found, key=lambda one: (-len(one.excellent), one.since, one.person.id))


def _head_since(posts: list[Row], day: date) -> date | None:
    """Return since when the person has been secretary or director without a break, or None."""
    since = None
    for _, start, position in posts:
        if start <= day:
            since = (since or start) if position in HEADS else None
    return since
