"""What cannot be true of one person at once (workers/rules/judge.py): each case one slip of the pen, its place and its
sentence word for word, and beside it the nearest thing that is all right."""

from datetime import date
from typing import Any

import pytest

from songshan_cw.words.periods import parse
from songshan_cw.words.terms import CertificateLevel, Education, Position, Post
from workers.rules.bounds import date_fault, working_age_from
from workers.rules.dossier import (
    KINDS,
    Appointment,
    Certificate,
    Degree,
    Dossier,
    Exit,
    Gap,
    Person,
    Placement,
    Stay,
    YearResult,
    fields_of,
    read_dossier,
)
from workers.rules.judge import Verdict, judge, judge_change, judge_row, refusals

TODAY = date(2026, 11, 27)
HIRED, LEFT = date(2020, 3, 16), date(2024, 6, 20)
BORN = date(1990, 5, 10)


def appointed(start: date, row: object = 1, **more: Any) -> Appointment:
    given = {"post": Post.STAFF, "position": Position.COMMUNITY_WORKER, "dual": False}
    return Appointment(start, row=row, **(given | more))


def a_dossier(**more: Any) -> Dossier:
    plain = Dossier(BORN, [Person(HIRED, Education.COLLEGE, 9)], [appointed(HIRED)])
    return plain._replace(**more)


def told(**more: Any) -> list[tuple[str, str, list[tuple[str, object, str]]]]:
    return [(one.code, one.message, [tuple(place) for place in one.places]) for one in judge(a_dossier(**more), TODAY)]


AT_HIRING, AT_EXIT = ("花名册", 9, "hired_on"), ("离职", 8, "left_on")


def test_a_plain_person_contradicts_nothing() -> None:
    assert told() == []
    everything = {
        "degrees": [Degree(Education.BACHELOR, HIRED)],
        "certificates": [Certificate(CertificateLevel.ASSISTANT, date(2006, 5, 10))],
        "results": [YearResult(2020), YearResult(2024)],
        "gaps": [Gap(HIRED, date(2020, 4, 1)), Gap(LEFT, None)],
        "placements": [Placement(parse("2020-03"), 600), Placement(parse("2024-06"), 0)],
        "secondments": [Stay(HIRED, date(2020, 4, 1)), Stay(LEFT, date(2031, 11, 27))],
        "trainings": [Stay(LEFT, LEFT)],
        "contracts": [Stay(HIRED, HIRED), Stay(LEFT, None)],
        "appointments": [appointed(HIRED), appointed(LEFT)],
        "exits": [Exit(LEFT)],
    }
    assert told(**everything) == []
    assert told(exits=[Exit(HIRED)]) == []


KINDS_JUDGED = [
    *("花名册", "岗位变动", "人员类别", "学历提升", "职业资格", "年度考核"),
    *("中断服务", "定级核定", "离职", "借调", "培训", "合同"),
]


def test_a_row_of_every_kind_of_record_is_read() -> None:
    rows = {kind: [(kind, dict.fromkeys(fields_of(kind)))] for kind in KINDS_JUDGED}
    found = read_dossier(BORN, rows)
    assert [getattr(found, KINDS[kind][0])[0].row for kind in KINDS_JUDGED] == KINDS_JUDGED


@pytest.mark.parametrize("kind", ["secondments", "trainings", "contracts"])
def test_a_stay_ends_after_it_starts(kind: str) -> None:
    record = {"secondments": "借调", "trainings": "培训", "contracts": "合同"}[kind]
    first, last = date(2021, 3, 2), date(2021, 3, 1)
    text = "结束日期2021-03-01早于开始日期2021-03-02，请核对。"
    code = f"{kind.removesuffix('s')}_end_before_start"
    assert (code, text, [(record, 3, "end")]) in told(**{kind: [Stay(first, last, 3)]})
    assert told(**{kind: [Stay(first, first, 3)]}) == []


@pytest.mark.parametrize(
    ("born", "young"),
    [
        (date(2004, 3, 16), False),  # sixteen on the very day
        (date(2004, 3, 17), True),
        (date(2004, 2, 28), False),
        (date(2004, 4, 1), True),
    ],
)
def test_nobody_works_before_sixteen(born: date, young: bool) -> None:
    text = "参加社区工作时间2020-03-16时未满16周岁（按身份证号），请核对这两项。"
    assert told(born_on=born) == ([("hired_too_young", text, [AT_HIRING])] if young else [])


def test_nobody_works_before_birth() -> None:
    text = "参加社区工作时间2020-03-16不晚于身份证号里的出生日期，请核对这两项。"
    assert told(born_on=HIRED) == [("hired_before_birth", text, [AT_HIRING])]


def test_who_is_born_on_the_29th_of_february_is_of_age_on_the_first_of_march() -> None:
    assert working_age_from(date(2004, 2, 29)) == date(2020, 2, 29)
    assert working_age_from(date(2084, 2, 29)) == date(2100, 3, 1)
    assert working_age_from(date(2004, 5, 10)) == date(2020, 5, 10)


@pytest.mark.parametrize(
    ("changed", "code", "places", "text"),
    [
        (
            {"appointments": [appointed(HIRED, 7, position=Position.SECRETARY)]},
            "post_position_mismatch",
            [("岗位变动", 7, "position")],
            "2020-03-16任职：职务“党组织书记”属于正职，与岗位“工作人员”不符。",
        ),
        (
            {"appointments": [appointed(HIRED, 7, dual=True)]},
            "dual_not_chief",
            [("岗位变动", 7, "dual")],
            "2020-03-16任职：一肩挑仅适用于正职，这里的岗位是“工作人员”。请填“否”或核对岗位。",
        ),
        (
            {"appointments": []},
            "no_appointment",
            [("岗位变动", None, "start")],
            "没有任职记录；每人至少要有一条首次任职，日期为参加社区工作时间。",
        ),
        (
            {"appointments": [appointed(date(2021, 1, 1), 6), appointed(date(2020, 4, 1), 7)]},
            "first_appointment_not_hiring",
            [("岗位变动", 7, "start"), AT_HIRING],
            "首次任职日期2020-04-01应与参加社区工作时间2020-03-16在同一个月（2020年3月）：首次任职就是聘用。"
            "请补上那个月的首次任职，或核对这两个日期。",
        ),
        (
            {"appointments": [appointed(HIRED), appointed(date(2024, 6, 21), 7)], "exits": [Exit(LEFT, 8)]},
            "after_exit",
            [("岗位变动", 7, "start"), AT_EXIT],
            "任职日期2024-06-21晚于离职日期2024-06-20，请核对。",
        ),
        (
            {"degrees": [Degree(Education.BACHELOR, date(2020, 3, 15), 7)]},
            "degree_before_hiring",
            [("学历提升", 7, "earned_on"), AT_HIRING],
            "取得日期2020-03-15早于参加社区工作时间2020-03-16；聘用前取得的学历请填“入职学历”。",
        ),
        (
            {"degrees": [Degree(Education.COLLEGE, date(2022, 7, 1), 7)]},
            "degree_not_higher",
            [("学历提升", 7, "level"), ("花名册", 9, "entry_education")],
            "学历“大学专科”不高于入职学历“大学专科”，不属于学历提升，请核对。",
        ),
        (
            {"certificates": [Certificate(CertificateLevel.ASSISTANT, date(2006, 5, 9), row=7)]},
            "certified_too_young",
            [("职业资格", 7, "approved_on")],
            "批准日期2006-05-09时未满16周岁，请核对。",
        ),
        (
            {"certificates": [Certificate(CertificateLevel.ASSISTANT, LEFT, date(2024, 6, 19), 7)]},
            "certificate_end_before_approval",
            [("职业资格", 7, "ended_on")],
            "失效日期2024-06-19早于批准日期2024-06-20，请核对。",
        ),
        (
            {"gaps": [Gap(date(2020, 3, 15), date(2020, 4, 1), 7)]},
            "gap_before_hiring",
            [("中断服务", 7, "first_day"), AT_HIRING],
            "中断开始日期2020-03-15早于参加社区工作时间2020-03-16，请核对。",
        ),
        (
            {"gaps": [Gap(date(2024, 6, 21), None, 7)], "exits": [Exit(LEFT, 8)]},
            "after_exit",
            [("中断服务", 7, "first_day"), AT_EXIT],
            "中断开始日期2024-06-21晚于离职日期2024-06-20，请核对。",
        ),
        (
            {"gaps": [Gap(date(2021, 3, 15), date(2021, 3, 14), 7)]},
            "gap_end_before_start",
            [("中断服务", 7, "last_day")],
            "结束日期2021-03-14早于开始日期2021-03-15，请核对。",
        ),
        (
            {"secondments": [Stay(date(2024, 6, 21), None, 7)], "exits": [Exit(LEFT, 8)]},
            "after_exit",
            [("借调", 7, "start"), AT_EXIT],
            "借调开始日期2024-06-21晚于离职日期2024-06-20，请核对。",
        ),
        (
            {"trainings": [Stay(date(2024, 6, 21), date(2024, 6, 22), 7)], "exits": [Exit(LEFT, 8)]},
            "after_exit",
            [("培训", 7, "start"), AT_EXIT],
            "培训开始日期2024-06-21晚于离职日期2024-06-20，请核对。",
        ),
        (
            {"placements": [Placement(parse("2020-02"), 12, 7)]},
            "placement_before_hiring",
            [("定级核定", 7, "month"), AT_HIRING],
            "核定月份2020年2月早于参加社区工作的月份，请核对。",
        ),
        (
            {"placements": [Placement(parse("2024-07"), 12, 7)], "exits": [Exit(LEFT, 8)]},
            "after_exit",
            [("定级核定", 7, "month"), AT_EXIT],
            "核定月份2024年7月晚于离职月份，请核对。",
        ),
        (
            {"exits": [Exit(date(2020, 3, 15), 8)], "appointments": [appointed(date(2020, 3, 1))]},
            "exit_before_hiring",
            [AT_EXIT, AT_HIRING],
            "离职日期2020-03-15早于参加社区工作时间2020-03-16，请核对。",
        ),
        (
            {"results": [YearResult(2019, 7)]},
            "before_hiring",
            [("年度考核", 7, "year"), AT_HIRING],
            "2019年度早于参加社区工作的2020年，请核对年度或参加社区工作时间。",
        ),
        (
            {"results": [YearResult(2025, 7)], "exits": [Exit(LEFT, 8)]},
            "after_exit",
            [("年度考核", 7, "year"), AT_EXIT],
            "2025年度晚于离职的2024年，请核对年度或离职日期。",
        ),
        (
            {"results": [YearResult(2024, 7)], "exits": [Exit(date(2024, 1, 30), 8)]},
            "no_month_in_service",
            [("年度考核", 7, "year"), AT_EXIT, AT_HIRING],
            "2024年度没有一个月月末在岗，不应有考核等次，请核对。",
        ),
        (
            {"results": [YearResult(2021, 7)], "gaps": [Gap(date(2021, 1, 31), date(2021, 12, 31), 6)]},
            "no_month_in_service",
            [("年度考核", 7, "year"), ("中断服务", 6, "first_day"), ("离职", None, "left_on"), AT_HIRING],
            "2021年度没有一个月月末在岗，不应有考核等次，请核对。",
        ),
        (
            {"results": [YearResult(2027, 7)]},
            "year_range",
            [("年度考核", 7, "year")],
            "年度2027应在1980至2026之间，请核对。",
        ),
    ],
)
def test_one_thing_that_cannot_be(
    changed: dict[str, Any], code: str, places: list[tuple[str, object, str]], text: str
) -> None:
    assert told(**changed) == [(code, text, places)]


def test_a_month_end_in_service_is_enough_for_a_result() -> None:
    away = [Gap(date(2021, 1, 1), date(2021, 12, 30))]
    assert told(results=[YearResult(2021)], gaps=away) == []
    assert told(results=[YearResult(2024)], exits=[Exit(date(2024, 1, 31))]) == []


@pytest.mark.parametrize(
    ("kind", "record", "field", "noun", "code", "make"),
    [
        ("gaps", "中断服务", "first_day", "中断", "gap_overlap", Gap),
        ("secondments", "借调", "start", "借调", "secondment_overlap", Stay),
    ],
)
def test_intervals_of_one_kind_lie_apart(kind: str, record: str, field: str, noun: str, code: str, make: Any) -> None:
    first = make(date(2021, 1, 1), date(2021, 1, 31), 1)
    after = make(date(2021, 2, 1), None, 2)
    touching = make(date(2021, 1, 31), date(2021, 3, 1), 3)
    last = make(date(2021, 5, 1), date(2021, 5, 2), 4)
    assert told(**{kind: [after, first]}) == []
    text = f"{noun}2021-01-31起与2021-01-01至2021-01-31重叠；请先填好前一次的结束日期，或核对起止日期。"
    assert told(**{kind: [touching, first]}) == [(code, text, [(record, 3, field), (record, 1, field)])]
    text = f"{noun}2021-05-01起与2021-02-01至今重叠；请先填好前一次的结束日期，或核对起止日期。"
    assert told(**{kind: [last, after]}) == [(code, text, [(record, 4, field), (record, 2, field)])]
    assert told(**{kind: [last, after]}, unsure=frozenset({record})) == []


def test_everything_wrong_is_named_in_the_order_people_enter_it() -> None:
    found = judge(
        Dossier(
            born_on=date(2010, 1, 1),
            person=[Person(HIRED, Education.COLLEGE)],
            appointments=[appointed(date(2021, 1, 1), position=Position.DIRECTOR, dual=True)],
            degrees=[Degree(Education.SECONDARY, date(2019, 1, 1))],
            gaps=[Gap(date(2019, 1, 1), None), Gap(date(2020, 1, 1), None)],
            placements=[Placement(parse("2019-01"), 601)],
            secondments=[Stay(date(2021, 1, 1), None), Stay(date(2022, 1, 1), None)],
            exits=[Exit(date(2020, 3, 1))],
        ),
        TODAY,
    )
    assert [one.code for one in found] == [
        *("years_range", "post_position_mismatch", "dual_not_chief", "hired_too_young"),
        *("first_appointment_not_hiring", "degree_before_hiring", "degree_not_higher"),
        *("gap_before_hiring", "gap_before_hiring", "gap_overlap", "placement_before_hiring", "exit_before_hiring"),
        "secondment_overlap",
    ]


def test_what_decides_nothing_is_only_noticed() -> None:
    odd = a_dossier(
        certificates=[Certificate(CertificateLevel.ASSISTANT, date(2000, 1, 1))],
        trainings=[Stay(date(2024, 6, 21), date(2024, 6, 22))],
        exits=[Exit(LEFT)],
    )
    assert {one.verdict for one in judge(odd, TODAY)} == {Verdict.NOTICED}
    assert refusals(judge(odd, TODAY)) == []


def test_what_was_wrong_before_stops_no_change() -> None:
    before = a_dossier(gaps=[Gap(date(2019, 1, 1), date(2019, 2, 1))])
    assert judge_change(before, before._replace(results=[YearResult(2021)]), TODAY) == []
    after = before._replace(gaps=[*before.gaps, Gap(date(2018, 1, 1), date(2018, 2, 1))])
    assert [one.code for one in judge_change(before, after, TODAY)] == ["gap_before_hiring"]


def test_a_row_is_judged_alone_where_the_rest_is_not_known() -> None:
    found = judge_row("定级核定", {"month": parse("2027-12"), "credited_months": 601}, TODAY)
    assert [(one.code, one.places[0].field) for one in found] == [
        ("years_range", "credited_months"),
        ("date_range", "month"),
    ]
    assert judge_row("中断服务", {"first_day": TODAY, "last_day": date(2031, 11, 27)}, TODAY) == []
    [late] = judge_row("中断服务", {"first_day": TODAY, "last_day": date(2031, 11, 28)}, TODAY)
    assert (late.code, late.message) == ("date_range", "日期2031-11-28晚于2031-11-27，不合常理，请核对。")


@pytest.mark.parametrize("day", [date(1950, 1, 1), date(2099, 12, 31)])
def test_dates_within_a_century_and_a_half_can_be_meant(day: date) -> None:
    assert date_fault(day) == ""


@pytest.mark.parametrize("day", [date(1949, 12, 31), date(2100, 1, 1)])
def test_other_dates_are_slips(day: date) -> None:
    assert date_fault(day) == f"日期{day}不在1950年至2099年之间，请核对年份。"
