"""Filters of the templates: how amounts, months, dates and clauses are written."""

from django import template

from songshan_cw.files import figures
from songshan_cw.policy.schema import article
from songshan_cw.security.masking import mask_numbers
from songshan_cw.words import periods

register = template.Library()
for written in (
    *(figures.money, figures.signed, figures.whole, figures.factor),
    *(figures.month_zh, figures.months_zh, figures.day, figures.moment),
):
    register.filter(written)


@register.filter
def clause(number: str) -> str:
    """Write a clause for a sentence."""
    return article(number)


@register.filter
def month_key(month: int) -> str:
    """Write ``2026-10`` for addresses."""
    return periods.label(month)


@register.filter
def hidden(text: object) -> str:
    """Mask long numbers in free text (rules 10.6)."""
    return mask_numbers(str(text))


@register.filter
def at(mapping: dict[object, object], key: object) -> object:
    """Return the value of a key."""
    return mapping.get(key)
