"""Which days are working days: the shipped national list, and a district's own days before it."""

from collections.abc import Callable
from datetime import date
from functools import cache

import yaml
from django.conf import settings

from songshan_cw.terms import DayOff
from workers.models import CalendarDay

SHIPPED = "fixtures/holidays-china.yaml"
SATURDAY = 5


@cache
def national_days() -> dict[date, DayOff]:
    """The days that differ from their weekday, as the State Council announced them year by year."""
    content = yaml.safe_load((settings.BASE_DIR / SHIPPED).read_text(encoding="utf-8"))
    days: dict[date, DayOff] = {}
    for year in content.values():
        days |= dict.fromkeys(year["rest"], DayOff.REST)
        days |= dict.fromkeys(year["work"], DayOff.WORK)
    return days


def working_days() -> Callable[[str], Callable[[date], bool]]:
    """District code → whether a day is a working day there. One statement for all districts."""
    own: dict[str, dict[date, DayOff]] = {}
    for district, day, kind in CalendarDay.objects.values_list("district_id", "day", "kind"):
        own.setdefault(district, {})[day] = DayOff(kind)

    def of(district: str) -> Callable[[date], bool]:
        days = national_days() | own.get(district, {})
        return lambda day: is_working(day, days)

    return of


def is_working(day: date, differing: dict[date, DayOff]) -> bool:
    """Monday to Friday, unless the calendar says otherwise."""
    kind = differing.get(day)
    return day.weekday() < SATURDAY if kind is None else kind is DayOff.WORK
