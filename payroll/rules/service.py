"""Months and days of service (rules 4.3, 5.2; S 二(五)4(1), (2))."""

from datetime import date, timedelta

from payroll.rules.facts import Facts, Gap
from songshan_cw.words.periods import Month, first_day, january, last_day, month_of

ONE_DAY = timedelta(days=1)
MONTHS = 12  # of an undisturbed year


def _month_after_last_whole(day: date) -> Month:
    """Return the month after the last one that ends on or before ``day``."""
    ends_month = (day + ONE_DAY).day == 1
    return month_of(day) + (1 if ends_month else 0)


def months_away(gap: Gap, start: Month, end: Month) -> range:
    """Return the months in [start, end) on whose last day the person is away (rules 4.3)."""
    stop = end if gap.last is None else min(end, _month_after_last_whole(gap.last))
    return range(max(start, month_of(gap.first)), stop)


def months_in_service(facts: Facts, year: int) -> int:
    """Count the months of the year on whose last day the person is in service (rules 4.3)."""
    if year > facts.hired.year and facts.left is None and not facts.gaps:
        return MONTHS
    start = max(january(year), month_of(facts.hired))
    end = january(year + 1)
    if facts.left is not None:
        end = min(end, _month_after_last_whole(facts.left))
    if end <= start:
        return 0
    if not facts.gaps:
        return end - start
    away: set[Month] = set()
    for gap in facts.gaps:
        away.update(months_away(gap, start, end))
    return end - start - len(away)


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
