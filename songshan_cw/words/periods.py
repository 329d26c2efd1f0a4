"""Months as ordinals: ``year * 12 + month - 1``. Integers compare, subtract and count months directly."""

import re
from calendar import monthrange
from datetime import date

MONTH_FORM = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")

Month = int


def month(year: int, number: int) -> Month:
    """Return the ordinal of a calendar month. ``number`` is 1 to 12."""
    return year * 12 + number - 1


def month_of(day: date) -> Month:
    return day.year * 12 + day.month - 1


def next_month_of(day: date) -> Month:
    """Return the month after a day. Most events take effect in it."""
    return day.year * 12 + day.month


def year_of(value: Month) -> int:
    return value // 12


def number_of(value: Month) -> int:
    """Return the month's number in its year, 1 to 12."""
    return value % 12 + 1


def january(year: int) -> Month:
    return year * 12


def first_day(value: Month) -> date:
    return date(value // 12, value % 12 + 1, 1)


def last_day(value: Month) -> date:
    year, zero_based = divmod(value, 12)
    return date(year, zero_based + 1, monthrange(year, zero_based + 1)[1])


def label(value: Month) -> str:
    """Write ``2022-03``, the form of commands, exports and URLs."""
    return f"{value // 12:04d}-{value % 12 + 1:02d}"


def label_zh(value: Month) -> str:
    """Write ``2022年3月``, the form shown to users."""
    return f"{value // 12}年{value % 12 + 1}月"


def parse(text: str) -> Month:
    """Read ``2022-03``. Raises ValueError for any other form."""
    found = MONTH_FORM.match(text)
    if not found:
        raise ValueError(f"月份应写作“2022-03”的样子，收到的是“{text}”。")
    return month(int(found[1]), int(found[2]))


def to_number(value: Month) -> int:
    """Return ``202203``, the form stored in the database because it is readable in SQL."""
    return value // 12 * 100 + value % 12 + 1


def from_number(value: int) -> Month:
    return value // 100 * 12 + value % 100 - 1


def years(months: int) -> str:
    """Write months as ``4年6个月``."""
    whole, rest = divmod(months, 12)
    parts = ([f"{whole}年"] if whole else []) + ([f"{rest}个月"] if rest or not whole else [])
    return "".join(parts)
