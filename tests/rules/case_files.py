"""The case files, read once; each case knows its file so that a failure points at it."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

CASES = Path(__file__).resolve().parent.parent / "cases"
Case = dict[str, Any]


@cache
def all_cases() -> tuple[Case, ...]:
    cases: list[Case] = []
    for path in sorted(CASES.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            cases.append(case | {"file": path.name})
    return tuple(cases)


def kind(case: Case) -> str:
    if "approved" in case:
        return "arrears"
    if "replay" in case:
        return "explanation"
    return "monthly" if "hired" in case["given"] else "performance"


def cases_of(wanted: str) -> list[Case]:
    return [case for case in all_cases() if kind(case) == wanted]


def rules_of(case: Case) -> list[str]:
    rule = case["rule"]
    return [rule] if isinstance(rule, str) else rule


def case_id(case: Case) -> str:
    return f"{case['file'].removesuffix('.yaml')}:{case['name']}"
