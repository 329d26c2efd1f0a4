"""The names of regions as of a day (rules 9.7)."""

from collections.abc import Collection
from datetime import date

from workers.models import FormerName


def names_until(codes: Collection[str], day: date) -> dict[str, str]:
    """Map regions that were called otherwise on a day to their name then; others are left out."""
    rows = FormerName.objects.filter(region__in=codes, last_day__gte=day).order_by("-last_day")
    return dict(rows.values_list("region_id", "name"))  # the earliest end after the day wins
