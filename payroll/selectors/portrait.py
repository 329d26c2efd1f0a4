"""Counts of people by age, education, post and grade. One statement for the first three."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.functions import Substr

from payroll.models import PayrollRun, Payslip
from songshan_cw.words.periods import Month
from songshan_cw.words.terms import Education, Post
from workers.models import User, Worker
from workers.selectors.scope import visible

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
