"""Months and days of service (rules 4.3, 4.8, 5.2; S 二(五)1, 4(1), (2))."""

from datetime import date, timedelta

from payroll.rules.facts import Facts, Gap
from payroll.rules.grading import assignment_in
from songshan_cw.words.periods import Month, first_day, january, last_day, month_of

ONE_DAY = timedelta(days=1)


def _month_after_last_whole(day: date) -> Month:
    """Return the month after the last one that ends on or before ``day``."""
    ends_month = (day + ONE_DAY).day == 1
    return month_of(day) + (1 if ends_month else 0)


def months_away(gap: Gap, start: Month, end: Month) -> range:
    """Return the months in [start, end) on whose last day the person is away (rules 4.3)."""
    stop = end if gap.last is None else min(end, _month_after_last_whole(gap.last))
    return range(max(start, month_of(gap.first)), stop)


def months_in_service(facts: Facts, year: int, area: str = "", since: Month | None = None) -> int:
    """Count the months of the year on whose last day the person is in service (rules 4.3).

    ``area``: the leading digits of the codes of the communities that count (rules 4.8). ``since``: the first month
    that counts (rules 4.5).
    """
    start = max(january(year), month_of(facts.hired), since or january(year))
    end = january(year + 1)
    if facts.left is not None:
        end = min(end, _month_after_last_whole(facts.left))
    if end <= start:
        return 0
    not_counted: set[Month] = set()
    for gap in facts.gaps:
        not_counted.update(months_away(gap, start, end))
    if serves_elsewhere(facts, area):
        months = range(start, end)
        not_counted.update(one for one in months if not assignment_in(facts, one).community.startswith(area))
    return end - start - len(not_counted)


def serves_elsewhere(facts: Facts, area: str) -> bool:
    """Return whether an assignment lies outside the area."""
    return any(not one.community.startswith(area) for one in facts.assignments)


def days_in_service(facts: Facts, month: Month) -> int:
    """Count the days of service in the month, including the day of leaving (rules 5.2)."""
    first = max(first_day(month), facts.hired)
    last = last_day(month) if facts.left is None else min(last_day(month), facts.left)
    days = (last - first).days + 1
    if days <= 0 or not facts.gaps:
        return max(days, 0)
    away: set[int] = set()
    for gap in facts.gaps:
        gap_first = max(gap.first, first)
        gap_last = last if gap.last is None else min(gap.last, last)
        away.update(range(gap_first.toordinal(), gap_last.toordinal() + 1))
    return days - len(away)


def is_paid(facts: Facts, month: Month) -> bool:
    """Return whether the month has a day of service, which pays it in full (rules 5.2)."""
    if month < month_of(facts.hired):
        return False
    if facts.left is not None and month > month_of(facts.left):
        return False
    return not facts.gaps or days_in_service(facts, month) > 0
