"""Every change of pay has its cause; what has none is said so (rules 5.7, 7.3)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from payroll.rules.causes import ChangeCause, FrozenMonth, Reason, Setting, causes, decided_by_facts
from payroll.rules.credit import replay
from payroll.rules.facts import GradeScale
from payroll.rules.pay import MonthlyPay
from payroll.rules.slip import Jurisdiction, monthly_due
from songshan_cw.policy import policy_at, policy_timeline
from songshan_cw.words.money import ZERO
from songshan_cw.words.periods import parse
from songshan_cw.words.terms import Component
from tests.rules.adapter import COMMUNITY, DISTRICT, altered, facts_from, sample_scale

STREET = COMMUNITY[:9]
OTHER_COMMUNITY = "150404002001"


def given(**more: Any) -> dict[str, Any]:
    hired = more.pop("hired", date(2019, 1, 1))
    return {
        "hired": hired,
        "entry_education": "大学专科",
        "posts": [{"from": hired, "post": "工作人员"}],
        "assessments": dict.fromkeys(range(2019, 2026), "合格"),
        **more,
    }


def frozen(person: dict[str, Any], month: str, scale: GradeScale | None = None) -> FrozenMonth | None:
    """What a run of the month would freeze; None where the person is not paid."""
    facts, ordinal = facts_from(person), parse(month)
    timeline = policy_timeline(DISTRICT)
    steps = replay(facts, timeline, ordinal)
    scale = scale or sample_scale()
    pay = monthly_due(facts, steps, Jurisdiction(DISTRICT, timeline, (scale,)), ordinal)
    if not isinstance(pay, MonthlyPay):
        return None
    return FrozenMonth(
        month=ordinal,
        post=pay.assignment.post,
        position=pay.assignment.position,
        dual=pay.assignment.dual,
        credited_months=pay.credited_months,
        step=pay.step,
        grade=pay.grade,
        coefficient=pay.coefficient,
        annual_base=pay.annual_base,
        amounts=dict(pay.amounts()),
        arrears=ZERO,
        table=scale.key,
        policy=timeline.at(ordinal).version,
        steps=steps,
    )


def setting(person: dict[str, Any], month: str) -> Setting:
    return Setting(facts_from(person), STREET, parse(month), policy_at(DISTRICT, date(2023, 1, 1)))


def found(person: dict[str, Any], before: str, now: str, *, then: dict[str, Any] | None = None) -> tuple[Reason, ...]:
    """Reasons between two months; ``then``: the facts as they were when the first was frozen."""
    months = (frozen(then or person, before), frozen(person, now))
    reasons = causes(*months, setting(person, now))
    if not decided_by_facts(*months):
        assert causes(*months, replace(setting(person, now), facts=None)) == reasons, "事实没有用到"
    return reasons


def kinds(reasons: Sequence[Reason]) -> list[ChangeCause]:
    return [reason.cause for reason in reasons]


LATER_POST = [
    {"from": date(2019, 1, 1), "post": "工作人员"},
    {"from": date(2022, 3, 9), "post": "副职"},
]
DUAL_POST = [
    {"from": date(2019, 1, 1), "post": "正职"},
    {"from": date(2022, 3, 9), "post": "正职", "dual": True},
]
MOVED = [
    {"from": date(2019, 1, 1), "post": "工作人员", "community": OTHER_COMMUNITY},
    {"from": date(2022, 3, 9), "post": "工作人员"},
]
MOVED_AWAY = [
    {"from": date(2019, 1, 1), "post": "工作人员"},
    {"from": date(2022, 3, 9), "post": "工作人员", "community": OTHER_COMMUNITY},
]
GAP = [{"from": date(2022, 4, 1), "to": date(2022, 4, 30)}]


@pytest.mark.parametrize(
    ("person", "before", "now", "cause"),
    [
        (given(), "2022-12", "2023-01", ChangeCause.PROMOTION),
        (given(degrees=[{"date": date(2022, 3, 5), "level": "大学本科"}]), "2022-03", "2022-04", ChangeCause.DEGREE),
        (given(placements=[{"month": "2022-04", "credited_months": 90}]), "2022-03", "2022-04", ChangeCause.PLACEMENT),
        (given(posts=LATER_POST), "2022-03", "2022-04", ChangeCause.POST),
        (given(posts=DUAL_POST), "2022-03", "2022-04", ChangeCause.DUAL),
        (
            given(certificates=[{"date": date(2022, 3, 5), "level": "社会工作师"}]),
            "2022-03",
            "2022-04",
            ChangeCause.CERTIFICATE,
        ),
        (given(left=date(2022, 3, 9)), "2022-03", "2022-04", ChangeCause.LEFT),
        (given(gaps=GAP), "2022-03", "2022-04", ChangeCause.AWAY),
        (given(posts=MOVED), "2022-03", "2022-04", ChangeCause.MOVED_IN),
        (given(posts=MOVED_AWAY), "2022-03", "2022-04", ChangeCause.MOVED_OUT),
    ],
)
def test_an_ordinary_event_is_named(person: dict[str, Any], before: str, now: str, cause: ChangeCause) -> None:
    first, second = frozen(person, before), frozen(person, now)
    if cause is ChangeCause.MOVED_IN:
        first = None
    if cause is ChangeCause.MOVED_OUT:
        second = None
    reasons = causes(first, second, setting(person, now))
    assert kinds(reasons) == [cause]
    assert reasons[0].clause and reasons[0].text


def test_hired_and_back() -> None:
    assert kinds(found(given(hired=date(2022, 4, 6)), "2022-03", "2022-04")) == [ChangeCause.HIRED]
    assert kinds(found(given(gaps=GAP), "2022-04", "2022-05")) == [ChangeCause.BACK]


def test_a_january_without_a_step_changes_no_pay() -> None:
    """The credit grows and stays below the next step: nothing to explain."""
    assert found(given(), "2023-12", "2024-01") == ()


def test_an_earlier_fact_entered_later_is_a_correction() -> None:
    late = given(degrees=[{"date": date(2022, 1, 5), "level": "硕士研究生"}])
    assert kinds(found(late, "2022-06", "2022-07", then=given())) == [ChangeCause.CORRECTED]


def test_another_base_amount_or_table() -> None:
    person = given()
    before = frozen(person, "2022-06")
    dearer = frozen(person, "2022-07", sample_scale({"2022-01": "42000.00", "2022-07": "45000.00"}))
    assert kinds(causes(before, dearer, setting(person, "2022-07"))) == [ChangeCause.BASE]
    plain = sample_scale()
    raised = GradeScale(2, True, tuple(one + 1 for one in plain.coefficients), plain.requirements, plain.standards)
    other = frozen(person, "2022-07", raised)
    assert kinds(causes(before, other, setting(person, "2022-07"))) == [ChangeCause.TABLE]


def test_arrears_are_paid_taken_back_and_settled() -> None:
    person = given()
    first, second = frozen(person, "2022-06"), frozen(person, "2022-07")
    assert first is not None and second is not None
    paid = replace(first, arrears=Decimal("100.00"))
    back = replace(second, arrears=Decimal("-30.00"))
    assert kinds(causes(first, replace(second, arrears=Decimal("5.00")), setting(person, "2022-07"))) == [
        ChangeCause.PAID_LATER
    ]
    assert kinds(causes(paid, back, setting(person, "2022-07"))) == [ChangeCause.TAKEN_BACK, ChangeCause.SETTLED]
    assert kinds(causes(paid, None, setting(given(left=date(2022, 6, 9)), "2022-07"))) == [
        ChangeCause.LEFT,
        ChangeCause.SETTLED,
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"base_pay": Decimal("9999.00")},
        {"grade": 9},
        {"coefficient": Decimal("1.99")},
        {"allowance": Decimal("77.00")},
        {"step": 5, "grade": 5, "annual_base": Decimal("43000.00")},
    ],
)
def test_what_no_fact_accounts_for_is_unexplained(changes: dict[str, Any]) -> None:
    person = given()
    before, now = frozen(person, "2022-06"), frozen(person, "2022-07")
    assert now is not None
    assert ChangeCause.UNEXPLAINED in kinds(causes(before, altered(now, **changes), setting(person, "2022-07")))


def test_whoever_comes_or_goes_without_a_fact_is_unexplained_or_corrected() -> None:
    person = given()
    second = frozen(person, "2022-07")
    assert kinds(causes(None, second, setting(person, "2022-07"))) == [ChangeCause.CORRECTED]
    assert kinds(causes(second, None, setting(person, "2022-08"))) == [ChangeCause.UNEXPLAINED]
    away = given(category="退休人员")
    assert kinds(causes(second, None, setting(away, "2022-08"))) == [ChangeCause.CATEGORY]


def test_when_only_the_persons_facts_can_tell() -> None:
    """Who came or went, and base pay that does not follow from grade and base amount; nothing else."""
    before, now = frozen(given(), "2022-12"), frozen(given(), "2023-01")
    assert before is not None and now is not None and now.credited_months > before.credited_months
    arrears_only, odd = replace(before, post=None), altered(now, base_pay=now.of(Component.BASE) + 1)
    assert decided_by_facts(None, now) and decided_by_facts(before, None)
    assert decided_by_facts(arrears_only, now) and decided_by_facts(before, replace(now, post=None))
    assert decided_by_facts(before, odd)
    assert not decided_by_facts(before, now) and not decided_by_facts(before, before)


def test_facts_that_are_needed_and_were_not_given_are_missed() -> None:
    now = frozen(given(), "2023-01")
    with pytest.raises(ValueError, match=r"not given$"):
        causes(None, now, replace(setting(given(), "2023-01"), facts=None))
