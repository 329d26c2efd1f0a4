"""Why pay moved, reason by reason and in the words a street reads (rules 5.7, 7.3): whichever one thing differs between
two months is told, nothing else is, and what cannot be told is said to be unexplained."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from payroll.rules.causes import ChangeCause, Setting, causes
from payroll.rules.credit import Cause, CreditStep
from songshan_cw.words.terms import Education, Post
from tests.rules.adapter import altered
from tests.rules.test_survivors import HERE, JUNE, OTHER, STREET, plain_staff
from tests.rules.test_survivors_of_causes import FROZEN, NOTHING, credit_step, reasons

DISTRICT = STREET[:6]
NOW = FROZEN.month + 1  # 2024-02
STAFF_ROW = {"from": date(2020, 1, 1), "post": "工作人员"}
SHARE_LOST = (ChangeCause.UNEXPLAINED, "按等级应为3,150.00元，实为3,307.50元")


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ({}, {"post": Post.DEPUTY}, [(ChangeCause.POST, "工作人员→副职，2档→2档（仍为2级）")]),
        ({}, {"dual": True}, [(ChangeCause.DUAL, "任一肩挑，等级加一级（仍为2级）")]),
        ({"dual": True}, {}, [(ChangeCause.DUAL, "不再一肩挑，等级不再加一级（仍为2级）")]),
        ({}, {"step": 3, "table": 2}, [(ChangeCause.TABLE, "新的等级系数表年限要求不同，2档→3档（仍为2级）")]),
        ({}, {"step": 3}, []),
        ({}, {"grade": 3}, [(ChangeCause.UNEXPLAINED, "等级由2级变为3级，没有对应的事实")]),
        ({}, {"grade": 3, "table": 2}, [(ChangeCause.UNEXPLAINED, "等级由2级变为3级，没有对应的事实")]),
        (
            {},
            {"coefficient": Decimal("1.00")},
            [SHARE_LOST, (ChangeCause.UNEXPLAINED, "2级的系数变了，等级系数表却没有换")],
        ),
        (
            {},
            {"annual_base": Decimal("40000.00")},
            [(ChangeCause.BASE, "年基数42,000.00元→40,000.00元"), SHARE_LOST],
        ),
        ({}, {"base_pay": Decimal("3307.47")}, [(ChangeCause.UNEXPLAINED, "按等级应为3,307.50元，实为3,307.47元")]),
        ({}, {"base_pay": Decimal("3307.00"), "policy": "q"}, [(ChangeCause.POLICY, "执行新的政策文件")]),
        (
            {},
            {"allowance": Decimal("300.00")},
            [(ChangeCause.CERTIFICATE, "社会工作师，职业津贴0.00元→300.00元")],
        ),
        (
            {"allowance": Decimal("300.00")},
            {},
            [(ChangeCause.CERTIFICATE, "证书记录已更正，职业津贴300.00元→0.00元")],
        ),
        (
            {},
            {"allowance": Decimal("77.00")},
            [(ChangeCause.UNEXPLAINED, "职业津贴0.00元→77.00元，不是政策规定的津贴标准")],
        ),
    ],
)
def test_the_one_thing_that_differs_is_told(before: dict[str, Any], now: dict[str, Any], told: Any) -> None:
    assert reasons(before, now) == told


def test_where_everything_differs_everything_is_told() -> None:
    january = credit_step("2024-02", Cause.PLACEMENT, 48, 84)
    now = {"post": Post.CHIEF, "dual": True, "credited_months": 84, "step": 3, "grade": 11, "steps": (january,)}
    money = {"coefficient": Decimal("1.50"), "annual_base": Decimal("45000.00"), "base_pay": Decimal("5062.50")}
    assert [cause for cause, _ in reasons({}, {**now, **money})] == [
        *(ChangeCause.POST, ChangeCause.DUAL, ChangeCause.PLACEMENT, ChangeCause.BASE),
    ]


HIGHER = {"step": 3, "grade": 3, "coefficient": Decimal("1.10"), "base_pay": Decimal("3465.00")}
DEGREE = credit_step("2024-02", Cause.DEGREE, 48, 84, Education.MASTER)
DEGREE_TOLD = (ChangeCause.DEGREE, "取得硕士研究生，工作年限4年→7年，2档→3档（2级→3级）")


def test_a_degree_that_lifts_the_credit_within_a_step_is_told() -> None:
    small = credit_step("2024-02", Cause.DEGREE, 48, 60, Education.BACHELOR)
    assert reasons({}, {"credited_months": 60, "steps": (small,)}) == [
        (ChangeCause.DEGREE, "取得大学本科，工作年限4年→5年，2档→2档（仍为2级）")
    ]


def test_a_degree_and_a_placement_that_undo_each_other_are_told_where_the_step_moves() -> None:
    """The credit is what it was; another table gives another step for it."""
    back = credit_step("2024-02", Cause.PLACEMENT, 84, 48)
    now = {**HIGHER, "table": 2, "steps": (DEGREE, back)}
    assert [cause for cause, _ in reasons({}, now)] == [ChangeCause.DEGREE, ChangeCause.PLACEMENT, ChangeCause.TABLE]
    assert reasons({}, {"dual": True, "steps": (DEGREE, back)}) == [
        (ChangeCause.DUAL, "任一肩挑，等级加一级（仍为2级）")
    ]


def test_what_changed_no_credit_is_no_reason() -> None:
    without = credit_step("2024-02", Cause.DEGREE, 84, 84, Education.BACHELOR)
    assert reasons({}, {**HIGHER, "credited_months": 84, "steps": (DEGREE, without)}) == [DEGREE_TOLD]


def test_an_old_fact_without_effect_entered_late_is_no_correction() -> None:
    old = credit_step("2023-05", Cause.DEGREE, 48, 48, Education.BACHELOR)
    assert reasons({}, {**HIGHER, "credited_months": 84, "steps": (old, DEGREE)}) == [DEGREE_TOLD]


def test_credit_that_moves_with_the_same_history_is_no_correction() -> None:
    assert reasons({}, {"credited_months": 72}) == []
    january = credit_step("2024-02", Cause.YEAR, 48, 60)
    assert reasons({}, {"credited_months": 72, "steps": (january,)}) == []


def test_an_earlier_fact_corrected_within_the_step_is_told() -> None:
    old, new = (credit_step("2023-05", Cause.PLACEMENT, 36, credit) for credit in (48, 60))
    assert reasons({"steps": (old,)}, {"credited_months": 60, "steps": (new,)}) == [
        (ChangeCause.CORRECTED, "以前月份的资料有更正，工作年限按5年重算（仍为2级）")
    ]


def test_a_january_together_with_another_post_is_no_promotion() -> None:
    january = credit_step("2024-02", Cause.YEAR, 48, 84)
    now = {**HIGHER, "post": Post.DEPUTY, "credited_months": 84, "steps": (january,)}
    assert reasons({}, now) == [(ChangeCause.POST, "工作人员→副职，2档→3档（2级→3级）")]


def test_a_hiring_date_moved_into_this_month_is_a_correction_only() -> None:
    hired = CreditStep(NOW, Cause.HIRED, 0, 36, "二(五)4(3)", level=Education.COLLEGE)
    old = CreditStep(NOW - 2, Cause.HIRED, 0, 48, "二(五)4(3)", level=Education.COLLEGE)
    lower = {"step": 1, "grade": 1, "coefficient": Decimal("1.00"), "base_pay": Decimal("3150.00")}
    assert reasons({"steps": (old,)}, {**lower, "credited_months": 36, "steps": (hired,)}) == [
        (ChangeCause.CORRECTED, "以前月份的资料有更正，工作年限按3年重算（2级→1级）")
    ]


def test_another_table_together_with_another_post_or_the_same_step_is_not_the_reason() -> None:
    other = {**HIGHER, "table": 2, "post": Post.DEPUTY}
    assert [cause for cause, _ in reasons({}, other)] == [ChangeCause.POST]


def test_a_policy_that_moves_grade_and_share_leaves_nothing_unexplained() -> None:
    other = {"grade": 3, "coefficient": Decimal("1.10"), "base_pay": Decimal("4000.00"), "policy": "q"}
    assert reasons({}, other) == [(ChangeCause.POLICY, "执行新的政策文件")]


def on_probation(end: date | None, share: str, base_pay: str = "3307.50") -> list[tuple[ChangeCause, str]]:
    """2024-01 at 80 %, 2024-02 in full, under a policy with the probation share given."""
    policy = HERE[DISTRICT].timeline.at(JUNE)
    rule = replace(policy.pay.probation_share, value=Decimal(share))
    policy = replace(policy, pay=replace(policy.pay, probation_share=rule))
    setting = Setting(plain_staff(probation_end=end), STREET, NOW, policy)
    before = altered(FROZEN, base_pay=Decimal("2646.00"))
    later = altered(FROZEN, month=NOW, base_pay=Decimal(base_pay))
    return [(one.cause, one.text) for one in causes(before, later, setting)]


NOT_FOLLOWING = [(ChangeCause.UNEXPLAINED, "按等级应为2,646.00元，实为3,307.50元")]


@pytest.mark.parametrize("end", [date(2024, 1, 31), date(2024, 2, 10)])
def test_the_end_of_probation_this_month_or_last_is_the_reason(end: date) -> None:
    assert on_probation(end, "0.80") == [(ChangeCause.PROBATION, f"试用期至{end}，期满按全额发放")]


@pytest.mark.parametrize("end", [None, date(2023, 12, 31), date(2024, 3, 1)])
def test_a_probation_that_ended_in_another_month_is_not(end: date | None) -> None:
    assert on_probation(end, "0.80") == NOT_FOLLOWING


@pytest.mark.parametrize(("share", "reason"), [("1.00", False), ("0.00", True), ("2.00", True)])
def test_a_probation_paid_in_full_explains_nothing(share: str, reason: bool) -> None:
    found = on_probation(date(2024, 1, 31), share)
    assert ([cause for cause, _ in found] == [ChangeCause.PROBATION]) is reason
    assert reason or found == NOT_FOLLOWING


def test_coming_and_going_stand_before_arrears() -> None:
    assert reasons({**NOTHING, "arrears": Decimal(5)}, {"arrears": Decimal(7)}) == [
        (ChangeCause.CORRECTED, "上月批次计算时没有列入，之后补录或更正了资料"),
        (ChangeCause.PAID_LATER, "补发以前月份7元"),
        (ChangeCause.SETTLED, "上月补发5元，只发生一次"),
    ]
    gone = date(2024, 1, 31)
    assert reasons({"arrears": Decimal(5)}, {**NOTHING, "arrears": Decimal(7)}, left=gone) == [
        (ChangeCause.LEFT, "2024-01-31离职，自次月起停发"),
        (ChangeCause.PAID_LATER, "补发以前月份7元"),
        (ChangeCause.SETTLED, "上月补发5元，只发生一次"),
    ]


def came(**facts: Any) -> list[tuple[ChangeCause, str]]:
    return reasons(NOTHING, {}, **facts)


def went(**facts: Any) -> list[tuple[ChangeCause, str]]:
    return reasons({}, NOTHING, **facts)


def moving(day: date, *, here: bool) -> list[dict[str, Any]]:
    """From another street to this one on a day, or the other way round."""
    there = {"community": OTHER}
    return [STAFF_ROW | ({} if not here else there), {"from": day, "post": "工作人员", **(there if not here else {})}]


def test_who_comes_from_another_street_comes_in_the_first_month_here_only() -> None:
    moved = (ChangeCause.MOVED_IN, "由其他街道调入，自本月起在本街道发放")
    late = (ChangeCause.CORRECTED, "上月批次计算时没有列入，之后补录或更正了资料")
    assert came(posts=moving(date(2024, 1, 10), here=True)) == [moved]
    assert came(posts=moving(date(2023, 12, 10), here=True)) == [late]


def test_who_comes_though_gone_is_to_be_looked_at() -> None:
    assert came(left=date(2023, 6, 30)) == [(ChangeCause.UNEXPLAINED, "本月列入发放，但上月“已离职”，请核对资料")]
    assert came(gaps=[{"from": date(2024, 1, 1), "to": date(2024, 1, 31)}]) == [
        (ChangeCause.BACK, "中断服务结束，恢复发放")
    ]


def test_who_goes_and_why() -> None:
    assert went(gaps=[{"from": date(2024, 2, 1), "to": date(2024, 2, 29)}]) == [
        (ChangeCause.AWAY, "2024年2月整月中断服务")
    ]
    assert went(category="退休人员") == [(ChangeCause.CATEGORY, "人员类别为退休人员，不在薪酬方案范围")]
    late = {"hired": date(2024, 3, 1), "posts": [STAFF_ROW | {"from": date(2024, 3, 1)}]}
    assert went(**late) == [(ChangeCause.CORRECTED, "聘用日期更正为2024-03-01，本月尚未聘用")]
    assert went(posts=moving(date(2024, 1, 10), here=False)) == [
        (ChangeCause.MOVED_OUT, "调往其他街道，自本月起在该街道发放")
    ]
    assert went() == [(ChangeCause.UNEXPLAINED, "上月有工资，本月没有列入，也没有离职、中断或调出记录")]
