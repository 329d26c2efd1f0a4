"""Read the streets, districts and communities a user may choose from, and where a person serves."""

from django.db.models import OuterRef, Subquery

from songshan_cw.words.regions import DIGITS, district_of
from songshan_cw.words.terms import RegionLevel
from workers.models import Region, Standing, User, Worker
from workers.selectors.scope import visible


def street_of_worker(worker_id: int) -> str | None:
    """Return the code of the person's current street."""
    return Worker.objects.filter(pk=worker_id).values_list("standing__street", flat=True).first()


def streets_of(user: User, district: str = "") -> list[tuple[str, str]]:
    """Return (code, name) of streets with people in the user's scope, or in one district of it."""
    streets = visible(Region.objects.filter(level=RegionLevel.STREET.value), user)
    if district:
        streets = streets.filter(parent=district)
    standing = Standing.objects.filter(street=OuterRef("pk")).values("pk")
    used = streets.alias(used=Subquery(standing[:1])).filter(used__isnull=False)
    found = list(used.order_by("code").values_list("code", "name", "parent__name"))
    several = len({district_of(code) for code, _, _ in found}) > 1
    return [(code, f"{parent} {name}" if several else name) for code, name, parent in found]


def districts_of(user: User) -> list[tuple[str, str]]:
    """Return (code, name) of the districts of a user whose scope has more than one."""
    if user.region_id and len(user.region_id) >= DIGITS[RegionLevel.DISTRICT]:
        return []
    districts = visible(Region.objects.filter(level=RegionLevel.DISTRICT.value), user)
    found = list(districts.order_by("code").values_list("code", "name"))
    return found if len(found) > 1 else []


def communities_of(user: User, street: str) -> list[tuple[str, str]]:
    """Return (code, name) of a street's communities, or none outside the user's scope."""
    communities = visible(Region.objects.filter(level=RegionLevel.COMMUNITY.value, parent=street), user)
    return list(communities.order_by("code").values_list("code", "name"))
