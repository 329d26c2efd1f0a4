"""Invented people written straight into the tables, for measuring what comes after an import."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.db import models, transaction

from assessment.models import AnnualAssessment
from payroll.demo.people import generate_people
from payroll.demo.person import Community, Person
from songshan_cw.data.bulk import insert_rows, reserve_ids
from songshan_cw.data.sealing import lookup_of
from songshan_cw.words.periods import month
from workers.models import (
    Certificate,
    Contract,
    EducationRecord,
    Exit,
    Placement,
    PostAssignment,
    Region,
    ServiceGap,
    Worker,
)
from workers.rules.initials import initials_of
from workers.services.standing import refresh_standing

WORKER_COLUMNS = [
    *("id", "id_number", "name", "initials", "ethnicity", "political_status", "phone", "category", "hired_on"),
    *("entry_education", "bank_name", "bank_account", "account_lookup", "note"),
]
FACTS: dict[type[models.Model], list[str]] = {
    PostAssignment: ["worker_id", "start", "community_id", "post", "position", "dual", "document_no"],
    EducationRecord: ["worker_id", "level", "earned_on", "school", "major"],
    Certificate: ["worker_id", "level", "approved_on", "number"],
    ServiceGap: ["worker_id", "first_day", "last_day", "reason"],
    Placement: ["worker_id", "month", "credited_months", "document_no"],
    AnnualAssessment: ["worker_id", "year", "result"],
    Exit: ["worker_id", "left_on", "reason", "document_no"],
    Contract: ["worker_id", "start", "end", "probation_end"],
}
TOGETHER = 5_000  # people
PLACED_IN = month(2022, 1)


def communities_below(prefix: str) -> list[Community]:
    regions = Region.objects.filter(level="community", code__startswith=prefix).select_related("parent")
    return [Community(one.code, one.name, one.parent.code, one.parent.name) for one in regions if one.parent]


def populate(*, people: int, below: str, today: date) -> None:
    """Store ``people`` invented people in the communities below a region code."""
    generated = generate_people(communities_below(below), total=people, today=today)
    with transaction.atomic():
        while some := list(islice(generated, TOGETHER)):
            keyed = list(zip(reserve_ids(Worker, len(some)), some, strict=True))
            insert_rows(Worker, WORKER_COLUMNS, [_worker_row(key, person) for key, person in keyed])
            facts: dict[type[models.Model], list[tuple[Any, ...]]] = {model: [] for model in FACTS}
            for key, person in keyed:
                for model, rows in _fact_rows(person):
                    facts[model] += [(key, *row) for row in rows]
            for model, rows in facts.items():
                insert_rows(model, FACTS[model], rows)
    refresh_standing(None)


def _worker_row(key: int, person: Person) -> tuple[Any, ...]:
    return (
        *(key, person.id_number, person.name, initials_of(person.name), person.ethnicity),
        *(person.political_status, person.phone),
        *(person.seat.category, person.hired, person.entry_education, person.bank_name, person.bank_account),
        *(lookup_of(person.bank_account), ""),
    )


def _fact_rows(person: Person) -> Iterator[tuple[type[models.Model], Iterable[tuple[Any, ...]]]]:
    seat = person.seat
    first = [(person.hired, seat.community.code, seat.post, seat.position, seat.dual, "")]
    posts = [
        (row.start, row.seat.community.code, row.seat.post, row.seat.position, row.seat.dual, row.document_no)
        for row in person.posts
    ]
    yield PostAssignment, posts or first
    yield EducationRecord, person.degrees
    yield Certificate, [(level, day, number) for level, day, number in person.certificates]
    yield ServiceGap, [person.gap] if person.gap else []
    yield Placement, [(PLACED_IN, round(person.placed_years * 12), "")] if person.placed_years is not None else []
    yield AnnualAssessment, person.assessments.items()
    yield Exit, [(*person.left, "")] if person.left else []
    yield Contract, [(*person.contract, None)] if person.contract else []
