from collections.abc import Sequence

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Substr

from songshan_cw.words.regions import DIGITS
from songshan_cw.words.terms import RegionLevel
from workers.models import PostAssignment, Region, User
from workers.selectors.scope import visible

STREETS = Region.objects.filter(level=RegionLevel.STREET.value).order_by("code")


def streets_with_people(codes: Sequence[str] | None = None, *, below: str = "") -> list[Region]:
    """Streets to whose communities anybody was ever assigned, by code; of ``codes`` only, where given."""
    streets = STREETS.filter(code__startswith=below)
    return list(_peopled(streets if codes is None else streets.filter(code__in=codes)))


def streets_seen(user: User) -> QuerySet[Region]:
    """Those of them in the user's reach."""
    return _peopled(visible(STREETS, user))


def _peopled(streets: QuerySet[Region]) -> QuerySet[Region]:
    """One row looked up for each street: the first assignment at or after its code is to one of its communities.
    ``EXISTS`` would be turned into a join, which reads everybody's history."""
    after = PostAssignment.objects.filter(community__gte=OuterRef("code")).order_by("community_id")
    first = Subquery(after.values("community_id")[:1])
    return streets.alias(first=Substr(first, 1, DIGITS[RegionLevel.STREET])).filter(first=F("code"))
