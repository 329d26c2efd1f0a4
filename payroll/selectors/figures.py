"""Figures of a start page: pending work, people, shares of 优秀, grades paid (rules 9.6, 10)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.cache import cache

from assessment.rules.share import Share
from assessment.selectors.share import shares_of
from payroll.selectors.overview import latest_month
from payroll.selectors.portrait import Portrait, grades, portrait
from payroll.selectors.streets import streets_seen
from payroll.selectors.waiting import Waits, count_waiting, people_in_service
from songshan_cw.data.paging import AT_ONCE
from songshan_cw.words.periods import Month
from workers.models import User
from workers.selectors.reach import KEPT_SECONDS, sees_more_than


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of the user's role; the rest is empty. ``counted_at`` is None for fresh ones."""

    waiting: dict[Waits, int]
    portrait: Portrait | None
    shares: dict[str, Share]
    graded: tuple[Month, list[tuple[int, int]]] | None
    counted_at: datetime | None


def figures_of(user: User, day: date, at: datetime) -> Figures:
    """Count the figures. For more than five thousand people they are cached for ten minutes and show their time."""
    if not sees_more_than(user, AT_ONCE):
        return _count(user, day, None)
    key = f"start:{user.role}:{user.region_id}:{day}"
    kept: Figures | None = cache.get(key)
    if kept is None:
        kept = _count(user, day, at)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _count(user: User, day: date, at: datetime | None) -> Figures:
    judges = user.has_perm("assessment.check_limits")
    month = latest_month(user) if user.has_perm("payroll.view_payslip") else None
    streets = [street.code for street in streets_seen(user)] if judges else []
    return Figures(
        waiting=count_waiting(user, day) if judges else {},
        portrait=portrait(people_in_service(user, day), day) if user.has_perm("workers.view_worker") else None,
        shares=shares_of(streets, day.year - 1) if judges else {},
        graded=None if month is None else (month, grades(user, month)),
        counted_at=at,
    )
