"""Explanations, notes, the way ahead and the effect of a fact, word for word: what small faults got past before."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from payroll.rules import review
from payroll.rules.arrears import ArrearsLine
from payroll.rules.columns import PayColumns
from payroll.rules.credit import credit_at, replay
from payroll.rules.effect import Ledger, Stretch, difference, owed, stretches
from payroll.rules.explanation import explain_amounts, explain_fact_lines, explain_grade, explain_post, explain_step
from payroll.rules.facts import Facts, Gap
from payroll.rules.pay import MonthlyPay, Unpaid
from payroll.rules.service import days_in_service, is_paid, months_in_service
from payroll.rules.slip import Jurisdiction, closed_for, monthly_due
from payroll.rules.timeline import MONTHS_AHEAD, Moment, assumed, timeline
from payroll.rules.trace import dump, load
from songshan_cw.policy.schema import PayRules
from songshan_cw.words.money import ZERO
from songshan_cw.words.periods import Month, label, parse
from songshan_cw.words.terms import Component, Position, Post, Result
from tests.rules.adapter import COMMUNITY, DISTRICT, facts_from, jurisdiction_from, sample_scale

STREET, OTHER = COMMUNITY[:9], "150404002001"
PERSON: dict[str, Any] = {
    "hired": date(2019, 7, 15),
    "entry_education": "大学专科",
    "posts": [
        {"from": date(2019, 7, 15), "post": "工作人员"},
        {"from": date(2024, 9, 10), "post": "正职", "dual": True},
    ],
    "degrees": [{"date": date(2023, 7, 1), "level": "大学本科"}],
    "certificates": [
        {"date": date(2021, 3, 1), "level": "助理社会工作师"},
        {"date": date(2023, 3, 1), "level": "社会工作师"},
    ],
    "placements": [{"month": "2024-05", "credited_months": 90}],
    "assessments": {2022: "优秀", 2023: "合格", 2024: "基本合格"},
}
JUNE = parse("2025-06")
HERE: Mapping[str, Jurisdiction] = {DISTRICT: jurisdiction_from(PERSON)}
RULES: PayRules = HERE[DISTRICT].timeline.at(JUNE).pay


def a_person(**more: Any) -> Facts:
    return facts_from({**PERSON, **more})


def plain_staff(**more: Any) -> Facts:
    """工作人员 since 2020-01, 36 months credited in 2023-01, step 2 (48 months) from 2024-01 with 2023 合格."""
    given = {"hired": date(2020, 1, 1), "entry_education": "大学专科", "assessments": {2022: "合格", 2023: "合格"}}
    return facts_from({**given, "posts": [{"from": date(2020, 1, 1), "post": "工作人员"}], **more})


def paid(facts: Facts, month: Month) -> MonthlyPay:
    due = monthly_due(facts, replay(facts, HERE[DISTRICT].timeline, month), HERE[DISTRICT], month)
    assert isinstance(due, MonthlyPay)
    return due


def told(moment: Moment) -> tuple[Any, ...]:
    level = moment.level and (moment.level.step, moment.level.grade, moment.level.credited_months)
    return label(moment.month), level, moment.rose, [str(cause.title) for cause in moment.causes], moment.future


def test_a_ladder_moment_by_moment() -> None:
    ladder = timeline(a_person(), HERE, JUNE)
    assert [told(moment)[:4] for moment in ladder.moments] == [
        ("2019-07", None, 0, ["聘用", "岗位"]),
        ("2020-01", None, 0, ["年度累加"]),
        ("2021-01", None, 0, ["年度累加"]),
        ("2022-01", (1, 1, 30), 0, ["年度累加", "套级"]),
        ("2023-01", (2, 2, 48), 1, ["年度累加"]),
        ("2023-08", (2, 2, 48), 0, ["学历"]),
        ("2024-01", (2, 2, 60), 0, ["年度累加"]),
        ("2024-05", (3, 3, 90), 1, ["定级核定"]),
        ("2024-10", (3, 10, 90), 7, ["岗位"]),
        ("2025-01", (3, 10, 90), 0, ["年度累加"]),
    ]
    assert not any(moment.future for moment in ladder.moments)
    assert ladder.now is not None and (ladder.now.step, ladder.now.grade) == (3, 10)
    assert ladder.today == JUNE


def test_the_way_ahead_ends_with_the_next_rise() -> None:
    ladder = timeline(a_person(), HERE, JUNE)
    assert [told(moment) for moment in ladder.ahead] == [
        ("2026-01", (3, 10, 102), 0, ["年度累加"], True),
        ("2027-01", (3, 10, 114), 0, ["年度累加"], True),
        ("2028-01", (4, 11, 126), 1, ["年度累加"], True),
    ]
    assert ladder.promotion == ladder.ahead[-1]


def test_nothing_ahead_on_the_highest_step_or_after_leaving() -> None:
    old = a_person(placements=[{"month": "2024-05", "credited_months": 500}])
    assert (timeline(old, HERE, JUNE).ahead, timeline(old, HERE, JUNE).promotion) == ((), None)
    gone = timeline(a_person(left=date(2025, 3, 31)), HERE, JUNE)
    assert gone.ahead == () and gone.moments[-1].month == parse("2025-01")
    assert timeline(a_person(left=date(2024, 9, 20)), HERE, JUNE).moments[-1].month == parse("2024-05")


def test_this_month_is_not_ahead() -> None:
    ladder = timeline(a_person(), HERE, parse("2028-01"))
    assert ladder.ahead[0].month > parse("2028-01")


def test_years_to_come_count_as_competent_and_years_gone_by_stay() -> None:
    hopeful = assumed(a_person(), JUNE)
    assert hopeful.assessments[2024] == Result.BASIC and 2021 not in hopeful.assessments
    assert [hopeful.assessments[year] for year in (2025, 2040)] == [Result.COMPETENT] * 2
    assert max(hopeful.assessments) == 2025 + MONTHS_AHEAD // 12
    assert assumed(a_person(assessments={2025: "不合格"}), JUNE).assessments[2025] == Result.FAILED


def test_a_new_table_is_told_where_it_moves_the_grade() -> None:
    slower = replace(
        sample_scale({"2024-03": "50000.00"}, key=2),
        requirements=dict.fromkeys(Post, tuple(months * 2 for months in sample_scale().requirements[Post.STAFF])),
    )
    same = sample_scale({"2024-03": "50000.00"}, key=2)
    for scale, expected in ((slower, [("2024-03", (1, 1, 48), -1, ["等级系数表"])]), (same, [])):
        both = replace(HERE[DISTRICT], scales=(sample_scale(), scale))
        moments = timeline(plain_staff(), {DISTRICT: both}, parse("2024-06")).moments
        assert [told(moment)[:4] for moment in moments if label(moment.month) > "2024-01"] == expected
    text = timeline(plain_staff(), HERE, JUNE).moments[-4].causes[-1].text
    assert text == "等级系数表自本月起施行，套入工作人员1档1级。"


def test_months_and_days_of_service_are_numbers_even_where_there_are_none() -> None:
    gone = plain_staff(left=date(2021, 6, 15))
    assert months_in_service(gone, 2022) == months_in_service(gone, 2019) == 0
    away = gone._replace(gaps=(Gap(date(2020, 3, 1), date(2020, 3, 30)),))
    assert [days_in_service(away, parse(month)) for month in ("2021-07", "2020-03", "2021-06")] == [0, 1, 15]
    assert days_in_service(gone, parse("2021-09")) == 0


def test_each_kind_of_step_in_words() -> None:
    steps = replay(a_person(), HERE[DISTRICT].timeline, JUNE)
    assert [explain_step(step).text for step in steps] == [
        "聘用时学历为大学专科，工作年限从0个月（0个月）起算。",
        "2019年在方案施行前，不要求考核，在岗6个月全部计入；工作年限0＋6＝6个月（6个月）。",
        "2020年在方案施行前，不要求考核，在岗12个月全部计入；工作年限6＋12＝18个月（1年6个月）。",
        "2021年在方案施行前，不要求考核，在岗12个月全部计入；工作年限18＋12＝30个月（2年6个月）。",
        "2022年度考核优秀，在岗12个月计入，另加6个月；工作年限30＋18＝48个月（4年）。",
        "取得大学本科：工作年限已达到该学历对应年限，不再调整。",
        "2023年度考核合格，在岗12个月计入；工作年限48＋12＝60个月（5年）。",
        "定级核定工作年限为90个月（7年6个月），代替推算的60个月；以后年度在此之上累加。",
        "2024年度考核基本合格，该年度不计入；工作年限仍为90个月。",
    ]
    readings = [reading.code if (reading := explain_step(step).reading) else None for step in steps]
    assert readings == [
        *(None, "YEARS_BEFORE_SCHEME", "YEARS_BEFORE_SCHEME", "YEARS_BEFORE_SCHEME", "SERVICE_MONTH"),
        *("DEGREE_MONTH", "SERVICE_MONTH", "PLACEMENT_YEAR", None),
    ]


def test_rarer_steps_in_words() -> None:
    facts = plain_staff(
        assessments={2022: "合格", 2024: "合格"},
        degrees=[{"date": date(2022, 6, 30), "level": "硕士研究生"}],
        gaps=[{"from": date(2024, 1, 1), "to": date(2025, 1, 31)}],
    )
    steps = replay(facts, HERE[DISTRICT].timeline, JUNE)
    texts = [explain_step(step).text for step in steps if step.month >= parse("2022-02")]
    assert texts[0] == "取得硕士研究生：工作年限由24个月提到84个月（7年）。"
    assert texts[2] == "2023年度考核未录入，该年度不计入；工作年限仍为96个月。"
    assert texts[3] == "2024年度考核合格，在岗0个月计入；工作年限96＋0＝96个月（8年）。"
    away = plain_staff(assessments={2022: "合格"}, gaps=[{"from": date(2022, 12, 31), "to": date(2024, 12, 31)}])
    last_two = replay(away, HERE[DISTRICT].timeline, JUNE)[-2:]
    assert [explain_step(step).text for step in last_two] == [
        "2023年没有在岗月份，工作年限仍为35个月。",
        "2024年没有在岗月份，工作年限仍为35个月。",
    ]


def test_the_assignment_that_decides_in_words() -> None:
    facts, policy = a_person(), HERE[DISTRICT].timeline.at(JUNE)
    first, second = (explain_post(facts, one, JUNE, policy) for one in facts.assignments)
    assert first.text == "2019-07-15首次任社区工作者（工作人员），自聘用当月起计。"
    assert first.reading is not None and first.reading.code == "FIRST_APPOINTMENT"
    assert (
        second.text == "2024-09-10任党组织书记（正职，一肩挑），自次月（2024年10月）起计。" and second.reading is None
    )


def test_the_grade_in_words() -> None:
    dual = explain_grade(paid(a_person(), JUNE), RULES, 84)
    assert dual.text == (
        "工作年限90个月，达到正职3档所需的84个月；正职最低7级，7＋3－1＝9级；一肩挑加1级，最高18级，为10级。"
    )
    assert dual.clause == RULES.dual_grades.clause and dual.month == JUNE
    single = explain_grade(paid(plain_staff(), parse("2024-01")), RULES, 48)
    assert single.text == "工作年限48个月，达到工作人员2档所需的48个月；工作人员最低1级，1＋2－1＝2级。"
    assert single.clause == RULES.bands.clause
    assert single.reading is not None and single.reading.code == "LADDER"
    elsewhere = replace(RULES, scheme_supplied=replace(RULES.scheme_supplied, value=False))
    borrowed = explain_grade(paid(plain_staff(), parse("2024-01")), elsewhere, 48)
    assert borrowed.reading is not None and borrowed.reading.code == "ORDOS_LADDER"


def test_the_amounts_in_words() -> None:
    facts = a_person()
    lines = {one.component: one for one in explain_amounts(paid(facts, JUNE), RULES, facts)}
    assert lines[Component.BASE].arithmetic == "42000.00×1.45×90%÷12＝4567.50元"
    assert lines[Component.ALLOWANCE].arithmetic == "社会工作师（2023-03-01批准，次月起），每月300.00元，只取最高一项"
    assert lines[Component.PERFORMANCE].arithmetic == "42000.00×1.45×10%÷12＝507.50元，按月计提，年末考核后分配"
    before = {one.component: one for one in explain_amounts(paid(facts, parse("2023-03")), RULES, facts)}
    assert before[Component.ALLOWANCE].arithmetic.startswith("助理社会工作师（2021-03-01批准")
    twice = a_person(certificates=[PERSON["certificates"][1], {"date": date(2025, 6, 1), "level": "社会工作师"}])
    again = {one.component: one for one in explain_amounts(paid(twice, JUNE), RULES, twice)}
    assert again[Component.ALLOWANCE].arithmetic.startswith("社会工作师（2023-03-01批准")
    without = plain_staff()
    none = {one.component: one for one in explain_amounts(paid(without, JUNE), RULES, without)}
    assert none[Component.ALLOWANCE].arithmetic == "本月没有已生效的职业资格证书"


def test_the_allowance_names_a_certificate_already_in_force() -> None:
    later_first = a_person(
        certificates=[
            {"date": date(2025, 6, 1), "level": "社会工作师"},
            {"date": date(2025, 5, 31), "level": "社会工作师"},
        ]
    )
    lines = {one.component: one for one in explain_amounts(paid(later_first, JUNE), RULES, later_first)}
    assert lines[Component.ALLOWANCE].arithmetic.startswith("社会工作师（2025-05-31批准")


def test_the_facts_in_order_of_time() -> None:
    facts = a_person(
        gaps=[{"from": date(2020, 5, 1), "to": date(2020, 5, 31)}, {"from": date(2025, 2, 1)}],
        left=date(2025, 5, 1),
        placements=[{"month": "2024-05", "credited_months": 90}, {"month": "2022-05", "credited_months": 40}],
    )
    assert list(explain_fact_lines(facts)) == [
        "2019-07-15参加社区工作，入职学历大学专科，人员类别专职工作者",
        "2019-07-15任社区工作者（工作人员）",
        "2020-05-01中断服务，至2020-05-31",
        "2021-03-01取得助理社会工作师证书",
        "2023-03-01取得社会工作师证书",
        "2023-07-01取得大学本科",
        "2024-09-10任党组织书记（正职，一肩挑）",
        "2025-02-01中断服务，至今",
        "2022-05定级核定40个月",
        "2024-05定级核定90个月",
        "2022年度考核优秀",
        "2023年度考核合格",
        "2024年度考核基本合格",
        "2025-05-01离职",
    ]


@pytest.mark.parametrize(
    ("reason", "month", "more", "said"),
    [
        (Unpaid.NOT_HIRED, "2019-01", {}, None),
        (Unpaid.AWAY, "2025-06", {}, "甲：2025年6月整月中断服务，不发放。"),
        (Unpaid.LEFT, "2025-06", {"left": date(2025, 5, 31)}, "甲：2025-05-31离职，自次月起停发。"),
        (Unpaid.LEFT, "2025-06", {"left": date(2025, 4, 30)}, None),
        (Unpaid.OUT_OF_SCHEME, "2025-06", {}, "甲：人员类别为专职工作者，不在薪酬方案范围，不列入发放。"),
        (Unpaid.OUT_OF_SCHEME, "2025-06", {"left": date(2025, 5, 31)}, None),
        (Unpaid.OUT_OF_SCHEME, "2025-06", {"left": date(2025, 6, 1)}, "甲：人员类别为专职工作者"),
        (Unpaid.OUT_OF_SCHEME, "2019-06", {}, None),
        (Unpaid.OUT_OF_SCHEME, "2019-07", {}, "甲：人员类别为专职工作者"),
    ],
)
def test_who_is_left_out_and_told_of(reason: Unpaid, month: str, more: dict[str, Any], said: str | None) -> None:
    note = review.left_out("甲", a_person(**more), reason, parse(month))
    assert (note is None) if said is None else (note is not None and note.text.startswith(said))


def test_missing_assessments() -> None:
    facts = a_person(assessments={2023: "合格"})
    assert review.missing_assessments(facts, RULES, JUNE) == (2022, 2024)
    assert review.missing_assessments(facts, RULES, parse("2024-12")) == (2022,)
    away = a_person(assessments={2023: "合格"}, gaps=[{"from": date(2022, 1, 1), "to": date(2022, 12, 31)}])
    assert review.missing_assessments(away, RULES, JUNE) == (2024,)
    assert review.missing_assessments(a_person(hired=date(2024, 3, 1), assessments={}), RULES, JUNE) == (2024,)


@pytest.mark.parametrize(
    ("before", "large"), [("4056.25", False), ("4056.24", True), ("6084.37", False), ("6084.38", True), (None, False)]
)
def test_a_change_above_a_fifth_is_told(before: str | None, large: bool) -> None:
    facts = a_person()
    pay = paid(facts, JUNE)
    assert pay.of(Component.BASE) + pay.of(Component.ALLOWANCE) == Decimal("4867.50")
    notes = list(
        review.of_paid(
            "甲", review.missing_assessments(facts, RULES, pay.month), pay, None if before is None else Decimal(before)
        )
    )
    assert [note.kind for note in notes] == ([review.NoteKind.CHANGED] if large else [])


def test_a_large_change_says_what_it_compares() -> None:
    [note] = review.of_paid("甲", (), paid(a_person(), JUNE), Decimal("10867.5"))
    compared = "基本工资加津贴（不含补发扣回）上月10,867.50元，本月4,867.50元"
    assert note.text == f"甲：{compared}，变动超过20%，请核对原因。"


def test_notes_of_a_missing_year() -> None:
    facts = a_person(assessments={2022: "优秀", 2023: "合格"})
    [note] = review.of_paid("甲", review.missing_assessments(facts, RULES, JUNE), paid(facts, JUNE), None)
    assert note.text == "甲：2024年度考核未录入，2025年1月起该年度不计入年限。请在“年度考核”补录。"


def test_notes_of_payment() -> None:
    kinds = [review.NoteKind.NO_ACCOUNT, review.NoteKind.CONTRACT]
    found = review.of_payment("甲", JUNE, Decimal("0.01"), False, date(2025, 5, 31))
    assert [note.kind for note in found] == kinds
    assert list(review.of_payment("甲", JUNE, ZERO, False, date(2025, 6, 1))) == []
    assert list(review.of_payment("甲", JUNE, Decimal(1), True, None)) == []


def test_closed_months_are_those_of_the_street_of_then() -> None:
    facts = a_person(
        posts=[
            {"from": date(2019, 7, 15), "post": "工作人员"},
            {"from": date(2024, 9, 10), "post": "工作人员", "community": OTHER},
        ]
    )
    months = tuple(parse(text) for text in ("2019-06", "2019-07", "2024-09", "2024-10"))
    everywhere = frozenset((street, month) for street in (STREET, OTHER[:9]) for month in months)
    assert closed_for(facts, everywhere, months) == months[1:]
    here = frozenset((STREET, month) for month in months)
    assert closed_for(facts, here, months) == months[1:3]


def changes(before: Facts, after: Facts, first: str, last: str) -> list[tuple[Any, ...]]:
    found = stretches(before, after, HERE, first=parse(first), last=parse(last), today=parse("2024-06"))
    return [(label(one.first), one.last and label(one.last), _brief(one.before), _brief(one.after)) for one in found]


def _brief(due: MonthlyPay | Unpaid) -> Any:
    return due if isinstance(due, Unpaid) else (due.grade, due.of(Component.BASE), due.of(Component.ALLOWANCE))


LOW, HIGH = (1, Decimal("3150.00"), ZERO), (2, Decimal("3307.50"), ZERO)


def test_the_effect_of_a_fact_in_stretches() -> None:
    without = plain_staff(assessments={2022: "合格"})
    assert changes(without, plain_staff(), "2023-11", "2024-06") == [("2024-01", None, LOW, HIGH)]
    assert changes(plain_staff(), plain_staff(), "2023-11", "2024-06") == []
    away = plain_staff()._replace(gaps=(Gap(date(2024, 2, 1), date(2024, 3, 31)),))
    assert changes(plain_staff(), away, "2023-11", "2024-06") == [("2024-02", "2024-03", HIGH, Unpaid.AWAY)]
    twice = away._replace(gaps=(*away.gaps, Gap(date(2024, 5, 1), date(2024, 5, 31))))
    assert changes(plain_staff(), twice, "2023-11", "2024-06") == [
        ("2024-02", "2024-03", HIGH, Unpaid.AWAY),
        ("2024-05", "2024-05", HIGH, Unpaid.AWAY),
    ]


def test_one_stretch_after_another_where_the_difference_differs() -> None:
    placed = plain_staff(placements=[{"month": "2023-12", "credited_months": 90}])
    third = (3, Decimal("3465.00"), ZERO)
    assert changes(plain_staff(), placed, "2023-11", "2024-03") == [
        ("2023-12", "2023-12", LOW, third),
        ("2024-01", None, HIGH, third),
    ]


def test_months_without_a_table_have_no_effect() -> None:
    late = replace(HERE[DISTRICT], scales=(sample_scale({"2024-03": "42000.00"}),))
    placed = plain_staff(placements=[{"month": "2023-12", "credited_months": 90}])
    span = {"first": parse("2024-01"), "last": parse("2024-04"), "today": JUNE}
    [found] = stretches(plain_staff(), placed, {DISTRICT: late}, **span)
    assert isinstance(found, Stretch) and (label(found.first), found.last) == ("2024-03", None)


def test_another_place_or_role_is_another_month() -> None:
    base = plain_staff()
    one = base.assignments[0]
    for other in (
        one._replace(community="150404001009"),
        one._replace(position=Position.DEPUTY_SECRETARY),
        one._replace(post=Post.DEPUTY),
    ):
        moved = base._replace(assignments=(one, other._replace(start=date(2024, 1, 10))))
        assert [row[:2] for row in changes(base, moved, "2023-11", "2024-06")] == [("2024-02", None)]


def test_what_closed_months_would_owe() -> None:
    month = parse("2024-01")
    paid_so_far = {(month, Component.BASE): Decimal("3150.00"), (month, Component.PERFORMANCE): Decimal("350.00")}
    ledger = Ledger(frozenset({(STREET, month)}), paid_so_far)
    lines = owed(plain_staff(), HERE, ledger, JUNE)
    assert lines == (
        ArrearsLine(month, Component.BASE, Decimal("157.50"), Decimal("3150.00")),
        ArrearsLine(month, Component.PERFORMANCE, Decimal("17.50"), Decimal("350.00")),
    )
    assert PayColumns().cash(lines) == Decimal("157.50")
    assert owed(plain_staff(), HERE, Ledger(frozenset(), {}), JUNE) == ()


def test_only_what_is_owed_in_one_case_differs() -> None:
    month = parse("2024-01")
    base = ArrearsLine(month, Component.BASE, Decimal("10.00"), Decimal("1.00"))
    more = base._replace(amount=Decimal("12.50"))
    other = ArrearsLine(month + 1, Component.BASE, Decimal("-3.00"), ZERO)
    assert difference([base], [base]) == ()
    assert difference([base], [more]) == (base._replace(amount=Decimal("2.50")),)
    assert difference([base], []) == (base._replace(amount=Decimal("-10.00")),)
    assert difference([], [other, base]) == (base, other)


def test_before_hiring_nothing_is_credited_and_nobody_is_paid() -> None:
    steps = replay(plain_staff(), HERE[DISTRICT].timeline, JUNE)
    assert credit_at(steps, parse("2019-12")) == 0
    facts = plain_staff(left=date(2021, 6, 15))
    paid_in = [is_paid(facts, parse(month)) for month in ("2019-12", "2020-01", "2021-06", "2021-07")]
    assert paid_in == [False, True, True, False]


def test_the_policy_of_the_month_of_a_step_decides_it() -> None:
    """A policy that comes later must not be asked about earlier steps."""
    asked: list[Month] = []

    class Asked:
        district = DISTRICT

        def at(self, month: Month) -> Any:
            asked.append(month)
            return HERE[DISTRICT].timeline.at(JUNE)

    steps = replay(plain_staff(), Asked(), JUNE)  # type: ignore[arg-type]
    assert asked == [step.month for step in steps]


def test_a_trace_leaves_out_what_is_empty_at_its_end() -> None:
    steps = replay(a_person(), HERE[DISTRICT].timeline, JUNE)
    rows = json.loads(dump(steps))
    assert all(row[-1] is not None for row in rows) and load(dump(steps)) == steps


def test_one_reason_for_no_pay_is_not_another() -> None:
    away = plain_staff(gaps=[{"from": date(2024, 4, 1), "to": date(2024, 4, 30)}])
    gone = plain_staff(left=date(2024, 3, 31))
    assert changes(away, gone, "2024-04", "2024-05") == [
        ("2024-04", "2024-04", Unpaid.AWAY, Unpaid.LEFT),
        ("2024-05", None, HIGH, Unpaid.LEFT),
    ]
