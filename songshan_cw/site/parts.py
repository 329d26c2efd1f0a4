"""Parts that cells of a page are made of. Everything put into them is escaped."""

from collections.abc import Iterable
from decimal import Decimal

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


def badge(text: object, state: object = "") -> SafeString:
    """Show a word on a coloured ground; ``state`` chooses the colour, by default the word itself."""
    return format_html('<span class="sw-badge" data-state="{}">{}</span>', state or text, text)


def link(text: object, address: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, text)


def button(text: object, address: str) -> SafeString:
    return format_html('<a class="sw-button" href="{}">{}</a>', address, text)


def faint(text: object) -> SafeString:
    """Show what only accompanies the value."""
    return format_html('<span class="sw-lead">{}</span>', text)


def circle(number: int) -> SafeString:
    """Show the number of a mark in a drawing."""
    return format_html('<span class="sw-circle">{}</span>', number)


def clause(number: str) -> SafeString:
    return format_html('<span class="sw-clause">{}</span>', number)


def lines(*parts: object) -> SafeString:
    """Put parts on lines of their own, leaving out empty ones."""
    return format_html_join(mark_safe("<br>"), "{}", ((part,) for part in parts if part))


def beside(*parts: object) -> SafeString:
    """Put parts behind one another, leaving out empty ones."""
    return format_html_join(" ", "{}", ((part,) for part in parts if part))


def blocks(parts: Iterable[object]) -> SafeString:
    """Put parts in blocks of their own."""
    return format_html_join("", "<div>{}</div>", ((part,) for part in parts))


def coloured(text: object, amount: Decimal | int) -> SafeString:
    """Colour what rose or fell."""
    if not amount:
        return format_html("{}", text)
    return format_html('<span class="{}">{}</span>', "sw-up" if amount > 0 else "sw-down", text)


def fold(summary: str, content: object) -> SafeString:
    """Hide the content until the summary is opened."""
    return format_html("<details><summary>{}</summary>{}</details>", summary, content)


def person_address(key: int, tab: str = "") -> str:
    """Return the address of a person's page, opened at a tab."""
    address = reverse("admin:person", args=[key])
    return f"{address}?tab={tab}" if tab else address
