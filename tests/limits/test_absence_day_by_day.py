"""Absence counted day by day in small numbers one can follow on one's fingers (rules 9.5; S 二(四)5; O 23(七))."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from songshan_cw.policy.schema import AbsenceLimit, DayKind
from songshan_cw.words.spans import Span
from workers.rules.absence import Reached, running_limit, working_day_candidates, yearly_limit

UNTIL = date(2024, 12, 31)
THREE = AbsenceLimit(3, False, DayKind.CALENDAR)
THREE_WORKING = AbsenceLimit(3, False, DayKind.WORKING)


def march(*days: int) -> list[Span]:
    """Days of March 2024 by number, each an absence of its own; the 2nd and 3rd are a weekend."""
    return [Span(date(2024, 3, day), date(2024, 3, day)) for day in days]


def weekday(day: date) -> bool:
    return day.weekday() < 5


def always(_: date) -> bool:
    return True


def found(
    rule: Callable[..., Reached | None], spans: list[Span], limit: AbsenceLimit = THREE
) -> tuple[int, int, int] | None:
    reached = rule(spans, UNTIL, limit, weekday)
    return reached and (reached.on.month, reached.on.day, reached.days)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((4, 5), None),
        ((4, 5, 6), (3, 6, 3)),
        ((4, 5, 6, 7, 8), (3, 6, 5)),  # reached on the third day, five in all
        ((4, 5, 7, 8), None),
        ((4, 5, 6, 8), (3, 6, 3)),  # a day of its own afterwards adds nothing
        ((4, 5, 6, 8, 9), (3, 6, 3)),
        ((4, 5, 6, 8, 9, 10), (3, 10, 3)),  # the last time counts
        ((4, 5, 6, 7, 11, 12, 13), (3, 13, 3)),
    ],
)
def test_days_running(days: tuple[int, ...], expected: tuple[int, int, int] | None) -> None:
    assert found(running_limit, march(*days)) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((1, 4, 5), (3, 5, 3)),  # Friday, Monday, Tuesday: the weekend neither counts nor breaks
        ((1, 2, 3, 4), None),
        ((1, 5, 6), None),  # Monday was worked
        ((5, 7, 8), None),  # the one day between was worked
        ((4, 5, 6, 7), (3, 6, 4)),
    ],
)
def test_working_days_running(days: tuple[int, ...], expected: tuple[int, int, int] | None) -> None:
    assert found(running_limit, march(*days), THREE_WORKING) == expected


def test_the_very_first_day_of_the_calendar_is_one_day() -> None:
    first = date.min
    one = AbsenceLimit(2, False, DayKind.WORKING)
    assert running_limit([Span(first, first)], first, one, always) is None
    assert running_limit([Span(first, first + timedelta(days=1))], UNTIL, one, always) == Reached(
        first + timedelta(days=1), 2
    )


def days_of(*days: date) -> list[Span]:
    return [Span(day, day) for day in days]


@pytest.mark.parametrize(
    ("third", "expected"),
    [
        (date(2024, 1, 9), (1, 9, 3)),  # within twelve months of the 10th
        (date(2024, 1, 10), None),  # a year later to the day: the first is out
        (date(2023, 12, 20), (12, 20, 3)),
    ],
)
def test_days_within_twelve_months(third: date, expected: tuple[int, int, int] | None) -> None:
    spans = days_of(date(2023, 1, 10), date(2023, 6, 1), third)
    assert found(yearly_limit, spans) == expected


def test_within_a_year_the_limit_is_reached_once_until_it_is_left() -> None:
    assert found(yearly_limit, march(4, 6, 8)) == (3, 8, 3)
    assert found(yearly_limit, march(4, 6, 8, 11, 13)) == (3, 8, 5), "five days in all, reached on the third"
    first = days_of(date(2022, 3, 1), date(2022, 3, 3), date(2022, 3, 5))
    assert found(yearly_limit, [*first, *march(4, 6, 8)]) == (3, 8, 3), "two years later it is reached anew"
    assert found(yearly_limit, [*first, *march(4, 6)]) == (3, 5, 3)


def test_the_most_days_in_any_twelve_months_stay() -> None:
    """Five by mid-March 2023, then three drop out while one comes in: five remain the most."""
    spring = days_of(*(date(2023, 3, day) for day in (1, 2, 3, 14, 15)))
    later = days_of(date(2024, 3, 5))
    assert found(yearly_limit, [*spring, *later]) == (3, 3, 5)


def test_the_calendar_is_asked_only_where_working_days_count() -> None:
    spans = march(4, 5)
    days = [span.first for span in spans]
    assert working_day_candidates(spans, UNTIL, THREE, THREE_WORKING) == days
    assert working_day_candidates(spans, UNTIL, THREE, THREE) == []
    assert working_day_candidates(spans, UNTIL, THREE_WORKING) == days
