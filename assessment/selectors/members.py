"""Stream people's facts for the checks of a day, in key order and without later facts."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q, QuerySet

from assessment.models import AnnualAssessment
from assessment.rules.facts import Member, seats_in_service
from songshan_cw.words.spans import Span
from songshan_cw.words.terms import Category, Position, Post, Result, SecondmentState, by_word
from workers.models import (
    Absence,
    Contract,
    Exit,
    PartyWorker,
    PostAssignment,
    Secondment,
    ServiceGap,
    Training,
    Worker,
)
from workers.rules.secondment import Away, days_away
from workers.rules.training import Session
from workers.selectors.categories import category_on
from workers.selectors.streams import Row, pinned, rows_of

CATEGORIES, POSTS, POSITIONS, RESULTS = by_word(Category), by_word(Post), by_word(Position), by_word(Result)


def stream_members(workers: QuerySet[Worker], day: date) -> Iterator[Member]:
    """Stream members with ten statements, however many people."""
    people = pinned(workers)
    approved = Q(state=SecondmentState.APPROVED.value, start__lte=day)
    parts = [
        rows_of(PostAssignment, people, "start", "start", "community_id", "post", "position"),
        rows_of(AnnualAssessment, people, "year", "year", "result"),
        rows_of(Contract, people, "start", "start", "end", where=Q(start__lte=day)),
        rows_of(Training, people, "start", "start", "end", "hours", where=Q(start__lte=day)),
        rows_of(Absence, people, "first_day", "first_day", "last_day", where=Q(first_day__lte=day)),
        rows_of(ServiceGap, people, "first_day", "first_day", "last_day"),
        rows_of(Secondment, people, "start", "start", "end", "returned_on", "requested_at", "pk", where=approved),
        rows_of(PartyWorker, people, "start", "start", "end"),
        rows_of(Exit, people, "left_on", "left_on"),
    ]
    basics = people.rows.order_by("pk").values_list("pk", "id_number", "name", category_on(day), "hired_on")
    for basic in people.listed(basics):
        yield _member(basic, [rows(basic[0]) for rows in parts], day)


def _member(basic: Row, parts: list[list[Row]], day: date) -> Member:
    _, id_number, name, category, hired_on = basic
    posts, results, contracts, trainings, absences, gaps, secondments, party_work, exits = parts
    left_on = exits[0][1] if exits else None
    return Member(
        id_number=id_number,
        name=name,
        category=CATEGORIES[category],
        service=(service := Span(hired_on, left_on)),
        seats=seats_in_service([(row[1], row[2], POSTS[row[3]], POSITIONS[row[4]]) for row in posts], service),
        results={row[1]: RESULTS[row[2]] for row in results},
        contracts=tuple(Span(row[1], row[2]) for row in contracts),
        trainings=tuple(Session(Span(row[1], row[2]), row[3]) for row in trainings),
        absences=tuple(Span(row[1], row[2]) for row in absences),
        gaps=tuple(Span(row[1], row[2]) for row in gaps),
        away=tuple(_away(id_number, row, left_on, day) for row in secondments),
        party_work=tuple(Span(row[1], row[2]) for row in party_work),
    )


def _away(id_number: str, row: Row, left_on: date | None, day: date) -> Away:
    """Read a secondment. Leaving the service ends it."""
    start, end, returned_on, requested_at, key = row[1:]
    span = days_away(start, end, returned_on, tracked=requested_at is not None, today=day)
    if left_on is not None and span.covers(left_on):
        span = Span(start, left_on)
    return Away(id_number, span, key)
