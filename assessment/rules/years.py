"""In which street a person counts for a year's assessments (rules 8.2; readings: EXCELLENT_COUNTED). Pure."""

from dataclasses import dataclass
from datetime import date

from assessment.rules.facts import Member
from songshan_cw.words.terms import Result

STREET_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Counted:
    """``in_headcount``: in service on 31 December, not interrupted; ``excellent``: one of the year's 优秀."""

    street: str
    in_headcount: bool
    excellent: bool


def counted_in(member: Member, year: int) -> Counted | None:
    """The street of the last post held in the year; None where the person did not serve in it."""
    seat = member.last_seat_in(year)
    if seat is None:
        return None
    last = date(year, 12, 31)
    return Counted(
        street=seat.community[:STREET_DIGITS],
        in_headcount=seat.span.covers(last) and not any(gap.covers(last) for gap in member.gaps),
        excellent=member.results.get(year) is Result.EXCELLENT,
    )
