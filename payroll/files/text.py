"""The remark of a slip."""

from payroll.files.rows import ArrearsSpan, SlipRow
from songshan_cw.words.periods import label
from songshan_cw.words.terms import Component


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
