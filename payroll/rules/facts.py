"""The input of the replay: one person's dated facts and a district's grade tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from songshan_cw.words.periods import Month
from songshan_cw.words.terms import Category, CertificateLevel, Education, Position, Post, Result


class Assignment(NamedTuple):
    """任职 from a day until the next one. ``community`` is a 12-digit region code."""

    start: date
    community: str
    post: Post
    position: Position
    dual: bool

    @property
    def street(self) -> str:
        return self.community[:9]


class Categorised(NamedTuple):
    """The category from a day on until the next one (rules 2.4)."""

    start: date
    category: Category


class Degree(NamedTuple):
    earned_on: date
    level: Education


class Certified(NamedTuple):
    """A certificate. ``ended_on`` is its last day, None while it holds."""

    approved_on: date
    level: CertificateLevel
    ended_on: date | None = None


class Gap(NamedTuple):
    """An interruption, both days included. ``last`` None: still away."""

    first: date
    last: date | None


class Placed(NamedTuple):
    month: Month
    credited_months: int


NO_ASSESSMENTS: Mapping[int, Result] = MappingProxyType({})


class Facts(NamedTuple):
    """All facts that decide one person's pay, in any order. ``left`` is the last day of service, ``category`` that of
    the hiring, ``categories`` the changes since.
    """

    hired: date
    entry_education: Education
    assignments: tuple[Assignment, ...]
    category: Category = Category.STAFF
    categories: tuple[Categorised, ...] = ()
    degrees: tuple[Degree, ...] = ()
    certificates: tuple[Certified, ...] = ()
    gaps: tuple[Gap, ...] = ()
    placements: tuple[Placed, ...] = ()
    assessments: Mapping[int, Result] = NO_ASSESSMENTS
    left: date | None = None
    probation_end: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class GradeScale:
    """A grade table.

    ``coefficients[grade - 1]``; ``requirements[post][step - 1]`` in credited months, rising;
    ``standards``: (first month, annual base in yuan), rising by month.
    """

    key: int
    confirmed: bool
    coefficients: tuple[Decimal, ...]
    requirements: Mapping[Post, tuple[int, ...]]
    standards: tuple[tuple[Month, Decimal], ...]

    @property
    def start(self) -> Month:
        return self.standards[0][0]
