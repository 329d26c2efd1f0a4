"""How amounts, months and dates are written on every page; what is not there, which templates hand over as ``""``, is
a dash."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone

from songshan_cw.policy.schema import article
from songshan_cw.security.masking import mask_numbers
from songshan_cw.words import periods
from songshan_cw.words.money import plain

register = template.Library()
NOTHING = "—"


@register.filter
def money(amount: Decimal | str | None) -> str:
    """Write ``12,345.60``."""
    return f"{amount:,.2f}" if isinstance(amount, Decimal) else NOTHING


@register.filter
def signed(amount: Decimal | int | str | None) -> str:
    """Write ``+1,200.00`` or ``−3``, and ``0.00`` or ``0`` for no change."""
    if not isinstance(amount, Decimal | int):
        return NOTHING
    text = f"{abs(amount):,.2f}" if isinstance(amount, Decimal) else f"{abs(amount):,}"
    sign = "+" if amount > 0 else "−"
    return f"{sign}{text}" if amount else text


@register.filter
def whole(number: int | str | None) -> str:
    return f"{number:,}" if isinstance(number, int) else NOTHING


@register.filter
def factor(number: Decimal | str | None) -> str:
    """Write a coefficient or weight: ``1.05``."""
    return plain(number) if isinstance(number, Decimal) else NOTHING


@register.filter
def clause(number: str) -> str:
    """Write a clause for a sentence."""
    return article(number)


@register.filter
def month_zh(month: int | str | None) -> str:
    return periods.label_zh(month) if isinstance(month, int) else NOTHING


@register.filter
def months_zh(months: list[int]) -> str:
    """Write rising months: ``2026年3月至2026年5月、2026年9月``."""
    spans: list[list[int]] = []
    for month in months:
        if spans and spans[-1][-1] == month - 1:
            spans[-1][1:] = [month]
        else:
            spans.append([month])
    return "、".join("至".join(map(periods.label_zh, span)) for span in spans)


@register.filter
def month_key(month: int) -> str:
    """Write ``2026-10`` for addresses."""
    return periods.label(month)


@register.filter
def day(value: date | str | None) -> str:
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else NOTHING


@register.filter
def moment(value: datetime | str | None) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else NOTHING


@register.filter
def hidden(text: object) -> str:
    """Mask long numbers in free text (rules 10.6)."""
    return mask_numbers(str(text))


@register.filter
def at(mapping: dict[object, object], key: object) -> object:
    """Return the value of a key."""
    return mapping.get(key)
