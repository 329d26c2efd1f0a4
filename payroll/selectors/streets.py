from collections.abc import Sequence

from django.db.models.functions import Substr

from songshan_cw.terms import RegionLevel
from workers.models import PostAssignment, Region
from workers.scope import STREET_DIGITS


def streets_with_people(codes: Sequence[str] | None = None) -> list[Region]:
    """Streets to whose communities anybody was ever assigned, by code; of ``codes`` only, where given."""
    streets = Region.objects.filter(level=RegionLevel.STREET.value).order_by("code")
    if codes is not None:
        streets = streets.filter(code__in=codes)
    used = (
        PostAssignment.objects.order_by()
        .annotate(street_code=Substr("community_id", 1, STREET_DIGITS))
        .values_list("street_code", flat=True)
        .distinct()
    )
    return list(streets.filter(code__in=used))
