"""Annual leave by cumulative working years (rules 9.3; S 二(五)3(2))."""

from collections.abc import Sequence
from datetime import date

from songshan_cw.policy.schema import LeaveBand
from songshan_cw.words.spans import add_months


def working_years(since: date, day: date) -> int:
    """Count the whole years completed by a day."""
    years = day.year - since.year
    return years if add_months(since, years * 12) <= day else years - 1


def annual_leave_days(since: date, day: date, bands: Sequence[LeaveBand]) -> int:
    """Return the days a year: none in the first year, then 5, 10, 15 from 1, 10, 20 completed years."""
    years = working_years(since, day)
    return max((band.days for band in bands if years >= band.from_years), default=0)
