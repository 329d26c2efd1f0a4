"""An explanation as a document for machines and as text for people."""

from collections.abc import Iterator
from typing import Any

from payroll.rules.explanation import MOVED_SINCE, Explained
from payroll.selectors.explain import Explanation
from songshan_cw.words.money import plain
from songshan_cw.words.periods import label, label_zh, years


def as_document(explanation: Explanation) -> dict[str, Any]:
    """The JSON of ``explain_pay --json``; money as text with two decimals, months as ``2022-03``."""
    pay, slip = explanation.pay, explanation.slip
    document: dict[str, Any] = {
        "id_number": explanation.person.id_number,
        "name": explanation.person.name,
        "month": label(explanation.month),
        "paid": pay is not None,
        "unpaid_reason": explanation.unpaid,
        "trial": explanation.trial,
        "state": slip.run.state if slip else None,
        "policy": explanation.policy.version,
        "document": explanation.policy.document.title,
    }
    if pay is not None:
        document |= {
            "post": pay.assignment.post,
            "position": pay.assignment.position,
            "dual": pay.assignment.dual,
            "community_code": pay.assignment.community,
            "credited_months": pay.credited_months,
            "step": pay.step,
            "grade": pay.grade,
            "coefficient": plain(pay.coefficient),
            "annual_base": pay.annual_base,
        }
    sums = {column: amount for column, amount in explanation.sums.items() if pay is not None or column.kind is None}
    return document | {column.csv_name: amount for column, amount in sums.items()} | _details(explanation)


def _details(explanation: Explanation) -> dict[str, Any]:
    return {
        "facts": list(explanation.facts),
        "facts_moved_since": explanation.moved,
        "steps": [_line(line) for line in (*explanation.steps, *explanation.grading)],
        "amounts": [
            {
                "component": one.component,
                "amount": one.amount,
                "arithmetic": one.arithmetic,
                "clause": one.clause,
            }
            for one in explanation.amounts
        ],
        "arrears_lines": [
            {
                "for_month": label(line.for_month),
                "component": line.component,
                "amount": line.amount,
                "already_paid": line.already_paid,
                "clause": line.clause,
            }
            for line in explanation.carried_here
        ],
        "ledger": [
            {
                "run_month": label(entry.run_month),
                "street": entry.street,
                "state": entry.state,
                "component": entry.component,
                "amount": entry.amount,
                "clause": entry.clause,
            }
            for entry in explanation.ledger
        ],
    }


def _line(line: Explained) -> dict[str, Any]:
    return {
        "month": label(line.month),
        "cause": line.title,
        "text": line.text,
        "clause": line.clause,
        "reading": line.reading.text if line.reading else None,
    }


def as_text(explanation: Explanation) -> Iterator[str]:
    """Lines a clerk can read out to the person who asks."""
    person, pay, slip = explanation.person, explanation.pay, explanation.slip
    yield f"{person.name} {label_zh(explanation.month)}工资说明{'（试算）' if explanation.trial else ''}"
    yield f"依据：《{explanation.policy.document.title}》"
    yield "一、事实"
    if explanation.moved:
        yield f"  {MOVED_SINCE}"
    yield from (f"  {line}" for line in explanation.facts)
    yield "二、工作年限推算"
    yield from (_text_line(line) for line in explanation.steps)
    if pay is None:
        yield f"三、本月不发放：{explanation.unpaid or '仅补扣以前月份'}"
    else:
        yield f"三、等级：{pay.assignment.post}{pay.step}档，{pay.grade}级，工作年限{years(pay.credited_months)}"
        yield from (_text_line(line) for line in explanation.grading)
        yield "四、金额"
        yield from (f"  {one.component}：{one.arithmetic}〔{one.clause}〕" for one in explanation.amounts)
    yield from _ledger_text(explanation)
    if slip is not None:
        for column, amount in explanation.sums.items():
            if column.is_sum:
                yield f"{column.label}：{amount}元（批次{slip.run.state}）"


def _ledger_text(explanation: Explanation) -> Iterator[str]:
    if explanation.carried_here:
        yield "五、随本月补发或扣回"
        for line in explanation.carried_here:
            yield f"  {label_zh(line.for_month)}{line.component}：{line.amount:+}元（此前已发{line.already_paid}元）"
    if explanation.ledger:
        yield "六、本月台账"
        for entry in explanation.ledger:
            carried = f"{label_zh(entry.run_month)}批次（{entry.street}，{entry.state}）"
            yield f"  {entry.component}：{entry.amount:+}元，{carried}"


def _text_line(line: Explained) -> str:
    reading = f"；口径：{line.reading.title}" if line.reading else ""
    return f"  {label_zh(line.month)}  {line.title}：{line.text}〔{line.clause}{reading}〕"
