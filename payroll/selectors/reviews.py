"""Ticks of second looks (rules 7.7)."""

from collections.abc import Sequence

from payroll.models import ReviewTick
from payroll.rules.second_look import SecondLook


def ticks_of(street_code: str, occasion: str) -> dict[str, ReviewTick]:
    """Map the keys ticked for a run or batch to their ticks."""
    rows = ReviewTick.objects.filter(street=street_code, occasion=occasion).select_related("ticked_by")
    return {tick.key: tick for tick in rows}


def open_looks(looks: Sequence[SecondLook], occasion: str) -> list[SecondLook]:
    """Return the looks that nobody has ticked. All are of one street."""
    ticked = ticks_of(looks[0].street_code, occasion) if looks else {}
    return [look for look in looks if look.key not in ticked]
