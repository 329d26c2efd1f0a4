"""Unexcused absence: running days and days within a year, as the policy counts days (S 二(四)5; O 23(七))."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from songshan_cw.policy.schema import AbsenceLimit, DayKind
from songshan_cw.words.spans import ONE_DAY, Span, add_months

IsWorkingDay = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Reached:
    """A limit that was reached, with the day and the number of days counted by then."""

    on: date
    days: int


def threshold(limit: AbsenceLimit) -> int:
    """Return the number of days at which the limit is reached: 15, or 16 where 15 are still allowed."""
    return limit.days + 1 if limit.exceed else limit.days


def absent_days(spans: Iterable[Span], until: date) -> list[date]:
    """Return each day absent up to ``until`` once, in order."""
    days: set[date] = set()
    for span in spans:
        part = span.within(span.first, until)
        if part is not None:
            days.update(part.first + timedelta(days=number) for number in range(part.days))
    return sorted(days)


def running_limit(spans: Iterable[Span], until: date, limit: AbsenceLimit, is_working: IsWorkingDay) -> Reached | None:
    """Return the last time a run of days reached the limit. Runs continue over New Year (readings: ABSENCE_RUNNING)."""
    reached: Reached | None = None
    count, before = 0, date.min
    for day in counted_days(spans, until, limit, is_working):
        joined = before is not date.min and _adjoins(before, day, limit, is_working)
        count = count + 1 if joined else 1
        before = day
        if count == threshold(limit):
            reached = Reached(day, count)
        elif count > threshold(limit) and reached is not None:
            reached = Reached(reached.on, count)
    return reached


def yearly_limit(spans: Iterable[Span], until: date, limit: AbsenceLimit, is_working: IsWorkingDay) -> Reached | None:
    """Return the last time the days within twelve months reached the limit (readings: ABSENCE_YEAR)."""
    reached: Reached | None = None
    window: list[date] = []
    over = False
    for day in counted_days(spans, until, limit, is_working):
        window = [earlier for earlier in window if add_months(earlier, 12) > day] + [day]
        if len(window) < threshold(limit):
            over = False
        elif over and reached is not None:
            reached = Reached(reached.on, max(reached.days, len(window)))
        else:
            reached, over = Reached(day, len(window)), True
    return reached


def counted_days(spans: Iterable[Span], until: date, limit: AbsenceLimit, is_working: IsWorkingDay) -> list[date]:
    """Return the days absent that count for a limit."""
    days = absent_days(spans, until)
    return days if limit.day_kind is DayKind.CALENDAR else [day for day in days if is_working(day)]


def working_day_candidates(spans: Iterable[Span], until: date, *limits: AbsenceLimit) -> list[date]:
    """Return the days whose count needs the calendar. Empty where all limits count calendar days."""
    return absent_days(spans, until) if any(limit.day_kind is not DayKind.CALENDAR for limit in limits) else []


def _adjoins(before: date, day: date, limit: AbsenceLimit, is_working: IsWorkingDay) -> bool:
    """Return whether a day continues the run. Rest days in between neither count nor break it."""
    if limit.day_kind is DayKind.CALENDAR:
        return day - before == ONE_DAY
    between = (before + timedelta(days=number) for number in range(1, (day - before).days))
    return not any(is_working(one) for one in between)
