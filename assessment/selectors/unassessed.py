"""People without last year's result, for the start page and the list of people (rules 4.2, 9.6)."""

from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.db.models.lookups import In

from assessment.models import AnnualAssessment
from songshan_cw.policy import policy_or_none
from songshan_cw.words.regions import district_of
from songshan_cw.words.terms import Category
from workers.models import ServiceGap
from workers.selectors.categories import category_on


def in_scheme(region: str, day: date) -> frozenset[Category]:
    """Return the categories in the district's scheme on a day, or all of them without a policy in force."""
    policy = policy_or_none(district_of(region), day)
    return frozenset(policy.scope.in_scheme.value) if policy else frozenset(Category)


def unassessed(region: str, day: date, *, worker: str = "", standing: str = "standing__") -> Q:
    """Select people of the scheme who served last year, were not away all of it and have no result.

    ``worker`` and ``standing`` are the paths to the person and to the current position.
    """
    year = day.year - 1
    first, last = date(year, 1, 1), date(year, 12, 31)
    person = OuterRef(f"{worker}pk")
    away = ServiceGap.objects.filter(Q(last_day=None) | Q(last_day__gte=last), worker=person, first_day__lte=first)
    done = AnnualAssessment.objects.filter(worker=person, year=year)
    stayed = Q(**{f"{standing}left_on": None}) | Q(**{f"{standing}left_on__gte": first})
    of_scheme = Q(In(category_on(last, worker=worker), sorted(in_scheme(region, day))))
    return stayed & Q(**{f"{worker}hired_on__lte": last}) & of_scheme & ~Exists(done) & ~Exists(away)
