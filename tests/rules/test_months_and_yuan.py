"""Months, yuan and the field's words: what every rule stands on, at its edges."""

from datetime import date
from decimal import Decimal, localcontext

import pytest

from songshan_cw.words import periods
from songshan_cw.words.components import components
from songshan_cw.words.money import CENT, ZERO, plain, product, total, yuan
from songshan_cw.words.terms import Component, Education, Position, Post, choices


@pytest.mark.parametrize(
    ("day", "number", "stored", "label", "spoken"),
    [
        (date(2022, 1, 1), 1, 202201, "2022-01", "2022年1月"),
        (date(2022, 12, 31), 12, 202212, "2022-12", "2022年12月"),
        (date(2024, 2, 29), 2, 202402, "2024-02", "2024年2月"),
        (date(987, 10, 5), 10, 98710, "0987-10", "987年10月"),
    ],
)
def test_one_month_in_every_form(day: date, number: int, stored: int, label: str, spoken: str) -> None:
    month = periods.month(day.year, number)
    assert month == periods.month_of(day) == periods.parse(label) == periods.from_number(stored)
    assert (periods.year_of(month), periods.number_of(month)) == (day.year, number)
    assert (periods.to_number(month), periods.label(month), periods.label_zh(month)) == (stored, label, spoken)
    assert periods.first_day(month) == day.replace(day=1)


def test_the_month_after_and_januaries() -> None:
    assert periods.next_month_of(date(2022, 12, 31)) == periods.parse("2023-01") == periods.january(2023)
    assert periods.next_month_of(date(2022, 11, 1)) == periods.parse("2022-12")


@pytest.mark.parametrize(
    ("text", "last"),
    [("2022-02", date(2022, 2, 28)), ("2024-02", date(2024, 2, 29)), ("2023-12", date(2023, 12, 31))],
)
def test_the_last_day_of_a_month(text: str, last: date) -> None:
    assert periods.last_day(periods.parse(text)) == last


@pytest.mark.parametrize("text", ["2022-13", "2022-00", "2022-1", "22-01", "2022-010", "2022年1月", "", "a2022-01"])
def test_other_forms_of_a_month_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=f"^月份应写作“2022-03”的样子，收到的是“{text}”。$"):
        periods.parse(text)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("1.005", "1.01"), ("1.0049", "1.00"), ("-1.005", "-1.01"), ("2.5", "2.50"), ("1.015", "1.02"), ("0", "0.00")],
)
def test_half_a_cent_goes_up(exact: str, rounded: str) -> None:
    assert str(yuan(Decimal(exact))) == rounded


def test_sums_and_products_are_exact_whatever_the_callers_context() -> None:
    with localcontext() as context:
        context.prec = 3
        assert total([Decimal("12345678901234.56"), Decimal("0.01")]) == Decimal("12345678901234.57")
        assert product(Decimal("12345.67"), Decimal("1.05"), 3) == Decimal("38888.8605")
    assert str(total([])) == "0.00" and str(ZERO) == "0.00"
    assert product() == 1 and Decimal("0.01") == CENT


@pytest.mark.parametrize(
    ("number", "written"),
    [("1.05", "1.05"), ("1.1", "1.10"), ("2", "2.00"), ("1.125", "1.125"), ("1.1250", "1.125"), ("1.0500", "1.05")],
)
def test_a_coefficient_as_people_write_it(number: str, written: str) -> None:
    assert plain(Decimal(number)) == written


def test_each_position_belongs_to_its_post() -> None:
    assert {position: position.post for position in Position} == {
        Position.SECRETARY: Post.CHIEF,
        Position.DIRECTOR: Post.CHIEF,
        Position.DEPUTY_SECRETARY: Post.DEPUTY,
        Position.DEPUTY_DIRECTOR: Post.DEPUTY,
        Position.COMMITTEE_MEMBER: Post.STAFF,
        Position.COMMUNITY_WORKER: Post.STAFF,
    }


def test_degrees_rise_and_the_accrual_is_not_paid_monthly() -> None:
    assert [level.rank for level in Education] == [0, 1, 2, 3, 4]
    assert [one.term for one in components() if not one.is_paid_monthly] == [Component.PERFORMANCE]


def test_a_vocabulary_is_offered_in_its_official_words() -> None:
    assert choices(Post) == [("正职", "正职"), ("副职", "副职"), ("工作人员", "工作人员")]
