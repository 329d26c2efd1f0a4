"""Figures of a start page: pending work, people, shares of 优秀, grades paid (rules 9.6, 10)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.cache import cache
from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.functions import Substr

from assessment.rules.share import Share
from assessment.selectors.share import shares_of
from payroll.models import PayrollRun, Payslip
from payroll.selectors.overview import latest_month
from payroll.selectors.streets import streets_seen
from payroll.selectors.waiting import Waits, count_waiting, people_in_service
from songshan_cw.data.paging import AT_ONCE
from songshan_cw.words.periods import Month
from songshan_cw.words.terms import Education, Post
from workers.models import User, Worker
from workers.selectors.scope import KEPT_SECONDS, sees_more_than, visible

AGE_BANDS = ((0, "29岁及以下"), (30, "30–39岁"), (40, "40–49岁"), (50, "50–59岁"), (60, "60岁及以上"))
Counts = list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Portrait:
    """Counts by band and term in order, including empty ones."""

    ages: Counts
    educations: Counts
    posts: Counts


def portrait(people: QuerySet[Worker], day: date) -> Portrait:
    """Count people. Age is in whole years on the day, from the birth date in the ID number."""
    banded = people.order_by().annotate(born=Substr("id_number", 7, 8)).annotate(band=_band(day))
    rows = banded.values_list("band", "standing__education", "standing__post").annotate(Count("pk"))
    ages: Counter[str] = Counter()
    educations: Counter[str] = Counter()
    posts: Counter[str] = Counter()
    for band, education, post, number in rows:
        ages[band] += number
        educations[education] += number
        posts[post] += number
    return Portrait(
        _ordered(ages, (label for _, label in AGE_BANDS)), _ordered(educations, Education), _ordered(posts, Post)
    )


def grades(user: User, month: Month) -> list[tuple[int, int]]:
    """Count the people paid at each grade in a month, from 1 to the highest, from slips in the user's scope."""
    runs = visible(PayrollRun.objects.filter(month=month), user).order_by()
    slips = Payslip.objects.filter(run__in=list(runs.values_list("pk", flat=True)), grade__isnull=False)
    counts = dict(slips.order_by().values_list("grade").annotate(Count("pk")))
    return [(grade, counts.get(grade, 0)) for grade in range(1, max(counts, default=0) + 1)]


def _band(day: date) -> Case:
    """Return the SQL expression of the age band on this day."""
    oldest_first = sorted(AGE_BANDS, reverse=True)
    cases = [When(Q(born__lte=f"{day.year - age}{day:%m%d}"), then=Value(label)) for age, label in oldest_first]
    return Case(*cases, default=Value(AGE_BANDS[0][1]))


def _ordered(counts: Counter[str], terms: Iterable[str]) -> Counts:
    return [(str(term), counts[term]) for term in terms]


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
