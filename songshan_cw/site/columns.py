"""Admin columns for months and money."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib.admin import display

from songshan_cw.words import periods
from songshan_cw.words.money import plain


def month_column(name: str, label: str) -> Callable[[Any], str]:
    """Show a month as ``2022年3月``, sorted by the month."""

    @display(description=label, ordering=name, empty_value="—")
    def column(obj: Any) -> str | None:
        value = getattr(obj, name)
        return None if value is None else periods.label_zh(value)

    column.__name__ = f"{name}_label"
    return column


def money_column(name: str, label: str) -> Callable[[Any], str]:
    """Show yuan as ``12,345.60``."""

    @display(description=f"{label}(元)", ordering=name, empty_value="—")
    def column(obj: Any) -> str | None:
        value: Decimal | None = getattr(obj, name)
        return None if value is None else f"{value:,.2f}"

    column.__name__ = f"{name}_yuan"
    return column


def decimal_column(name: str, label: str) -> Callable[[Any], str]:
    """Show a factor with at least two decimals and no further zeros: ``1.30``, ``1.125``."""

    @display(description=label, ordering=name, empty_value="—")
    def column(obj: Any) -> str | None:
        value: Decimal | None = getattr(obj, name)
        return None if value is None else plain(value)

    column.__name__ = f"{name}_plain"
    return column
