"""Unexcused absence of each person against the policy's limits (rules 8.3; S 二(四)5; O 23(七))."""

from dataclasses import dataclass
from datetime import date

from songshan_cw.policy.schema import DismissalRules
from songshan_cw.words.regions import district_of
from songshan_cw.words.spans import Span
from workers.models import Absence
from workers.rules.absence import (
    Reached,
    counted_days,
    running_limit,
    working_day_candidates,
    yearly_limit,
)
from workers.selectors.calendar import calendar_note, working_days
from workers.selectors.serving import Roll, Servant


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """One person's absence. ``days`` is the yearly total as the policy counts it; ``note`` names missing calendars."""

    person: Servant
    days: int
    running: Reached | None
    yearly: Reached | None
    note: str = ""


def absences(roll: Roll) -> list[AbsenceRow]:
    """List everybody serving on the day who was ever absent. Five statements."""
    day, spells = roll.day, roll.rows(Absence, "first_day", "first_day", "last_day")
    calendar = working_days()
    rows = []
    for person in roll.servants:
        spans = [Span(first, last) for _, first, last in spells(person.id) if first <= day]
        if not spans:
            continue
        limits, is_working = person.policy.dismissal, calendar(district_of(person.community))
        rows.append(
            AbsenceRow(
                person,
                len(counted_days(spans, day, limits.absence_yearly.value, is_working)),
                running_limit(spans, day, limits.absence_running.value, is_working),
                yearly_limit(spans, day, limits.absence_yearly.value, is_working),
                calendar_note(is_working.not_entered(_asked(spans, day, limits))),
            )
        )
    return rows


def _asked(spans: list[Span], day: date, rules: DismissalRules) -> list[date]:
    return working_day_candidates(spans, day, rules.absence_running.value, rules.absence_yearly.value)
