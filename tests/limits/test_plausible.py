"""What a record may plausibly say: days not far ahead, credit of a working life, one of each office (S 二(三)1)."""

from dataclasses import replace
from datetime import date

import pytest

from songshan_cw.policy import current_book
from songshan_cw.words.terms import Position, Post
from workers.rules.bounds import ahead_fault, credit_fault, latest_day
from workers.rules.staffing import Appointed, crowded, held_by

RULES = current_book().at("150404", date(2024, 1, 1)).staffing
SECRETARY: Appointed = (Post.CHIEF, Position.SECRETARY, False)
DIRECTOR: Appointed = (Post.CHIEF, Position.DIRECTOR, False)
BOTH: Appointed = (Post.CHIEF, Position.SECRETARY, True)
DEPUTY: Appointed = (Post.DEPUTY, Position.DEPUTY_DIRECTOR, False)
WORKER: Appointed = (Post.STAFF, Position.COMMUNITY_WORKER, False)
DOUBLED = "北苑已有{}：{}（第二条）。接任的，请同时办理原任者的岗位变动或离职。"
CROWDED = "北苑另有正职、副职{}人，加上本人共{}人，原则上不超过3人（第二条）。"


@pytest.mark.parametrize(
    ("today", "years", "latest"),
    [
        (date(2026, 11, 27), 1, date(2027, 11, 27)),
        (date(2026, 11, 30), 5, date(2031, 11, 28)),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
    ],
)
def test_the_last_day_that_may_be_recorded(today: date, years: int, latest: date) -> None:
    assert latest_day(today, years) == latest
    assert latest_day(today) == latest_day(today, 1)


def test_a_day_too_far_ahead_is_told() -> None:
    latest = date(2027, 11, 27)
    assert ahead_fault(latest, latest) == ""
    assert ahead_fault(date(2027, 11, 28), latest) == "日期2027-11-28晚于2027-11-27，不合常理，请核对。"


def test_credit_beyond_a_working_life_is_told() -> None:
    assert credit_fault(600) == ""
    assert credit_fault(601) == "核定工作年限601个月超过50年（600个月），请核对；按月填写，4.5年为54。"


@pytest.mark.parametrize(
    ("appointed", "offices"),
    [
        (SECRETARY, {Position.SECRETARY}),
        (BOTH, {Position.SECRETARY, Position.DIRECTOR}),
        (DEPUTY, set()),
        (WORKER, set()),
    ],
)
def test_the_offices_somebody_holds(appointed: Appointed, offices: set[Position]) -> None:
    assert held_by(appointed) == offices


@pytest.mark.parametrize(
    ("appointed", "others", "told"),
    [
        (SECRETARY, [], []),
        (SECRETARY, [("甲", DIRECTOR), ("乙", DEPUTY), ("丙", WORKER)], []),
        (SECRETARY, [("甲", SECRETARY)], [DOUBLED.format("党组织书记", "甲")]),
        (
            BOTH,
            [("甲", SECRETARY), ("乙", DIRECTOR)],
            [DOUBLED.format("党组织书记", "甲"), DOUBLED.format("居委会主任", "乙")],
        ),
        (DIRECTOR, [("甲", BOTH), ("乙", DIRECTOR)], [DOUBLED.format("居委会主任", "甲、乙")]),
        (DEPUTY, [("甲", DEPUTY), ("乙", DEPUTY)], []),
        (DEPUTY, [("甲", DEPUTY), ("乙", DEPUTY), ("丙", SECRETARY)], [CROWDED.format(3, 4)]),
        (WORKER, [("甲", DEPUTY), ("乙", DEPUTY), ("丙", SECRETARY), ("丁", DIRECTOR)], []),
    ],
)
def test_what_an_appointment_doubles_or_exceeds(
    appointed: Appointed, others: list[tuple[str, Appointed]], told: list[str]
) -> None:
    rules = replace(RULES, most_leaders=replace(RULES.most_leaders, value=3, clause="第二条"))
    assert list(crowded("北苑", appointed, others, rules)) == told


def test_where_leaders_are_not_limited_none_is_too_many() -> None:
    rules = replace(RULES, most_leaders=replace(RULES.most_leaders, value=None))
    assert list(crowded("北苑", DEPUTY, [(str(number), DEPUTY) for number in range(9)], rules)) == []
