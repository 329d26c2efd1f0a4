"""Each limit against a slow look at every single day, on random spans."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from songshan_cw.policy import policy_at
from songshan_cw.policy.schema import AbsenceLimit, DayKind, StaffingRules
from songshan_cw.words.spans import Span, add_months
from workers.rules.absence import running_limit, yearly_limit
from workers.rules.leave import annual_leave_days
from workers.rules.secondment import Away, first_day_too_long, first_day_too_many
from workers.rules.staffing import recommended
from workers.selectors.calendar import is_working, national_days

START = date(2022, 11, 1)
DAYS = st.integers(0, 500).map(lambda number: START + timedelta(days=number))
SPANS = st.builds(lambda first, length: Span(first, first + timedelta(days=length)), DAYS, st.integers(0, 60))
LIMITS = st.builds(AbsenceLimit, days=st.integers(1, 25), exceed=st.booleans(), day_kind=st.sampled_from(DayKind))


def working(day: date) -> bool:
    return is_working(day, national_days())


@given(st.lists(SPANS, max_size=6), SPANS, st.integers(1, 3))
def test_first_crowded_day(spans: list[Span], asked: Span, limit: int) -> None:
    away = [Away(str(number), span) for number, span in enumerate([*spans, asked])]
    inside = [asked.first + timedelta(days=number) for number in range(asked.days)]
    crowded = (day for day in inside if sum(one.span.covers(day) for one in away) > limit)
    assert first_day_too_many(away, asked, limit) == next(crowded, None)


@given(SPANS, st.integers(1, 6))
def test_first_day_over_the_length(span: Span, months: int) -> None:
    too_long = first_day_too_long(span, months)
    assert (too_long is not None) == (span.last is not None and span.last >= add_months(span.first, months))
    assert first_day_too_long(span, None) is None


@given(st.lists(SPANS, max_size=5), DAYS, LIMITS)
def test_days_running_day_by_day(spans: list[Span], until: date, limit: AbsenceLimit) -> None:
    needed = limit.days + 1 if limit.exceed else limit.days
    reached, count, day = None, 0, START
    while day <= until:
        absent = any(span.covers(day) for span in spans)
        if limit.day_kind is DayKind.CALENDAR or working(day):
            count = count + 1 if absent else 0
            reached = day if count == needed else reached
        day += timedelta(days=1)
    found = running_limit(spans, until, limit, working)
    assert (found.on if found else None) == reached


@given(st.lists(SPANS, max_size=5), DAYS, LIMITS)
def test_days_within_a_year_day_by_day(spans: list[Span], until: date, limit: AbsenceLimit) -> None:
    needed = limit.days + 1 if limit.exceed else limit.days
    days = [START + timedelta(days=number) for number in range((until - START).days + 1)]
    absent = [
        day
        for day in days
        if any(span.covers(day) for span in spans) and (limit.day_kind is DayKind.CALENDAR or working(day))
    ]
    over = [day for day in absent if sum(add_months(other, 12) > day for other in absent if other <= day) >= needed]
    found = yearly_limit(spans, until, limit, working)
    assert (found is not None) == bool(over)
    assert found is None or (found.on in over and found.days >= needed)


@given(st.integers(0, 20_000), st.sampled_from(["150404", "150602"]))
def test_recommended_staff_covers_the_households(households: int, district: str) -> None:
    rules: StaffingRules = policy_at(district, date(2024, 1, 1)).staffing
    ratio, floor = rules.households_per_worker.value, rules.fewest_workers.value or 0
    found = recommended(households, rules)
    assert floor <= found.fewest <= found.most and found.fewest * ratio.most >= households
    assert found.fewest == floor or (found.fewest - 1) * ratio.most < households


@given(DAYS, st.integers(0, 40 * 366))
def test_annual_leave_never_shrinks(since: date, later: int) -> None:
    bands = policy_at("150404", date(2024, 1, 1)).leave.annual_days.value
    day = since + timedelta(days=later)
    assert annual_leave_days(since, day, bands) <= annual_leave_days(since, day + timedelta(days=1), bands)
