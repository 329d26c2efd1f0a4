"""Every worked case of tests/cases/money by the rules (rules 7.4, 7.5)."""

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from payroll.rules.floor import average
from payroll.rules.horizon import insurance_on, rises, year_of_pay
from payroll.rules.timeline import assumed
from payroll.selectors.forecast import MONTHS_AHEAD
from songshan_cw.words.money import total
from songshan_cw.words.periods import label, parse
from songshan_cw.words.terms import Component
from tests.rules.adapter import DISTRICT, facts_from, jurisdiction_from

FOLDER = Path(__file__).parent.parent / "cases" / "money"
Case = dict[str, Any]
CASES: list[Case] = [
    case for path in sorted(FOLDER.glob("*.yaml")) for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


def year(given: Case) -> Case:
    facts = assumed(facts_from(given), parse(given["today"]))
    paid = year_of_pay(facts, {DISTRICT: jurisdiction_from(given)}, given["year"])
    if not paid:
        return {"months": 0}
    return {
        "months": len(paid),
        "base": str(total(pay.of(Component.BASE) for pay in paid)),
        "allowance": str(total(pay.of(Component.ALLOWANCE) for pay in paid)),
        "performance": str(total(pay.of(Component.PERFORMANCE) for pay in paid)),
        "first_grade": paid[0].grade,
        "last_grade": paid[-1].grade,
    }


def promotions(given: Case) -> list[Case]:
    today = parse(given["today"])
    facts = assumed(facts_from(given), today)
    found = rises(facts, {DISTRICT: jurisdiction_from(given)}, today + 1, today + MONTHS_AHEAD)
    return [
        {"month": label(one.month), "before": one.before.grade, "after": one.after.grade, "extra": str(one.extra)}
        for one in found
    ]


def insurance(given: Case) -> Case:
    return {"insurance": str(insurance_on(Decimal(given["pay"]), Decimal(given["rate"])))}


def mean(given: Case) -> Case:
    found = average([int(Decimal(amount) * 100) for amount in given["amounts"]])
    return {"average": None if found is None else str(found)}


KINDS = {"year": year, "rises": promotions, "insurance": insurance, "average": mean}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: Case) -> None:
    assert KINDS[case["kind"]](case["given"]) == case["expect"], f"{case['name']}（{case['cite']}）"


def test_every_kind_has_cases_and_every_name_is_its_own() -> None:
    assert {case["kind"] for case in CASES} == set(KINDS)
    assert [name for name, times in Counter(case["name"] for case in CASES).items() if times > 1] == []
