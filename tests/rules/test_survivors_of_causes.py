"""Reasons of a change of pay between two frozen months, at their edges: what small faults got past before."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from payroll.rules.causes import ChangeCause, FrozenMonth, Setting, causes
from payroll.rules.credit import Cause, CreditStep
from songshan_cw.words.money import ZERO
from songshan_cw.words.periods import parse
from songshan_cw.words.terms import Component, Education, Position, Post
from tests.rules.adapter import DISTRICT, altered
from tests.rules.test_survivors import HERE, JUNE, STREET, plain_staff

FROZEN = FrozenMonth(
    month=parse("2024-01"),
    post=Post.STAFF,
    position=Position.COMMUNITY_WORKER,
    dual=False,
    credited_months=48,
    step=2,
    grade=2,
    coefficient=Decimal("1.05"),
    annual_base=Decimal("42000.00"),
    amounts={Component.BASE: Decimal("3307.50")},
    arrears=ZERO,
    table=1,
    policy="p",
    steps=(),
)


def reasons(before: dict[str, Any], now: dict[str, Any], **facts: Any) -> list[tuple[ChangeCause, str]]:
    setting = Setting(plain_staff(**facts), STREET, FROZEN.month + 1, HERE[DISTRICT].timeline.at(JUNE))
    later = replace(FROZEN, month=FROZEN.month + 1)
    return [(one.cause, one.text) for one in causes(altered(FROZEN, **before), altered(later, **now), setting)]


NOTHING = {"post": None, "base_pay": ZERO}


def test_a_slip_of_arrears_alone_is_not_a_paid_month() -> None:
    assert reasons({}, {**NOTHING, "arrears": Decimal(5)}, left=date(2024, 1, 31)) == [
        (ChangeCause.LEFT, "2024-01-31离职，自次月起停发"),
        (ChangeCause.PAID_LATER, "补发以前月份5元"),
    ]
    assert [cause for cause, _ in reasons(NOTHING, {})] == [ChangeCause.CORRECTED]
    assert reasons(NOTHING, NOTHING) == []


def test_what_does_not_move_needs_no_reason() -> None:
    assert reasons({}, {}) == []
    assert reasons({"table": 1}, {"table": 2}) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("grade", 3), ("coefficient", Decimal("1.10")), ("base_pay", Decimal("3400.00"))],
)
def test_what_moves_without_a_fact_is_unexplained(name: str, value: Any) -> None:
    assert [cause for cause, _ in reasons({}, {name: value})][:1] == [ChangeCause.UNEXPLAINED]


def test_a_base_pay_within_two_cents_is_rounding_and_beyond_is_not() -> None:
    assert reasons({}, {"base_pay": Decimal("3307.52")}) == []
    [(cause, text)] = reasons({}, {"base_pay": Decimal("3307.53")})
    assert (cause, text) == (ChangeCause.UNEXPLAINED, "按等级应为3,307.50元，实为3,307.53元")


def test_another_table_is_a_reason_for_another_step_of_the_same_credit_only() -> None:
    up = {"table": 2, "step": 3, "grade": 3, "coefficient": Decimal("1.10"), "base_pay": Decimal("3465.00")}
    assert [cause for cause, _ in reasons({}, up)] == [ChangeCause.TABLE]
    assert reasons({}, up)[0][1] == "新的等级系数表年限要求不同，2档→3档（2级→3级）"
    assert ChangeCause.TABLE not in [cause for cause, _ in reasons({}, {**up, "credited_months": 90})]
    better = {"table": 2, "coefficient": Decimal("1.10"), "base_pay": Decimal("3465.00")}
    assert reasons({}, better) == [(ChangeCause.TABLE, "2级系数1.05→1.1（换用新的等级系数表）")]


def credit_step(month: str, cause: Cause, before: int, after: int, level: Education | None = None) -> CreditStep:
    return CreditStep(parse(month), cause, before, after, "二(五)4", level=level)


def test_a_step_of_credit_is_told_only_between_the_two_months() -> None:
    old = credit_step("2024-01", Cause.DEGREE, 36, 48, Education.BACHELOR)
    new = credit_step("2024-02", Cause.DEGREE, 48, 84, Education.MASTER)
    up = {"credited_months": 84, "step": 3, "grade": 3, "coefficient": Decimal("1.10"), "base_pay": Decimal("3465.00")}
    assert reasons({"steps": (old,)}, {**up, "steps": (old, new)}) == [
        (ChangeCause.DEGREE, "取得硕士研究生，工作年限4年→7年，2档→3档（2级→3级）")
    ]
    january = credit_step("2024-02", Cause.YEAR, 48, 60)
    assert reasons({}, {"credited_months": 60, "steps": (january,)}) == []
    raised = credit_step("2024-02", Cause.YEAR, 48, 84)
    assert reasons({}, {**up, "steps": (raised,)}) == [(ChangeCause.PROMOTION, "工作年限4年→7年，2档→3档（2级→3级）")]
    moved = credit_step("2024-01", Cause.PLACEMENT, 36, 84)
    assert reasons({"steps": (old,)}, {**up, "steps": (moved,)}) == [
        (ChangeCause.CORRECTED, "以前月份的资料有更正，工作年限按7年重算（2级→3级）")
    ]


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (0, 5, [(ChangeCause.PAID_LATER, "补发以前月份5元")]),
        (0, -5, [(ChangeCause.TAKEN_BACK, "扣回以前月份5元")]),
        (5, 0, [(ChangeCause.SETTLED, "上月补发5元，只发生一次")]),
        (-5, 0, [(ChangeCause.SETTLED, "上月扣回5元，只发生一次")]),
        (5, 5, [(ChangeCause.PAID_LATER, "补发以前月份5元")]),
    ],
)
def test_arrears_come_once(before: int, now: int, told: list[tuple[ChangeCause, str]]) -> None:
    assert reasons({"arrears": Decimal(before)}, {"arrears": Decimal(now)}) == told
