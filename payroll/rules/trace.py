"""The replay of a payslip as short text that stays readable."""

import json
from functools import lru_cache

from payroll.rules.credit import SHARED, Cause, CreditStep
from songshan_cw.words import periods
from songshan_cw.words.terms import Education, Result

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dump(steps: tuple[CreditStep, ...]) -> str:
    """Write one JSON list per step, without trailing empty values."""
    return f"[{','.join(map(_text, steps))}]"


def load(text: str) -> tuple[CreditStep, ...]:
    return tuple([_step(tuple(row)) for row in json.loads(text)]) if text else ()


@lru_cache(maxsize=SHARED)
def _text(step: CreditStep) -> str:
    return encode(_row(step))


def _row(step: CreditStep) -> list[object]:
    row: list[object] = [periods.to_number(step.month), *step[1:8], step.bonus or None, step.level]
    while row[-1] is None:
        row.pop()
    return row


@lru_cache(maxsize=16_384)
def _step(row: tuple[object, ...]) -> CreditStep:
    padding = (None,) * (10 - len(row))
    month, cause, before, credit, clause, year, result, served, bonus, level = row + padding
    return CreditStep(
        periods.from_number(int(str(month))),
        Cause(str(cause)),
        int(str(before)),
        int(str(credit)),
        str(clause),
        None if year is None else int(str(year)),
        None if result is None else Result(str(result)),
        None if served is None else int(str(served)),
        int(str(bonus or 0)),
        None if level is None else Education(str(level)),
    )
