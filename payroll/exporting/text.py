"""Text on its way into other people's programs: harmless in csv, measured for paper, the remark of a slip."""

from functools import lru_cache
from unicodedata import east_asian_width

from django.conf import settings

from payroll.exporting.rows import ArrearsSpan, SlipRow
from songshan_cw.periods import label
from songshan_cw.terms import Component

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


def remark(slip: SlipRow, span: ArrearsSpan | None) -> str:
    """备注: what a treasurer would ask about this row."""
    words = []
    if slip.dual:
        words.append("一肩挑")
    if span is not None:
        words.append(span_text(slip, span))
    if slip.gross_pay > 0 and not slip.bank_account:
        words.append("缺银行卡号")
    return "；".join(words)


def span_text(slip: SlipRow, span: ArrearsSpan) -> str:
    """``补发2024-03至2024-05``; with 仅 before it where the month itself is not paid."""
    months = label(span.first)
    if span.last != span.first:
        months = f"{months}至{label(span.last)}"
    if span.months != span.last - span.first + 1:
        months = f"{months}中{span.months}个月"
    only = "仅" if slip.grade is None else ""
    return f"{only}{_verb(span)}{months}"


def _verb(span: ArrearsSpan) -> str:
    if span.cash is None:
        return f"调整{Component.PERFORMANCE}"
    if span.cash == 0:
        return "补扣相抵"
    return "补发" if span.cash > 0 else "扣回"
