"""Unexcused absence of each person against the policy's limits (rules 8.3; S 二(四)5; O 23(七))."""

from dataclasses import dataclass
from datetime import date

from songshan_cw.policy.schema import DismissalRules
from songshan_cw.spans import Span
from workers.calendar import calendar_note, working_days
from workers.limits.absence import (
    Reached,
    counted_days,
    running_limit,
    working_day_candidates,
    yearly_limit,
)
from workers.models import Absence, User
from workers.registers.serving import Servant, servants, serving
from workers.scope import district_of
from workers.streams import rows_of


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """``days``: counted as the policy counts the yearly total; reached limits by which day. ``note``: which years'
    holidays are not entered."""

    person: Servant
    days: int
    running: Reached | None
    yearly: Reached | None
    note: str = ""


def absences(user: User, day: date, street: str = "") -> list[AbsenceRow]:
    """Everybody serving on the day who was ever absent; five statements."""
    spells = rows_of(Absence, serving(user, day, street), "first_day", "first_day", "last_day")
    calendar = working_days()
    rows = []
    for person in servants(user, day, street):
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
