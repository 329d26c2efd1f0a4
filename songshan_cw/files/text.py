"""Text for other programs: without formulas, and measured for paper."""

from functools import lru_cache
from unicodedata import east_asian_width

from django.conf import settings

FORMULA_PREFIXES = tuple(settings.FORMULA_PREFIXES)


def harmless(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run as a formula.

    Numbers, codes and negative amounts are left unchanged.
    """
    return f"'{text}" if text.startswith(FORMULA_PREFIXES) else text


def width_of(text: str) -> int:
    """Measure in typewriter columns. A Chinese character takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


@lru_cache(maxsize=8_192)
def lines_in(text: str, columns: float) -> int:
    """Count the lines of text in a cell of that width."""
    usable = max(2, int(columns - 1))
    return max(1, -(-width_of(text) // (usable - usable % 2)))
