"""Ticks of second looks (rules 7.7)."""

from collections.abc import Sequence

from payroll.models import ReviewTick
from payroll.rules.second_look import SecondLook

Ticks = dict[tuple[str, str], ReviewTick]  # by street and key


def ticks_of(looks: Sequence[SecondLook], occasion: str) -> Ticks:
    """Map looks by street and key to their ticks."""
    streets = {look.street_code for look in looks}
    rows = ReviewTick.objects.filter(street__in=streets, occasion=occasion).select_related("ticked_by")
    return {(tick.street_id, tick.key): tick for tick in rows} if looks else {}


def open_looks(looks: Sequence[SecondLook], occasion: str) -> list[SecondLook]:
    """Return the looks that nobody has ticked."""
    ticked = ticks_of(looks, occasion)
    return [look for look in looks if (look.street_code, look.key) not in ticked]
