"""Contracts, staffing, training, secondment and reasons at the day and the number where they turn (rules 9)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from songshan_cw.policy.schema import TrainingRequirement, TrainingUnit
from songshan_cw.words.spans import Span, change_days, true_since, without
from songshan_cw.words.terms import Category, Education, Position, Post, Result
from tests.limits.test_recruitment import ORDOS, SONGSHAN
from workers.rules import contract, leave, leaving, recruitment, secondment, staffing, training

JAN, DEC = date(2024, 1, 1), date(2024, 12, 31)
FIRST = Span(date(2021, 1, 1), date(2023, 12, 31))
SECOND = Span(JAN, date(2026, 12, 31))
OPEN = Span(JAN, None)
SPRING = Span(date(2024, 3, 10), date(2024, 3, 20))


def test_two_spans_meet_where_they_share_a_day() -> None:
    for other, shared in (
        (Span(date(2024, 3, 1), date(2024, 3, 9)), False),
        (Span(date(2024, 3, 1), date(2024, 3, 10)), True),
        (Span(date(2024, 3, 20), None), True),
        (Span(date(2024, 3, 21), None), False),
        (Span(date(2024, 3, 12), date(2024, 3, 12)), True),
    ):
        assert SPRING.meets(other) is other.meets(SPRING) is shared, other


def test_a_shared_span_ends_with_the_first_to_end() -> None:
    for other, shared in (
        (Span(date(2024, 3, 15), date(2024, 3, 31)), Span(date(2024, 3, 15), date(2024, 3, 20))),
        (Span(JAN, date(2024, 3, 12)), Span(date(2024, 3, 10), date(2024, 3, 12))),
        (OPEN, SPRING),
        (Span(JAN, date(2024, 3, 9)), None),
    ):
        assert SPRING.shared(other) == other.shared(SPRING) == shared, other
    assert OPEN.shared(Span(date(2024, 5, 1), None)) == Span(date(2024, 5, 1), None)


def test_the_days_on_which_things_change_are_firsts_and_the_days_after_lasts() -> None:
    assert change_days([SPRING, OPEN]) == [JAN, date(2024, 3, 10), date(2024, 3, 21)]


def test_only_a_finished_span_has_a_number_of_days() -> None:
    assert SPRING.days == 11
    with pytest.raises(ValueError, match=r"^a span still going on has no number of days$"):
        assert OPEN.days


def test_since_when_without_a_break() -> None:
    days = [date(2024, 3, day) for day in (1, 5, 10, 15)]
    true_from = {date(2024, 3, 1), date(2024, 3, 10), date(2024, 3, 15), date(2024, 3, 20)}
    assert true_since(days, date(2024, 3, 20), true_from.__contains__) == date(2024, 3, 10)
    assert true_since(days, date(2024, 3, 5), true_from.__contains__) is None
    assert true_since([], date(2024, 3, 20), true_from.__contains__) == date(2024, 3, 20)


def test_gaps_outside_a_span_take_nothing_from_it() -> None:
    before, after = Span(date(2024, 1, 1), date(2024, 2, 1)), Span(date(2024, 4, 1), None)
    assert without(SPRING, [before, after]) == [SPRING]
    assert without(SPRING, [Span(date(2024, 3, 12), date(2024, 3, 13)), before]) == [
        Span(date(2024, 3, 10), date(2024, 3, 11)),
        Span(date(2024, 3, 14), date(2024, 3, 20)),
    ]


@pytest.mark.parametrize(
    ("day", "found"),
    [(date(2020, 12, 31), None), (date(2021, 1, 1), FIRST), (date(2023, 12, 31), FIRST), (JAN, SECOND)],
)
def test_the_newest_contract_begun_by_a_day(day: date, found: Span | None) -> None:
    assert contract.contract_on([SECOND, FIRST], day) == contract.contract_on([FIRST, SECOND], day) == found


def test_since_when_there_is_no_contract() -> None:
    assert contract.expired_since([FIRST], date(2023, 12, 31)) is None
    assert contract.expired_since([FIRST], JAN) == JAN
    assert contract.expired_since([FIRST, SECOND], date(2027, 5, 1)) == date(2027, 1, 1)
    assert contract.expired_since([FIRST, SECOND], date(2023, 6, 1)) is None
    early = Span(date(2021, 1, 1), date(2023, 6, 30))
    assert contract.expired_since([early, SECOND], date(2023, 8, 1)) == date(2023, 7, 1), "the next has not begun"
    assert contract.expired_since([SECOND, FIRST], JAN) is None, "the new one begins that very day"
    assert contract.expired_since([FIRST, OPEN], date(2030, 1, 1)) is None
    assert contract.expired_since([], JAN) is None


@pytest.mark.parametrize(
    ("span", "months", "allowed"),
    [
        (FIRST, 36, None),
        (FIRST, 35, date(2023, 11, 30)),
        (OPEN, 36, date(2026, 12, 31)),
        (OPEN, None, None),
    ],
)
def test_a_contract_beyond_its_term(span: Span, months: int | None, allowed: date | None) -> None:
    assert contract.over_term(span, months) == allowed


def test_probation() -> None:
    assert contract.probation_end(JAN, 6) == date(2024, 6, 30)
    assert contract.probation_end(JAN, None) is None


def test_renewal_needs_service_and_results() -> None:
    evidence = contract.RenewalEvidence({}, JAN, service_reached=True, results_reached=True)
    assert evidence.met
    assert not replace(evidence, service_reached=False).met
    assert not replace(evidence, results_reached=False).met


@pytest.mark.parametrize(
    ("results", "hired", "day", "word"),
    [
        ({2026: Result.COMPETENT}, 2020, date(2026, 11, 27), "符合"),
        ({}, 2020, date(2026, 12, 31), "待2026年度考核"),
        ({}, 2020, date(2027, 1, 1), "不符合"),
        ({2026: Result.FAILED}, 2020, date(2026, 12, 31), "不符合"),
    ],
)
def test_a_year_not_over_speaks_neither_for_nor_against(
    results: dict[int, Result], hired: int, day: date, word: str
) -> None:
    found = contract.renewal_evidence(
        condition=SONGSHAN.contract.renewal.value,
        end=date(2027, 1, 31),
        hired_on=date(hired, 1, 1),
        results=results,
    )
    assert found.word(day) == word


def test_what_lacks_already_is_not_awaited() -> None:
    condition, day = ORDOS.contract.renewal.value, date(2026, 11, 27)
    passed = {2024: Result.COMPETENT, 2025: Result.COMPETENT}
    for results, hired, word in (
        (passed, 2020, "待2026年度考核"),
        ({2024: Result.COMPETENT}, 2020, "不符合"),
        ({**passed, 2025: Result.FAILED}, 2020, "不符合"),
        (passed, 2025, "不符合"),
    ):
        found = contract.renewal_evidence(
            condition=condition, end=date(2027, 1, 31), hired_on=date(hired, 1, 1), results=results
        )
        assert found.word(day) == word, results


def test_what_is_missing_for_renewing_in_words() -> None:
    condition = ORDOS.contract.renewal.value
    before, after = date(2026, 11, 27), date(2027, 1, 1)
    passed, failed = {2024: Result.COMPETENT, 2025: Result.COMPETENT}, {2024: Result.FAILED, 2025: Result.COMPETENT}
    for results, hired, day, told in (
        (passed, 2020, before, "2024年度合格、2025年度合格、2026年度尚未考核，还不能判断是否符合续聘条件（第9条）。"),
        (passed, 2020, after, "2024年度合格、2025年度合格、2026年度未考核，不符合续聘条件（第9条）。"),
        (failed, 2020, before, "2024年度不合格、2025年度合格、2026年度未考核，不符合续聘条件（第9条）。"),
        (passed, 2025, before, "自2025-01-01起服务年限不足，2024年度合格、2025年度合格、2026年度未考核，不符合"),
    ):
        found = contract.renewal_evidence(
            condition=condition, end=date(2027, 1, 31), hired_on=date(hired, 1, 1), results=results
        )
        text = contract.unmet(found, "第9条", day)
        assert text.startswith(told), text
        assert text.endswith("现在就须续聘的，请写明理由。" if found.awaited(day) else "确需续聘的，请写明理由。")


@pytest.mark.parametrize(
    ("reason", "alleged"),
    [
        ("聘期内连续两年考核不合格", True),
        ("考核优秀转任", False),
        ("体检不合格", False),
        ("退休", False),
    ],
)
def test_which_reasons_to_leave_rest_on_results(reason: str, alleged: bool) -> None:
    assert leaving.alleges_failing(reason) is alleged


def test_working_years_turn_on_the_anniversary() -> None:
    since = date(2020, 5, 10)
    days = (date(2024, 5, 9), date(2024, 5, 10), date(2024, 12, 31), date(2025, 1, 1))
    assert [leave.working_years(since, day) for day in days] == [3, 4, 4, 4]


def test_reasons_to_leave_and_ways_in_are_the_policys_and_a_few_more() -> None:
    reasons = leaving.exit_reasons(SONGSHAN)
    assert reasons[-3:] == ("退休", "调离", "去世") and reasons[0] == "聘期内连续两年考核不合格"
    assert all(leaving.reason_fault(SONGSHAN, reason) == "" for reason in reasons)
    fault = leaving.reason_fault(SONGSHAN, "搬家")
    assert fault.startswith("离职原因“搬家”不在政策列明的原因中（二(四)5）。请选择：聘期内连续两年考核不合格、")
    ways = ("公开招录", "考察考核聘用", "选任", "调入", "在岗纳入", "下派")
    assert recruitment.hiring_methods(SONGSHAN) == ways
    assert all(recruitment.method_fault(SONGSHAN, way) == "" for way in ways)
    assert recruitment.method_fault(SONGSHAN, "推荐") == (
        f"录用方式“推荐”不在列明的方式中（二(三)2）。请选择：{'、'.join(ways)}。"
    )


def test_leaving_before_the_least_service_is_done_is_said() -> None:
    given = {"category": Category.STAFF, "hired_on": date(2022, 6, 1)}
    clause = ORDOS.contract.minimum_service_months.article
    assert recruitment.leaves_early(policy=ORDOS, left_on=date(2025, 5, 31), **given) == ""
    assert recruitment.leaves_early(policy=ORDOS, left_on=date(2025, 5, 30), **given) == (
        f"最低服务期到2025-05-31才满，2025-05-30离职属于提前离开（{clause}）。"
    )
    assert recruitment.leaves_early(policy=SONGSHAN, left_on=date(2022, 7, 1), **given) == ""


def test_how_somebody_was_hired_is_doubted_only_where_asked() -> None:
    given = {"category": Category.STAFF, "born": date(1990, 1, 1), "education": Education.BACHELOR}
    given |= {"hired_on": date(2022, 6, 1), "policy": SONGSHAN}
    found = {way: list(recruitment.hiring_doubts(method=way, **given)) for way in (None, "", "公开招录", "调入")}
    assert found == {
        None: [],
        "": ["没有登记录用方式（二(三)2）。"],
        "公开招录": [],
        "调入": ["录用方式为调入，专职工作者应经公开招录或考察考核聘用（二(三)2）。"],
    }


TODAY, START, END = date(2024, 6, 1), date(2024, 3, 1), date(2024, 5, 31)


@pytest.mark.parametrize(
    ("end", "returned", "tracked", "last"),
    [
        (END, None, False, END),  # came by workbook: ends as it says
        (END, None, True, None),  # requested, overdue: lasts until the return is entered
        (TODAY, None, True, TODAY),
        (None, None, True, None),
        (END, date(2024, 4, 10), True, date(2024, 4, 10)),
        (END, date(2024, 2, 1), True, START),  # returned before it began: one day at least
    ],
)
def test_how_long_somebody_is_away(end: date | None, returned: date | None, tracked: bool, last: date | None) -> None:
    assert secondment.days_away(START, end, returned, tracked=tracked, today=TODAY) == Span(START, last)


def test_the_first_crowded_day_lies_within_the_span_asked_for() -> None:
    away = [secondment.Away("甲", Span(date(2024, 1, 1), None)), secondment.Away("乙", Span(date(2024, 2, 1), None))]
    assert secondment.first_day_too_many(away, Span(date(2024, 5, 5), None), 1) == date(2024, 5, 5)
    assert secondment.first_day_too_many(away, Span(date(2024, 1, 5), date(2024, 1, 31)), 1) is None


def test_who_leads_and_who_works_for_the_party() -> None:
    assert [staffing.is_leader(post) for post in (Post.CHIEF, Post.DEPUTY, Post.STAFF)] == [True, True, False]
    assert staffing.does_party_work(Position.DEPUTY_SECRETARY, named=False)
    assert staffing.does_party_work(Position.COMMUNITY_WORKER, named=True)
    assert not staffing.does_party_work(Position.COMMUNITY_WORKER, named=False)


@pytest.mark.parametrize(
    ("age", "band"),
    [
        *((35, "35岁及以下"), (36, "36至45岁"), (45, "36至45岁"), (46, "46至55岁"), (55, "46至55岁")),
        (56, "56岁及以上"),
    ],
)
def test_bands_of_age_turn_on_the_birthday(age: int, band: str) -> None:
    born = date(2024 - age, 6, 1)
    assert staffing.age_band(born, date(2024, 6, 1)) == band
    assert staffing.age_band(born, date(2025, 5, 31)) == band


def test_majors_and_rates() -> None:
    majors = {"": "未登记", "社会工作": "社会工作", "社会工作（本科）": "社会工作", "法学": "法学"}
    assert {major: staffing.major_group(major) for major in majors} == majors
    assert [str(staffing.rate(part, 8)) for part in (0, 1, 3, 8)] == ["0.0", "12.5", "37.5", "100.0"]
    assert str(staffing.rate(1, 16)) == "6.3" and staffing.rate(0, 0) is None


def test_recommended_staffing_without_a_least_number() -> None:
    rules = replace(SONGSHAN.staffing, fewest_workers=replace(SONGSHAN.staffing.fewest_workers, value=None))
    assert staffing.recommended(0, rules) == staffing.Recommended(0, 0)


DAYS_5 = TrainingRequirement(tuple(Position), 5, TrainingUnit.DAYS)
HOURS_40 = TrainingRequirement(tuple(Position), 40, TrainingUnit.HOURS)


def session(first: date, last: date | None, hours: str | None = None) -> training.Session:
    return training.Session(Span(first, last), None if hours is None else Decimal(hours))


def test_training_counted_in_days_once_each_within_the_year() -> None:
    sessions = [
        session(date(2023, 12, 30), date(2024, 1, 2)),
        session(date(2024, 1, 2), date(2024, 1, 3)),
        session(date(2024, 12, 31), date(2025, 1, 5)),
    ]
    found = training.training_standing(sessions, DAYS_5, 2024)
    assert found == training.TrainingStanding(5, Decimal(4), TrainingUnit.DAYS, 0) and not found.met
    assert training.training_standing([*sessions, session(SPRING.first, SPRING.first)], DAYS_5, 2024).met


def test_training_counted_in_hours_by_the_day_it_ended() -> None:
    sessions = [
        session(date(2023, 12, 30), JAN, "10"),
        session(date(2024, 5, 1), date(2024, 5, 2), "20.5"),
        session(date(2024, 5, 3), date(2024, 5, 3)),
        session(date(2024, 12, 30), date(2025, 1, 1), "7"),
        session(date(2024, 6, 1), None, "9"),
    ]
    found = training.training_standing(sessions, HOURS_40, 2024)
    assert (found.required, found.done, found.unit, found.unmeasured) == (40, Decimal("30.5"), TrainingUnit.HOURS, 1)


@pytest.mark.parametrize(
    ("service", "gaps", "owes"),
    [
        (Span(JAN, None), [], True),
        (Span(date(2020, 5, 1), DEC), [], True),
        (Span(date(2024, 1, 2), None), [], False),
        (Span(JAN, date(2024, 12, 30)), [], False),
        (Span(JAN, None), [Span(date(2023, 3, 1), date(2023, 12, 31))], True),
        (Span(JAN, None), [Span(date(2023, 3, 1), JAN)], False),
        (Span(JAN, None), [Span(DEC, None)], False),
        (Span(JAN, None), [Span(date(2025, 1, 1), None)], True),
        (Span(JAN, None), [Span(date(2023, 3, 1), date(2023, 4, 1)), Span(DEC, None)], False),
    ],
)
def test_only_a_whole_year_of_service_owes_training(service: Span, gaps: list[Span], owes: bool) -> None:
    assert training.owes_training(service, gaps, 2024) is owes
