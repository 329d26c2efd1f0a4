"""Days, months and since when: the arithmetic under every limit."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songshan_cw.words.spans import Running, Span, add_months, change_days, term_end, true_since, without
from songshan_cw.words.terms import DayOff
from workers.selectors.calendar import is_working, national_days

DAYS = st.dates(date(2000, 1, 1), date(2050, 12, 31))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2021, 3, 1), 36, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2022, 12, 1), 3, date(2023, 2, 28)),
    ],
)
def test_terms_of_months(start: date, months: int, end: date) -> None:
    assert term_end(start, months) == end


@given(DAYS, st.integers(1, 120))
def test_a_term_is_whole_months_and_not_a_day_more(start: date, months: int) -> None:
    end = term_end(start, months)
    assert add_months(start, months) - timedelta(days=1) <= end <= add_months(start, months)


@given(st.lists(st.tuples(DAYS, st.integers(0, 400)), max_size=8), DAYS)
def test_since_when_agrees_with_looking_at_every_day(rows: list[tuple[date, int]], day: date) -> None:
    spans = [Span(first, first + timedelta(days=length)) for first, length in rows]

    def crowded(moment: date) -> bool:
        return sum(span.covers(moment) for span in spans) >= 2

    since = true_since(change_days(spans), day, crowded)
    expected = None
    while crowded(day):
        expected, day = day, day - timedelta(days=1)
    assert since == expected


@given(st.tuples(DAYS, st.integers(0, 400)), st.lists(st.tuples(DAYS, st.integers(0, 200)), max_size=5))
def test_what_is_left_outside_gaps_day_by_day(row: tuple[date, int], gaps: list[tuple[date, int]]) -> None:
    span, *away = [Span(first, first + timedelta(days=length)) for first, length in (row, *gaps)]
    left = without(span, away)
    for number in range(span.days):
        day = span.first + timedelta(days=number)
        outside = not any(gap.covers(day) for gap in away)
        assert sum(part.covers(day) for part in left) == outside


def test_a_gap_still_going_on_ends_a_span() -> None:
    span, gap = Span(date(2022, 1, 1), None), Span(date(2022, 6, 1), None)
    assert without(span, [gap]) == [Span(date(2022, 1, 1), date(2022, 5, 31))]
    assert without(span, [Span(date(2022, 1, 1), date(2022, 1, 31))]) == [Span(date(2022, 2, 1), None)]
    assert without(span, []) == [span]


def test_a_span_still_going_on_has_no_number_of_days() -> None:
    with pytest.raises(ValueError, match="still going on"):
        _ = Span(date(2022, 1, 1), None).days


def test_the_national_calendar_moves_weekdays_and_weekends_only() -> None:
    days = national_days()
    assert {day for day, kind in days.items() if kind is DayOff.REST and day.weekday() >= 5} == set()
    assert {day for day, kind in days.items() if kind is DayOff.WORK and day.weekday() < 5} == set()


@pytest.mark.parametrize(("year", "holidays"), [(2021, 11), (2022, 11), (2023, 11), (2024, 11), (2025, 13), (2026, 13)])
def test_each_year_frees_its_statutory_holidays_and_moves_the_rest(year: int, holidays: int) -> None:
    of_year = [kind for day, kind in national_days().items() if day.year == year]
    assert of_year.count(DayOff.REST) - of_year.count(DayOff.WORK) == holidays


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2023, 1, 20), True),
        (date(2023, 1, 23), False),
        (date(2023, 1, 28), True),
        (date(2023, 2, 4), False),
        (date(2030, 1, 1), True),
    ],
)
def test_working_days(day: date, working: bool) -> None:
    assert is_working(day, national_days()) is working


@given(st.lists(st.tuples(st.sampled_from("abc"), DAYS, st.none() | st.integers(0, 400)), max_size=10), DAYS)
def test_who_is_running_agrees_with_looking_at_the_day(rows: list[tuple[str, date, int | None]], day: date) -> None:
    spans = [
        (key, Span(first, None if length is None else first + timedelta(days=length))) for key, first, length in rows
    ]
    running = Running(spans)
    for moment in {day, *(span.first for _, span in spans), *(span.last for _, span in spans if span.last)}:
        for near in (moment - timedelta(days=1), moment, moment + timedelta(days=1)):
            assert running.on(near) == len({key for key, span in spans if span.covers(near)})


@given(DAYS, st.none() | st.integers(0, 400), DAYS, st.none() | st.integers(0, 400))
def test_a_shared_span_covers_what_both_cover(first: date, one: int | None, second: date, other: int | None) -> None:
    spans = [
        Span(start, None if length is None else start + timedelta(days=length))
        for start, length in ((first, one), (second, other))
    ]
    shared = spans[0].shared(spans[1])
    for day in (first, second, *(span.last for span in spans if span.last)):
        both = all(span.covers(day) for span in spans)
        assert (shared is not None and shared.covers(day)) == both
