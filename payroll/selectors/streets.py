from collections.abc import Sequence

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Substr

from songshan_cw.words.regions import DIGITS
from songshan_cw.words.terms import RegionLevel
from workers.models import PostAssignment, Region, User
from workers.selectors.scope import visible

STREETS = Region.objects.filter(level=RegionLevel.STREET.value).order_by("code")


def streets_with_people(codes: Sequence[str] | None = None, *, below: str = "") -> list[Region]:
    """List streets with any assignment in their communities, by code; only ``codes`` if given."""
    streets = STREETS.filter(code__startswith=below)
    return list(_peopled(streets if codes is None else streets.filter(code__in=codes)))


def streets_seen(user: User) -> QuerySet[Region]:
    """List those in the user's scope."""
    return _peopled(visible(STREETS, user))


def _peopled(streets: QuerySet[Region]) -> QuerySet[Region]:
    """Find the first assignment at or after each street's code.

    PostgreSQL would turn ``EXISTS`` into a join over everybody's history.
    """
    after = PostAssignment.objects.filter(community__gte=OuterRef("code")).order_by("community_id")
    first = Subquery(after.values("community_id")[:1])
    return streets.alias(first=Substr(first, 1, DIGITS[RegionLevel.STREET])).filter(first=F("code"))
