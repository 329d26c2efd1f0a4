"""One row per person and year: training, monthly visits, annual leave (rules 9.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from songshan_cw.words.periods import Month, first_day, january, last_day, month_of, next_month_of
from songshan_cw.words.spans import ONE_DAY, Span
from workers.models import Leave, ServiceGap, Training, User, Visit
from workers.rules.leave import annual_leave_days
from workers.rules.training import Session, TrainingStanding, requirement_for, training_standing
from workers.selectors.serving import Roll, Servant

ANNUAL_LEAVE = "年休假"


@dataclass(frozen=True, slots=True)
class DutyYear:
    """``visits``: households by completed month of service. ``visits_owed`` is None without a number in the policy."""

    person: Servant
    training: TrainingStanding
    visits: dict[Month, int]
    visits_owed: int | None
    entitled: int
    taken: Decimal

    @property
    def poor_months(self) -> list[Month]:
        """Return the completed months with too few households."""
        owed = self.visits_owed or 0
        return [month for month, done in self.visits.items() if done < owed]

    @property
    def complete(self) -> bool:
        return self.training.met and not self.poor_months


def duties_of_year(user: User, year: int, day: date, street: str = "") -> list[DutyYear]:
    """List everybody serving on the last day of the year, or on the day in the current year. Seven statements."""
    first, last = date(year, 1, 1), min(date(year, 12, 31), day)
    roll = Roll(user, last, street)
    inside = Q(end__gte=first, start__lte=last)
    sessions = roll.rows(Training, "start", "start", "end", "hours", where=inside)
    months = Q(month__gte=january(year), month__lt=january(year + 1))
    visits = roll.rows(Visit, "month", "month", "households", where=months)
    leave = Q(kind=ANNUAL_LEAVE, first_day__gte=first, first_day__lte=last)
    leaves = roll.rows(Leave, "first_day", "days", where=leave)
    gaps = roll.rows(ServiceGap, "first_day", "first_day", "last_day")
    found = []
    for person in roll.servants:
        rules = person.policy
        attended = [Session(Span(start, end), hours) for _, start, end, hours in sessions(person.id)]
        away = [Span(start, end) for _, start, end in gaps(person.id)]
        requirement = requirement_for(person.position, rules.training.yearly.value)
        found.append(
            DutyYear(
                person,
                training_standing(attended, requirement, year),
                _by_month(visits(person.id), away, person.service.first, last),
                rules.training.visits_per_month.value,
                annual_leave_days(person.working_since, last, rules.leave.annual_days.value),
                sum((row[1] for row in leaves(person.id)), Decimal(0)),
            )
        )
    return found


def _by_month(rows: Iterable[tuple[Any, ...]], away: list[Span], hired_on: date, until: date) -> dict[Month, int]:
    """Return visits by completed month of service, without months that touch an interruption."""
    done = {row[1]: row[2] for row in rows}
    first = month_of(hired_on) if hired_on.day == 1 else next_month_of(hired_on)
    months = range(max(first, january(until.year)), month_of(until + ONE_DAY))
    if not away:
        return {month: done.get(month, 0) for month in months}
    spans = {month: Span(first_day(month), last_day(month)) for month in months}
    return {month: done.get(month, 0) for month in months if not any(gap.meets(spans[month]) for gap in away)}
