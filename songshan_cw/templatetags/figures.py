"""How amounts, months and dates are written on every page."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone

from songshan_cw import periods
from songshan_cw.money import plain

register = template.Library()
NOTHING = "—"


@register.filter
def money(amount: Decimal | None) -> str:
    """``12,345.60``."""
    return NOTHING if amount is None else f"{amount:,.2f}"


@register.filter
def signed(amount: Decimal | int | None) -> str:
    """``+1,200.00`` or ``−3``; nothing changed is ``0``."""
    if amount is None:
        return NOTHING
    if not amount:
        return "0"
    text = f"{abs(amount):,.2f}" if isinstance(amount, Decimal) else f"{abs(amount):,}"
    return f"{'+' if amount > 0 else '−'}{text}"


@register.filter
def whole(number: int | None) -> str:
    return NOTHING if number is None else f"{number:,}"


@register.filter
def factor(number: Decimal | None) -> str:
    """A coefficient or weight: ``1.05``."""
    return NOTHING if number is None else plain(number)


@register.filter
def month_zh(month: int | None) -> str:
    return NOTHING if month is None else periods.label_zh(month)


@register.filter
def month_key(month: int) -> str:
    """``2026-10``, as in addresses."""
    return periods.label(month)


@register.filter
def day(value: date | None) -> str:
    return NOTHING if value is None else f"{value:%Y-%m-%d}"


@register.filter
def moment(value: datetime | None) -> str:
    return NOTHING if value is None else f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


@register.filter
def at(mapping: dict[object, object], key: object) -> object:
    """The value under a key."""
    return mapping.get(key)
