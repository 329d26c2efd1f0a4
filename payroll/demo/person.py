"""An invented person. Rows are tuples in the order of the workbook's columns."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from songshan_cw.words.terms import Category, CertificateLevel, Education, Position, Post, Result
from workers.rules.identity import check_character

IN_SCHEME = (Category.COMMITTEE, Category.STAFF, Category.TRANSFER)


class Community(NamedTuple):
    code: str
    name: str
    street_code: str
    street_name: str


class Seat(NamedTuple):
    """A place in a community: what its holder is there."""

    community: Community
    post: Post
    position: Position
    dual: bool
    category: Category


class PostRow(NamedTuple):
    start: date
    seat: Seat
    document_no: str


class Secondment(NamedTuple):
    body: str
    start: date
    end: date | None
    reason: str


class Session(NamedTuple):
    """A training that many attend together."""

    name: str
    start: date
    end: date
    hours: int


@dataclass(slots=True)
class Person:
    """One invented person with their whole history; ``seat`` is today's, or the last one of those who left."""

    name: str
    id_number: str
    born: date
    ethnicity: str
    political_status: str
    phone: str
    seat: Seat
    hired: date
    entry_education: Education
    education: Education
    bank_name: str = ""
    bank_account: str = ""
    contract: tuple[date, date] | None = None
    posts: list[PostRow] = field(default_factory=list)
    degrees: list[tuple[Education, date, str, str]] = field(default_factory=list)
    certificates: list[tuple[CertificateLevel, date, str]] = field(default_factory=list)
    assessments: dict[int, Result] = field(default_factory=dict)
    gap: tuple[date, date | None, str] | None = None
    placed_years: float | None = None
    left: tuple[date, str] | None = None
    secondments: list[Secondment] = field(default_factory=list)
    trainings: list[Session] = field(default_factory=list)

    @property
    def in_scheme(self) -> bool:
        return self.seat.category in IN_SCHEME

    @property
    def always_in_one_street(self) -> bool:
        return all(row.seat.community.street_code == self.seat.community.street_code for row in self.posts)

    def serves_on(self, day: date) -> bool:
        if day < self.hired or (self.left is not None and day > self.left[0]):
            return False
        if self.gap is None:
            return True
        first, last, _ = self.gap
        return not (first <= day and (last is None or day <= last))

    def last_day(self, today: date) -> date:
        """The last day something can have happened to the person in service."""
        return self.left[0] if self.left is not None else today


def draw_day(rng: Random, first: date, last: date) -> date:
    """A day from ``first`` to ``last``, both included."""
    return first + timedelta(days=rng.randint(0, max(0, (last - first).days)))


def draw_id_number(rng: Random, prefix: str, born: date, female: bool) -> str:
    """A well-formed number with its check character; odd sequence numbers are men's."""
    sequence = rng.randrange(0, 1000, 2) + (0 if female else 1)
    seventeen = f"{prefix}{born:%Y%m%d}{sequence:03d}"
    return seventeen + check_character(seventeen)
