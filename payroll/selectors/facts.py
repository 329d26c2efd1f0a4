"""Stream people's facts for the rules in key order, with a fixed number of statements."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db.models import Case, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Concat

from assessment.models import AnnualAssessment
from payroll.rules.facts import NO_ASSESSMENTS, Assignment, Categorised, Certified, Degree, Facts, Gap, Placed
from songshan_cw.words.terms import Category, CertificateLevel, Education, Position, Post, Result, by_word
from workers.models import (
    CategoryRecord,
    Certificate,
    Contract,
    EducationRecord,
    Exit,
    Placement,
    PostAssignment,
    ServiceGap,
    Worker,
)
from workers.selectors.streams import CHUNK, NONE, Follower, Joined, People, Row

Rows = QuerySet[Any, Row]
POSTS, POSITIONS, CATEGORIES = by_word(Post), by_word(Position), by_word(Category)
EDUCATIONS, CERTIFICATES, RESULTS = by_word(Education), by_word(CertificateLevel), by_word(Result)


class Person(NamedTuple):
    """A worker with the facts of a run."""

    id: int
    id_number: str
    name: str
    has_account: bool
    contract_end: date | None
    facts: Facts


def stream_people(workers: QuerySet[Worker]) -> Iterator[Person]:
    """Return the people with their facts, in order of their key."""
    whose = People(workers).of
    parts = [
        _rows(whose(PostAssignment), "start", "community_id", "post", "position", "dual"),
        _rows(whose(EducationRecord), "earned_on", "level"),
        _rows(whose(Certificate), "approved_on", "level", "ended_on"),
        _rows(whose(ServiceGap), "first_day", "last_day"),
        _rows(whose(Placement), "month", "credited_months"),
        _results(whose(AnnualAssessment)),
        _rows(whose(Exit), "left_on"),
        _rows(whose(Contract), "start", "end", "probation_end"),
        _rows(whose(CategoryRecord), "start", "category"),
    ]
    has_account = Case(When(bank_account="", then=Value(False)), default=Value(True))
    basics = (
        workers.order_by("pk")
        .annotate(has_account=has_account)
        .values_list("pk", "id_number", "name", "has_account", "hired_on", "entry_education", "category")
    )
    first, *others = (iter(rows.iterator(CHUNK)) for rows in (basics, *parts))
    return _together(first, others)


def _together(basics: Iterator[Row], others: list[Iterator[Row]]) -> Iterator[Person]:
    """Yield people with their records, in order of their key.

    People are read before their records. Those added meanwhile are not in the list, and those removed meanwhile are
    left out, because they have no appointment.
    """
    followers = [Follower(rows) for rows in others]
    for basic in basics:
        key = basic[0]
        parts = [NONE if follower.key > key else follower.of(key) for follower in followers]
        if parts[0]:
            yield _person(basic, parts)


def _rows(records: QuerySet[Any], *columns: str) -> Rows:
    rows = records.order_by("worker_id", columns[0])
    return rows.values_list("worker_id", *columns)


def _results(records: QuerySet[Any]) -> Rows:
    """Select a person's results as one text. Few different texts occur, so each is parsed once."""
    result = Concat(Cast("year", TextField()), Value(":"), "result")
    rows = records.order_by("worker_id").values("worker_id")
    return rows.annotate(results=Joined(result)).values_list("worker_id", "results")


@lru_cache(maxsize=4096)
def _assessments(text: str) -> Mapping[int, Result]:
    pairs = sorted(one.split(":") for one in text.split(","))
    return MappingProxyType({int(year): RESULTS[word] for year, word in pairs})


def _person(basic: Row, parts: list[list[Row]]) -> Person:
    """Build one person. Empty kinds of records share one empty tuple, because most people have few kinds."""
    key, id_number, name, has_account, hired_on, entry_education, category = basic
    posts, degrees, certificates, gaps, placements, results, exits, contracts, changes = parts
    facts = Facts(
        hired=hired_on,
        entry_education=EDUCATIONS[entry_education],
        assignments=tuple([Assignment(row[1], row[2], POSTS[row[3]], POSITIONS[row[4]], row[5]) for row in posts]),
        category=CATEGORIES[category],
        categories=tuple([Categorised(row[1], CATEGORIES[row[2]]) for row in changes]) if changes else (),
        degrees=tuple([Degree(row[1], EDUCATIONS[row[2]]) for row in degrees]) if degrees else (),
        certificates=tuple([Certified(row[1], CERTIFICATES[row[2]], row[3]) for row in certificates]),
        gaps=tuple([Gap(row[1], row[2]) for row in gaps]) if gaps else (),
        placements=tuple([Placed(row[1], row[2]) for row in placements]) if placements else (),
        assessments=_assessments(results[0][1]) if results else NO_ASSESSMENTS,
        left=exits[0][1] if exits else None,
        probation_end=max([row[3] for row in contracts if row[3]], default=None) if contracts else None,
    )
    return Person(key, id_number, name, has_account, contracts[-1][2] if contracts else None, facts)
