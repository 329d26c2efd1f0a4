"""Text on its way into other people's programs: harmless in csv, measured for paper."""

from functools import lru_cache
from unicodedata import east_asian_width

from django.conf import settings

FORMULA_PREFIXES = tuple(settings.FORMULA_PREFIXES)


def harmless(text: str) -> str:
    """An apostrophe before what a spreadsheet would run as a formula.

    No name a person bears begins so; numbers, codes and negative amounts stay as the data contract has them.
    """
    return f"'{text}" if text.startswith(FORMULA_PREFIXES) else text


def width_of(text: str) -> int:
    """In columns of a typewriter: a Chinese character takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


@lru_cache(maxsize=8_192)
def lines_in(text: str, columns: float) -> int:
    """How many lines the text takes in a cell that wide, edges taken off."""
    usable = max(2, int(columns - 1))
    return max(1, -(-width_of(text) // (usable - usable % 2)))
