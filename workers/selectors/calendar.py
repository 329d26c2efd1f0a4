"""Which days are working days: the shipped national list, and a district's own days before it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

import yaml
from django.conf import settings

from songshan_cw.words.terms import DayOff
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


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Whether a day is a working day in one district; of years nobody entered, only the weekday is known."""

    differing: dict[date, DayOff]
    entered: frozenset[int]

    def __call__(self, day: date) -> bool:
        return is_working(day, self.differing)

    def not_entered(self, days: Iterable[date]) -> list[int]:
        """Years of these days whose holidays are not in the calendar."""
        return sorted({day.year for day in days} - self.entered)


def calendar_note(years: Iterable[int]) -> str:
    """What is said wherever a count of working days touches such a year; empty where it touches none."""
    told = "、".join(str(year) for year in years)
    if not told:
        return ""
    return f"{told}年的节假日安排还没有登记，工作日暂按周一至周五计算；请民政局在“节假日安排”登记后再核对。"


def working_days() -> Callable[[str], WorkCalendar]:
    """District code → its calendar, put together once. One statement for all districts."""
    own: dict[str, dict[date, DayOff]] = {}
    for district, day, kind in CalendarDay.objects.values_list("district_id", "day", "kind"):
        own.setdefault(district, {})[day] = DayOff(kind)

    @cache
    def of(district: str) -> WorkCalendar:
        days = national_days() | own.get(district, {})
        return WorkCalendar(days, frozenset(day.year for day in days))

    return of


def is_working(day: date, differing: dict[date, DayOff]) -> bool:
    """Monday to Friday, unless the calendar says otherwise."""
    kind = differing.get(day)
    return day.weekday() < SATURDAY if kind is None else kind is DayOff.WORK
