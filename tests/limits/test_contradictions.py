"""What cannot be true of one person at once (workers/rules/dossier.py): each case one slip of the pen, its sentence
word for word, and beside it the nearest thing that is all right."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from songshan_cw.words.periods import parse
from songshan_cw.words.terms import Education, Position, Post
from workers.rules.dossier import (
    Appointment,
    CreditSetting,
    Degree,
    Dossier,
    Finding,
    Interval,
    date_fault,
    dual_fault,
    findings,
    post_mismatch,
)

HIRED, LEFT = date(2020, 3, 16), date(2024, 6, 20)
BORN = date(1990, 5, 10)


def appointed(start: date, row: object = 1, **more: Any) -> Appointment:
    given = {"post": Post.STAFF, "position": Position.COMMUNITY_WORKER, "dual": False}
    return Appointment(start, row=row, **(given | more))


def a_dossier(**more: Any) -> Dossier:
    plain = Dossier(BORN, HIRED, Education.COLLEGE, appointments=[appointed(HIRED)])
    return replace(plain, **more)


def told(**more: Any) -> list[tuple[str, object, str, str, str]]:
    found = findings(a_dossier(**more))
    return [(one.record, one.row, one.column, one.code, one.message) for one in found]


def test_a_plain_person_contradicts_nothing() -> None:
    assert told() == []
    everything = {
        "degrees": [Degree(Education.BACHELOR, HIRED)],
        "gaps": [Interval(HIRED, date(2020, 4, 1)), Interval(LEFT, None)],
        "placements": [CreditSetting(parse("2020-03")), CreditSetting(parse("2024-06"))],
        "secondments": [Interval(HIRED, date(2020, 4, 1)), Interval(LEFT, None)],
        "appointments": [appointed(HIRED), appointed(LEFT)],
        "left_on": LEFT,
    }
    assert told(**everything) == []
    assert told(left_on=HIRED) == []


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
    text = f"参加社区工作时间2020-03-16时未满16周岁（出生日期{born}），请核对。"
    expected = [("花名册", None, "参加社区工作时间", "too_young", text)]
    assert told(born_on=born) == (expected if young else [])


@pytest.mark.parametrize(
    ("changed", "where", "text"),
    [
        (
            {"appointments": [appointed(HIRED, 7, position=Position.SECRETARY)]},
            ("岗位变动", 7, "职务", "post_mismatch"),
            "2020-03-16任职：职务“党组织书记”属于正职，与岗位“工作人员”不符。",
        ),
        (
            {"appointments": [appointed(HIRED, 7, dual=True)]},
            ("岗位变动", 7, "一肩挑", "dual_not_chief"),
            "2020-03-16任职：一肩挑仅适用于正职（书记、主任由一人担任）。",
        ),
        (
            {"appointments": []},
            ("岗位变动", None, "任职日期", "no_appointment"),
            "没有任职记录；每人至少要有一条首次任职，日期为参加社区工作时间。",
        ),
        (
            {"appointments": [appointed(date(2021, 1, 1), 8), appointed(date(2020, 4, 1), 7)]},
            ("岗位变动", 7, "任职日期", "first_appointment"),
            "首次任职日期2020-04-01应与参加社区工作时间2020-03-16在同一个月（2020年3月）：首次任职就是聘用。",
        ),
        (
            {"appointments": [appointed(HIRED), appointed(date(2024, 6, 21), 7)], "left_on": LEFT},
            ("岗位变动", 7, "任职日期", "after_exit"),
            "任职日期2024-06-21晚于离职日期2024-06-20。",
        ),
        (
            {"degrees": [Degree(Education.BACHELOR, date(2020, 3, 15), 7)]},
            ("学历提升", 7, "取得日期", "before_hiring"),
            "大学本科取得于2020-03-15，早于参加社区工作时间2020-03-16；聘用前的学历请填入职学历。",
        ),
        (
            {"degrees": [Degree(Education.COLLEGE, date(2022, 7, 1), 7)]},
            ("学历提升", 7, "学历", "not_higher"),
            "学历“大学专科”不高于入职学历“大学专科”，不属于学历提升，请核对。",
        ),
        (
            {"gaps": [Interval(date(2020, 3, 15), date(2020, 4, 1), 7)]},
            ("中断服务", 7, "开始日期", "before_hiring"),
            "中断开始日期2020-03-15早于参加社区工作时间2020-03-16。",
        ),
        (
            {"gaps": [Interval(date(2024, 6, 21), None, 7)], "left_on": LEFT},
            ("中断服务", 7, "开始日期", "after_exit"),
            "中断开始日期2024-06-21晚于离职日期2024-06-20。",
        ),
        (
            {"secondments": [Interval(date(2024, 6, 21), None, 7)], "left_on": LEFT},
            ("借调", 7, "开始日期", "after_exit"),
            "借调开始日期2024-06-21晚于离职日期2024-06-20。",
        ),
        (
            {"placements": [CreditSetting(parse("2020-02"), 7)]},
            ("定级核定", 7, "核定月份", "before_hiring"),
            "核定月份2020年2月早于参加社区工作的月份。",
        ),
        (
            {"placements": [CreditSetting(parse("2024-07"), 7)], "left_on": LEFT},
            ("定级核定", 7, "核定月份", "after_exit"),
            "核定月份2024年7月晚于离职月份。",
        ),
        (
            {"left_on": date(2020, 3, 15), "appointments": [appointed(date(2020, 3, 1))]},
            ("离职", None, "离职日期", "before_hiring"),
            "离职日期2020-03-15早于参加社区工作时间2020-03-16。",
        ),
    ],
)
def test_one_thing_that_cannot_be(changed: dict[str, Any], where: tuple[object, ...], text: str) -> None:
    assert told(**changed) == [(*where, text)]


@pytest.mark.parametrize(("field", "record", "noun"), [("gaps", "中断服务", "中断"), ("secondments", "借调", "借调")])
def test_intervals_of_one_kind_lie_apart(field: str, record: str, noun: str) -> None:
    first = Interval(date(2021, 1, 1), date(2021, 1, 31), 1)
    after = Interval(date(2021, 2, 1), None, 2)
    touching = Interval(date(2021, 1, 31), date(2021, 3, 1), 3)
    last = Interval(date(2021, 5, 1), date(2021, 5, 2), 4)
    assert told(**{field: [after, first]}) == []
    text = f"{noun}2021-01-31起与2021-01-01至2021-01-31重叠；请先填好前一次的结束日期。"
    assert told(**{field: [touching, first]}) == [(record, 3, "开始日期", "overlap", text)]
    text = f"{noun}2021-05-01起与2021-02-01至今重叠；请先填好前一次的结束日期。"
    assert told(**{field: [last, after]}) == [(record, 4, "开始日期", "overlap", text)]


def test_everything_wrong_is_told_in_the_order_people_enter_it() -> None:
    found = findings(
        Dossier(
            born_on=date(2010, 1, 1),
            hired_on=HIRED,
            entry_education=Education.COLLEGE,
            appointments=[appointed(date(2021, 1, 1), position=Position.DIRECTOR, dual=True)],
            degrees=[Degree(Education.SECONDARY, date(2019, 1, 1))],
            gaps=[Interval(date(2019, 1, 1), None), Interval(date(2020, 1, 1), None)],
            placements=[CreditSetting(parse("2019-01"))],
            secondments=[Interval(date(2021, 1, 1), None), Interval(date(2022, 1, 1), None)],
            left_on=date(2020, 3, 1),
        )
    )
    assert [one.code for one in found] == [
        *("too_young", "post_mismatch", "dual_not_chief", "first_appointment", "after_exit"),
        *("before_hiring", "not_higher", "before_hiring", "before_hiring", "overlap", "before_hiring"),
        *("before_hiring", "after_exit", "after_exit", "overlap"),
    ]
    assert all(isinstance(one, Finding) for one in found)


@pytest.mark.parametrize("day", [date(1950, 1, 1), date(2099, 12, 31)])
def test_dates_within_a_century_and_a_half_can_be_meant(day: date) -> None:
    assert date_fault(day) == ""


@pytest.mark.parametrize("day", [date(1949, 12, 31), date(2100, 1, 1)])
def test_other_dates_are_slips(day: date) -> None:
    assert date_fault(day) == f"日期{day}不在1950年至2099年之间，请核对年份。"


def test_posts_and_positions() -> None:
    assert post_mismatch(Post.CHIEF, Position.SECRETARY) == ""
    assert post_mismatch(Post.DEPUTY, Position.SECRETARY) == "职务“党组织书记”属于正职，与岗位“副职”不符。"
    assert dual_fault(True, Post.CHIEF) == dual_fault(False, Post.STAFF) == ""
    assert dual_fault(True, Post.DEPUTY) == "一肩挑仅适用于正职（书记、主任由一人担任）。"
