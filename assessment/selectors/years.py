"""Whose year a street decides: everybody whose last post of the year was there (readings: EXCELLENT_COUNTED)."""

from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr

from workers.models import PostAssignment, Worker
from workers.selectors.scope import STREET_DIGITS
from workers.selectors.streams import people_of


def workers_of_year(street: str, year: int) -> QuerySet[Worker]:
    """One statement: in service at any time of the year, and last in this street."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    posts = PostAssignment.objects.filter(worker=OuterRef("pk")).order_by("-start")
    until = posts.filter(start__lte=last).annotate(street=Substr("community_id", 1, STREET_DIGITS))
    served = Q(hired_on__lte=last) & (Q(exit=None) | Q(exit__left_on__gte=first))
    return (
        people_of([street])
        .filter(served)
        .annotate(last_street=Subquery(until.values("street")[:1]))
        .filter(last_street=street)
    )


def people_of_year(street: str, year: int) -> set[int]:
    return set(workers_of_year(street, year).values_list("pk", flat=True))
