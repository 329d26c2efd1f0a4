"""Working days: the shipped national list, overridden by a district's own days."""

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
    """Return the days that differ from their weekday, as announced by the State Council."""
    content = yaml.safe_load((settings.BASE_DIR / SHIPPED).read_text(encoding="utf-8"))
    days: dict[date, DayOff] = {}
    for year in content.values():
        days |= dict.fromkeys(year["rest"], DayOff.REST)
        days |= dict.fromkeys(year["work"], DayOff.WORK)
    return days


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working days of one district. In years without entries only the weekday counts."""

    differing: dict[date, DayOff]
    entered: frozenset[int]

    def __call__(self, day: date) -> bool:
        return is_working(day, self.differing)

    def not_entered(self, days: Iterable[date]) -> list[int]:
        """Return the years of these days that have no holidays in the calendar."""
        return sorted({day.year for day in days} - self.entered)


def calendar_note(years: Iterable[int]) -> str:
    """Warn that working days were counted without the holidays of these years. Empty without such years."""
    listed = "、".join(str(year) for year in years)
    if not listed:
        return ""
    return f"{listed}年的节假日安排还没有登记，工作日暂按周一至周五计算；请民政局在“节假日安排”登记后再核对。"


def working_days() -> Callable[[str], WorkCalendar]:
    """Return a lookup from district code to calendar. One statement for all districts."""
    own: dict[str, dict[date, DayOff]] = {}
    for district, day, kind in CalendarDay.objects.values_list("district_id", "day", "kind"):
        own.setdefault(district, {})[day] = DayOff(kind)

    @cache
    def of(district: str) -> WorkCalendar:
        days = national_days() | own.get(district, {})
        return WorkCalendar(days, frozenset(day.year for day in days))

    return of


def is_working(day: date, differing: dict[date, DayOff]) -> bool:
    """Return the calendar's entry for the day, else whether it is Monday to Friday."""
    kind = differing.get(day)
    return day.weekday() < SATURDAY if kind is None else kind is DayOff.WORK
