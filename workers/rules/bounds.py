"""Bounds of single values: dates of a lifetime, days not far ahead, credit of a working life."""

from calendar import isleap
from datetime import date

WORKING_AGE = 16  # years; Labour Law of the PRC, article 15
EARLIEST, LATEST = date(1950, 1, 1), date(2099, 12, 31)
MOST_SERVICE_YEARS = 50  # what a working life allows
YEARS_AHEAD, YEARS_AHEAD_OF_RETURN = 1, 5  # how far ahead a day may be recorded, and the end of an absence


def date_fault(day: date) -> str:
    """Why a date cannot be meant; empty when it can."""
    if EARLIEST <= day <= LATEST:
        return ""
    return f"日期{day}不在{EARLIEST.year}年至{LATEST.year}年之间，请核对年份。"


def latest_day(today: date, years: int = YEARS_AHEAD) -> date:
    """The last day that may be recorded so many years ahead."""
    return date(today.year + years, today.month, min(today.day, 28))


def ahead_fault(day: date, latest: date) -> str:
    """Why a date lies too far in the future; empty when it does not."""
    return f"日期{day}晚于{latest}，不合常理，请核对。" if day > latest else ""


def credit_fault(months: int) -> str:
    """Why a credited service cannot be meant; empty when it can."""
    if months <= MOST_SERVICE_YEARS * 12:
        return ""
    return (
        f"核定工作年限{months}个月超过{MOST_SERVICE_YEARS}年（{MOST_SERVICE_YEARS * 12}个月），请核对；"
        "按月填写，4.5年为54。"
    )


def working_age_from(born: date) -> date:
    """Return the sixteenth birthday; of somebody born on 29 February the first of March."""
    if (born.month, born.day) == (2, 29) and not isleap(born.year + WORKING_AGE):
        return date(born.year + WORKING_AGE, 3, 1)
    return born.replace(year=born.year + WORKING_AGE)
