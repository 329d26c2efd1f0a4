"""The facts that the checks read, and the findings they return."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from songshan_cw.words.spans import ONE_DAY, Span
from songshan_cw.words.terms import Category, Position, Post, Result
from workers.rules.secondment import Away
from workers.rules.training import Session


@dataclass(frozen=True, slots=True)
class Seat:
    """A post in a community over a span of days in service."""

    community: str
    post: Post
    position: Position
    span: Span


@dataclass(frozen=True, slots=True)
class Member:
    """One person's facts. ``seats`` are in order, each ended by the next one or by leaving."""

    id_number: str
    name: str
    category: Category
    service: Span
    seats: tuple[Seat, ...]
    results: Mapping[int, Result]
    contracts: tuple[Span, ...]
    trainings: tuple[Session, ...]
    absences: tuple[Span, ...]
    gaps: tuple[Span, ...]
    away: tuple[Away, ...]
    party_work: tuple[Span, ...]

    def seat_on(self, day: date) -> Seat | None:
        """Return the post held on a day, or None outside service."""
        return next((seat for seat in reversed(self.seats) if seat.span.covers(day)), None)

    def last_seat_in(self, year: int) -> Seat | None:
        """Return the last post held in a year."""
        whole = Span(date(year, 1, 1), date(year, 12, 31))
        return next((seat for seat in reversed(self.seats) if seat.span.meets(whole)), None)


def seats_in_service(posts: list[tuple[date, str, Post, Position]], service: Span) -> tuple[Seat, ...]:
    """Convert appointments (start, community, post, position), in order, to spans in service.

    The first one starts with hiring (rules 3.5).
    """
    seats = []
    for number, (start, community, post, position) in enumerate(posts):
        first = service.first if number == 0 else start
        last = posts[number + 1][0] - ONE_DAY if number + 1 < len(posts) else service.last
        if service.last is not None and (last is None or last > service.last):
            last = service.last
        if last is None or first <= last:
            seats.append(Seat(community, post, position, Span(first, last)))
    return tuple(seats)


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken limit.

    ``rule``: number in the rules of the domain; ``region``: code of the street or community; ``people``: ID numbers;
    ``since``: first day of the breach; ``message``: the breach and its remedy.
    """

    rule: str
    clause: str
    region: str
    people: tuple[str, ...]
    since: date
    message: str


def day_zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
