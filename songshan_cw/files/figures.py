"""How amounts, months and dates are written for readers; nothing, which templates pass as ``""``, is a dash."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from songshan_cw.words import periods
from songshan_cw.words.money import plain

NOTHING = "—"


def money(amount: Decimal | str | None) -> str:
    """Write ``12,345.60``."""
    return f"{amount:,.2f}" if isinstance(amount, Decimal) else NOTHING


def signed(amount: Decimal | int | str | None) -> str:
    """Write ``+1,200.00`` or ``−3``, and ``0.00`` or ``0`` for no change."""
    if not isinstance(amount, Decimal | int):
        return NOTHING
    text = f"{abs(amount):,.2f}" if isinstance(amount, Decimal) else f"{abs(amount):,}"
    sign = "+" if amount > 0 else "−"
    return f"{sign}{text}" if amount else text


def whole(number: int | str | None) -> str:
    return f"{number:,}" if isinstance(number, int) else NOTHING


def factor(number: Decimal | str | None) -> str:
    """Write a coefficient or weight: ``1.05``."""
    return plain(number) if isinstance(number, Decimal) else NOTHING


def short(number: Decimal | int | str | None) -> str:
    """Write a number without zeros at its end: ``7.5``, ``40``."""
    return f"{Decimal(number).normalize():f}" if isinstance(number, Decimal | int) else NOTHING


def month_zh(month: int | str | None) -> str:
    return periods.label_zh(month) if isinstance(month, int) else NOTHING


def months_zh(months: list[int]) -> str:
    """Write rising months: ``2026年3月至2026年5月、2026年9月``."""
    spans: list[list[int]] = []
    for month in months:
        if spans and spans[-1][-1] == month - 1:
            spans[-1][1:] = [month]
        else:
            spans.append([month])
    return "、".join("至".join(map(periods.label_zh, span)) for span in spans)


def day(value: date | str | None) -> str:
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else NOTHING


def moment(value: datetime | str | None) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else NOTHING


def text(value: object) -> str:
    return NOTHING if value is None or value == "" else str(value)
