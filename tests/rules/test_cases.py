"""Every worked case of tests/cases, calculated by the product's rules and, where it can, by the oracle."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from payroll.rules.arrears import ArrearsLine, Key, differences
from payroll.rules.pay import MonthlyPay
from payroll.rules.performance import Claim, NothingToWeigh, divide
from payroll.rules.slip import arrears_of
from songshan_cw.policy import current_book
from songshan_cw.words.components import earned
from songshan_cw.words.money import total
from songshan_cw.words.periods import label, month, parse
from songshan_cw.words.terms import Component, Result
from tests import oracle
from tests.rules.adapter import (
    DISTRICT,
    as_expected,
    due,
    facts_from,
    jurisdiction_from,
    steps_until,
    why_unpaid,
)
from tests.rules.case_files import Case, all_cases, case_id, cases_of, rules_of

RULES = ("2.1", "2.2", "2.4", "3.1", "3.2", "3.3", "3.4", "3.5")
RULES += ("4.1", "4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.8")
RULES += ("5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "5.7", "6.1", "6.2")
AMOUNTS = ("base_pay", "allowance", "performance_accrual", "gross_pay")


def typed(expected: dict[str, Any] | None) -> dict[str, Any] | None:
    """Amounts are quoted in the files, so that no reader turns them into binary floats."""
    if expected is None:
        return None
    return {key: Decimal(value) if key in AMOUNTS else value for key, value in expected.items()}


def found_for(pay: MonthlyPay | None) -> dict[str, Any] | None:
    found = as_expected(pay)
    return None if found is None else found | {"gross_pay": earned(pay.amounts() if pay else ())}


def same_keys(found: dict[str, Any] | None, expected: dict[str, Any] | None) -> dict[str, Any] | None:
    return found if found is None or expected is None else {key: found[key] for key in expected}


@pytest.mark.parametrize("case", cases_of("monthly"), ids=case_id)
def test_monthly_case(case: Case) -> None:
    for text, expected in case["expect"].items():
        found = same_keys(found_for(due(case["given"], parse(text))), expected)
        assert found == typed(expected), f"{case['file']}《{case['name']}》{text}（{case['cite']}）"


@pytest.mark.parametrize("case", [case for case in cases_of("monthly") if "tables" not in case["given"]], ids=case_id)
def test_monthly_case_by_the_oracle(case: Case) -> None:
    """The oracle must be able to tell the cases too, or it proves nothing about random people."""
    for text, expected in case["expect"].items():
        found = oracle.pay(case["given"], (int(text[:4]), int(text[5:])))
        wanted = typed(expected)
        if wanted is not None:
            wanted.pop("gross_pay", None)
        assert same_keys(found, wanted) == wanted, f"{case['file']}《{case['name']}》{text}"


@pytest.mark.parametrize("case", [case for case in cases_of("monthly") if "unpaid" in case], ids=case_id)
def test_reason_for_no_pay(case: Case) -> None:
    for text, reason in case["unpaid"].items():
        assert why_unpaid(case["given"], parse(text)) == reason


@pytest.mark.parametrize("case", cases_of("arrears"), ids=case_id)
def test_arrears_case(case: Case) -> None:
    paid = _paid(case)
    changed = case["given"] | case["changed"]
    run = parse(case["run"])
    facts = facts_from(changed)
    steps = steps_until(facts, run)
    closed = [parse(text) for text in case["approved"]]
    lines = arrears_of(facts, steps, {DISTRICT: jurisdiction_from(changed)}, closed, paid)
    found: dict[str, dict[str, Decimal]] = {}
    for line in lines:
        found.setdefault(label(line.for_month), {})[str(line.component)] = line.amount
    wanted = {text: {name: Decimal(amount) for name, amount in parts.items()} for text, parts in case["expect"].items()}
    assert found == wanted, f"{case['file']}《{case['name']}》"
    assert _slip_as_expected(due(changed, run), lines) == {
        key: None if value is None else Decimal(value) for key, value in case["slip"].items()
    }
    again = paid | {(line.for_month, line.component): line.already_paid + line.amount for line in lines}
    assert arrears_of(facts, steps, {DISTRICT: jurisdiction_from(changed)}, closed, again) == ()


def _paid(case: Case) -> dict[Key, Decimal]:
    """What the approved months carried under the facts known then."""
    paid: dict[Key, Decimal] = {}
    for text in case["approved"]:
        pay = due(case["given"], parse(text))
        paid |= {(parse(text), component): amount for component, amount in (pay.amounts() if pay else ())}
    return paid


def _slip_as_expected(pay: MonthlyPay | None, lines: Sequence[ArrearsLine]) -> dict[str, Decimal | None]:
    arrears = earned((line.component, line.amount) for line in lines)
    return {
        "base_pay": pay.of(Component.BASE) if pay else None,
        "allowance": pay.of(Component.ALLOWANCE) if pay else None,
        "arrears": arrears,
        "gross_pay": earned(pay.amounts() if pay else ()) + arrears,
    }


@pytest.mark.parametrize("case", cases_of("performance"), ids=case_id)
def test_performance_case(case: Case) -> None:
    given, expected = case["given"], case["expect"]
    claims = _claims(given)
    pool = Decimal(given["pool"]) if "pool" in given else total(claim.accrual for claim in claims)
    if "refused" in expected:
        with pytest.raises(NothingToWeigh, match=expected["refused"]):
            divide(pool, claims)
        return
    assert pool == Decimal(expected.get("pool", pool))
    shares = divide(pool, claims)
    wanted = expected["shares"]
    if isinstance(wanted, list):
        wanted = dict(zip((claim.id_number for claim in claims), wanted, strict=True))
    assert shares == {person: Decimal(amount) for person, amount in wanted.items()}
    assert sum(shares.values()) == pool


def _claims(given: dict[str, Any]) -> list[Claim]:
    if "weighted_accruals" in given:
        return [
            Claim(f"{number:04d}", Decimal(amount), Decimal(1))
            for number, amount in enumerate(given["weighted_accruals"], start=1)
        ]
    if "claims" in given:
        return [Claim(row["id"], Decimal(row["accrual"]), Decimal(row["weight"])) for row in given["claims"]]
    weights = current_book().timeline(DISTRICT).at(month(given["year"], 12)).pay.performance_weights.value
    claims = []
    for person in given["people"]:
        months = [due(person, month(given["year"], number)) for number in range(1, 13)]
        accrual = total(pay.of(Component.PERFORMANCE) for pay in months if pay)
        result = (person.get("assessments") or {}).get(given["year"])
        claims.append(Claim(person["id"], accrual, weights[Result(result)] if result else Decimal(0)))
    return claims


@pytest.mark.parametrize("case", cases_of("explanation"), ids=case_id)
def test_explanation_case(case: Case) -> None:
    steps = steps_until(facts_from(case["given"]), parse(case["until"]))
    found = [
        {
            "month": label(step.month),
            "cause": step.cause.value,
            "before": step.before,
            "credit": step.credit,
            "clause": step.clause,
        }
        for step in steps
    ]
    assert found == case["replay"]


def test_no_line_where_nothing_differs() -> None:
    key = (month(2022, 1), Component.BASE)
    assert differences({key: Decimal("3150.00")}, {key: Decimal("3150.00")}) == ()


def test_every_rule_has_a_case() -> None:
    counted = Counter(rule for case in all_cases() for rule in rules_of(case))
    assert [rule for rule in RULES if not counted[rule]] == [], "这些规则还没有算例，请在 tests/cases 里补上。"
    assert sorted(set(counted) - set(RULES)) == [], "算例写了清单里没有的规则编号。"


def test_case_names_are_unique() -> None:
    twice = [name for name, times in Counter(case["name"] for case in all_cases()).items() if times > 1]
    assert twice == [], "算例名重复，请改成能区分的名字。"


def test_every_case_names_its_clause() -> None:
    assert [case_id(case) for case in all_cases() if not str(case.get("cite", "")).startswith("二")] == []
