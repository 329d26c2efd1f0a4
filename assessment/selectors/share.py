"""The 优秀 of a street and year: the integer count, used and left (rules 8.2)."""

from collections.abc import Collection

from django.db.models import Sum

from assessment.models import ShareException


def extras(street_codes: Collection[str]) -> dict[tuple[str, int], int]:
    """What the bureau's exceptions add, by street and year."""
    rows = ShareException.objects.order_by().values("street_id", "year").annotate(total=Sum("extra"))
    return {(row["street_id"], row["year"]): row["total"] for row in rows if row["street_id"] in street_codes}
