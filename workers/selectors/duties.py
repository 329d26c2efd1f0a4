"""What the year asks of each person against what was done: training, visits, annual leave (rules 9.3)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from songshan_cw.words.periods import Month, first_day, january, last_day
from songshan_cw.words.spans import Span
from workers.models import Leave, Training, User, Visit
from workers.rules.leave import annual_leave_days
from workers.rules.training import Session, TrainingStanding, requirement_for, training_standing
from workers.selectors.serving import Roll, Servant

ANNUAL_LEAVE = "年休假"


@dataclass(frozen=True, slots=True)
class TrainingRow:
    person: Servant
    standing: TrainingStanding


def training_of_year(user: User, year: int, day: date) -> list[TrainingRow]:
    """Each person serving on the day, with the year's training up to it; four statements."""
    first, last = date(year, 1, 1), min(date(year, 12, 31), day)
    inside = Q(end__gte=first, start__lte=last)
    roll = Roll(user, last)
    sessions = roll.rows(Training, "start", "start", "end", "hours", where=inside)
    rows = []
    for person in roll.servants:
        attended = [Session(Span(start, end), hours) for _, start, end, hours in sessions(person.id)]
        requirement = requirement_for(person.position, person.policy.training.yearly.value)
        rows.append(TrainingRow(person, training_standing(attended, requirement, year)))
    return rows


@dataclass(frozen=True, slots=True)
class VisitRow:
    """Households visited in the month; ``required`` None where the policy names no number."""

    person: Servant
    required: int | None
    done: int

    @property
    def met(self) -> bool:
        return self.required is None or self.done >= self.required


def visits_of_month(user: User, month: Month) -> list[VisitRow]:
    """Each person serving on the month's last day; four statements."""
    day = last_day(month)
    roll = Roll(user, day)
    visits = roll.rows(Visit, "month", "households", where=Q(month=month))
    return [
        VisitRow(person, person.policy.training.visits_per_month.value, sum(row[1] for row in visits(person.id)))
        for person in roll.servants
    ]


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """Annual leave of a year in working days: entitled by the day, taken in the year up to it."""

    person: Servant
    entitled: int
    taken: Decimal

    @property
    def left(self) -> Decimal:
        return self.entitled - self.taken


def annual_leave(user: User, day: date) -> list[LeaveRow]:
    """Each person serving on the day; four statements."""
    year = Q(kind=ANNUAL_LEAVE, first_day__gte=first_day(january(day.year)), first_day__lte=day)
    roll = Roll(user, day)
    leaves = roll.rows(Leave, "first_day", "days", where=year)
    return [
        LeaveRow(
            person,
            annual_leave_days(person.working_since, day, person.policy.leave.annual_days.value),
            sum((row[1] for row in leaves(person.id)), Decimal(0)),
        )
        for person in roll.servants
    ]
