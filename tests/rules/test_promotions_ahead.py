"""The promotions and the money to come where tables change, people move or are yet to be hired (rules 7.5)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from payroll.rules.facts import Facts, GradeScale
from payroll.rules.horizon import MonthSum, rises
from payroll.rules.slip import Jurisdiction
from songshan_cw.policy import policy_timeline
from songshan_cw.words.periods import Month, label, parse
from songshan_cw.words.terms import Component, Post
from tests.rules.adapter import DISTRICT, facts_from, sample_scale
from tests.rules.test_survivors import JUNE, a_person, paid, plain_staff

ELSEWHERE, FAR = "150602", "150602001001"
FIRST, LAST = parse("2024-07"), parse("2026-12")
YEARS = dict.fromkeys(range(2022, 2027), "合格")


def place(district: str, *scales: GradeScale) -> Jurisdiction:
    return Jurisdiction(district, policy_timeline(district), scales)


def quicker(start: str, *, months: int = 12) -> GradeScale:
    """Confirmed from a month on: each step after so many months more."""
    requirements = dict.fromkeys(Post, tuple(months * step for step in range(12)))
    return replace(sample_scale({start: "42000.00"}, key=2, confirmed=True), requirements=requirements)


def ahead(
    facts: Facts, *places: Jurisdiction, first: Month = FIRST, last: Month = LAST
) -> list[tuple[str, int, int, str]]:
    found = rises(facts, {one.district: one for one in places}, first, last)
    return [(label(one.month), one.before.grade, one.after.grade, str(one.extra)) for one in found]


def staff_until_now(**more: Any) -> Facts:
    return plain_staff(**{"assessments": YEARS} | more)


def test_a_rise_costs_what_its_own_two_grades_differ_by() -> None:
    """In a table whose grades lie unevenly apart, each pair has its own difference."""
    uneven = tuple(Decimal(100 + grade * grade) / 100 for grade in range(18))
    table = replace(sample_scale(), coefficients=uneven)
    assert ahead(staff_until_now(), place(DISTRICT, table), last=parse("2027-01")) == [
        ("2027-01", 2, 3, "105.00"),  # 42000 × (1.04 − 1.01) ÷ 12
    ]


def test_a_new_table_that_asks_less_raises_from_its_own_first_month() -> None:
    places = place(DISTRICT, sample_scale(), quicker("2024-09"))
    assert ahead(staff_until_now(), places)[0] == ("2024-09", 2, 5, "525.00")


def test_the_first_table_of_all_raises_nobody() -> None:
    only = sample_scale({"2024-09": "42000.00"})
    assert ahead(staff_until_now(), place(DISTRICT, only)) == []


def test_being_hired_with_a_degree_is_no_promotion() -> None:
    """Before hiring nothing is credited; the degree counts from the month of hiring."""
    hired = date(2024, 9, 2)
    given = {"hired": hired, "entry_education": "大学本科", "posts": [{"from": hired, "post": "工作人员"}]}
    assert ahead(facts_from({**given, "assessments": {}}), place(DISTRICT, sample_scale())) == []


def moved_on(day: date, *, placed_again: tuple[str, ...] = ()) -> Facts:
    """Placed before the move, since years of another district do not count (4.8)."""
    placements = [{"month": month, "credited_months": 48} for month in ("2024-01", *placed_again)]
    first = {"from": date(2020, 1, 1), "post": "工作人员", "community": FAR}
    return staff_until_now(posts=[first, {"from": day, "post": "工作人员"}], placements=placements)


def test_who_comes_from_another_district_rises_against_its_table() -> None:
    here, there = place(DISTRICT, sample_scale()), place(ELSEWHERE, quicker("2022-01"))
    before, _ = (ahead(moved_on(day), here, there) for day in (date(2024, 6, 10), date(2024, 5, 10)))
    assert before == [], "in the other district the grade was higher: no rise in the month of the move"
    low, high = place(ELSEWHERE, sample_scale()), place(DISTRICT, quicker("2022-01"))
    assert ahead(moved_on(date(2024, 6, 10)), low, high, last=FIRST) == [("2024-07", 2, 5, "525.00")]
    assert ahead(moved_on(date(2024, 5, 10)), low, high, last=FIRST) == []
    assert ahead(moved_on(date(2024, 7, 10)), low, high, last=FIRST + 1) == [("2024-08", 2, 5, "525.00")]


def test_who_came_a_month_ago_rises_against_the_table_of_here() -> None:
    """Something happens in the first month looked at, without effect; the move was before."""
    low, high = place(ELSEWHERE, sample_scale()), place(DISTRICT, quicker("2022-01"))
    settled = moved_on(date(2024, 5, 10), placed_again=("2024-07",))
    assert ahead(settled, low, high, last=FIRST) == []


def test_a_district_whose_table_begins_later_gives_no_grade_until_then() -> None:
    there, here = place(ELSEWHERE, sample_scale()), place(DISTRICT, quicker("2024-11"))
    assert ahead(moved_on(date(2024, 7, 10)), there, here, last=parse("2024-12")) == []


def test_a_month_of_a_street_adds_up() -> None:
    one, two = paid(plain_staff(), JUNE), paid(a_person(), JUNE)
    month = MonthSum()
    month.add(one)
    month.add(two)
    assert (month.headcount, month.promoted) == (2, 0)
    first, second = dict(one.amounts()), dict(two.amounts())
    assert month.of(Component.BASE) == first[Component.BASE] + second[Component.BASE]
    assert month.of(Component.ALLOWANCE) == second[Component.ALLOWANCE] == Decimal("300.00")
    assert month.of(Component.PERFORMANCE) == first[Component.PERFORMANCE] + second[Component.PERFORMANCE]
    assert month.pay == sum(month.of(component) for component in Component)
