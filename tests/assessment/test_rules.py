"""Total score, integer share, failing years (rules 8)."""

from datetime import date
from decimal import Decimal

import pytest

from assessment.rules.annual import failing_run, in_one_term, total_score
from assessment.rules.facts import Member, Seat
from assessment.rules.share import Counted, Share, counted_in, share_limit
from songshan_cw.policy.schema import FailingLimit
from songshan_cw.words.spans import Span
from songshan_cw.words.terms import Category, Position, Post, Result

FAILED, COMPETENT = Result.FAILED, Result.COMPETENT


@pytest.mark.parametrize(
    ("weight", "total"), [(None, "83.33"), ("0.50", "85.00"), ("0.30", "83.00"), ("1", "90.00"), ("0", "80.00")]
)
def test_total_score(weight: str | None, total: str) -> None:
    scores = {"everyday": Decimal(70), "yearly": Decimal(90), "satisfaction": Decimal(90)}
    assert total_score(satisfaction_weight=Decimal(weight) if weight else None, **scores) == Decimal(total)


def test_total_score_rounds_half_up() -> None:
    found = total_score(
        everyday=Decimal("80.01"),
        yearly=Decimal("80.00"),
        satisfaction=Decimal("80.00"),
        satisfaction_weight=Decimal("0.50"),
    )
    assert found == Decimal("80.00")
    found = total_score(
        everyday=Decimal("80.02"),
        yearly=Decimal("80.00"),
        satisfaction=Decimal("80.00"),
        satisfaction_weight=Decimal("0.50"),
    )
    assert found == Decimal("80.01")


@pytest.mark.parametrize(
    ("headcount", "share", "limit"),
    [
        (13, "0.15", 1),
        (20, "0.15", 3),
        (21, "0.15", 3),
        (6, "0.15", 0),
        (7, "0.15", 1),
        (0, "0.15", 0),
        (14, "0.20", 2),
    ],
)
def test_share_is_rounded_down(headcount: int, share: str, limit: int) -> None:
    assert share_limit(headcount, Decimal(share)) == limit


def a_member(service: Span, *gaps: Span) -> Member:
    seat = Seat("150404001002", Post.STAFF, Position.COMMUNITY_WORKER, service)
    excellent = {2025: Result.EXCELLENT}
    return Member("", "甲", Category.STAFF, service, (seat,), excellent, (), (), (), gaps, (), ())


@pytest.mark.parametrize(
    ("service", "gaps", "counted"),
    [
        (Span(date(2020, 1, 1), None), [], True),
        (Span(date(2020, 1, 1), date(2025, 12, 31)), [], True),
        (Span(date(2020, 1, 1), date(2025, 12, 30)), [], False),
        (Span(date(2020, 1, 1), None), [Span(date(2025, 3, 1), date(2025, 12, 30))], True),
        (Span(date(2020, 1, 1), None), [Span(date(2025, 12, 31), None)], False),
    ],
)
def test_who_serves_on_the_last_day_is_in_the_headcount(service: Span, gaps: list[Span], counted: bool) -> None:
    assert counted_in(a_member(service, *gaps), 2025) == Counted("150404001", counted, True)


def test_who_did_not_serve_in_the_year_is_not_counted() -> None:
    assert counted_in(a_member(Span(date(2020, 1, 1), date(2024, 12, 31))), 2025) is None


def test_used_left_and_over() -> None:
    assert (Share(20, 3, 0, 2).left, Share(20, 3, 0, 2).over) == (1, 0)
    assert (Share(20, 3, 1, 5).left, Share(20, 3, 1, 5).over) == (0, 1)


TERM = Span(date(2022, 1, 1), date(2024, 12, 31))


def test_failing_years_must_follow_each_other() -> None:
    limit = FailingLimit(2, True)
    assert failing_run({2022: FAILED, 2023: FAILED}, [TERM], limit) is not None
    assert failing_run({2022: FAILED, 2023: COMPETENT, 2024: FAILED}, [TERM], limit) is None
    assert failing_run({2022: FAILED, 2024: FAILED}, [TERM], limit) is None
    assert failing_run({2022: FAILED, 2023: FAILED}, [TERM], FailingLimit(3, True)) is None


def test_failing_years_of_two_terms_count_only_where_the_policy_says_so() -> None:
    terms = [Span(date(2020, 1, 1), date(2022, 12, 31)), Span(date(2023, 1, 1), date(2025, 12, 31))]
    years = {2022: FAILED, 2023: FAILED}
    assert failing_run(years, terms, FailingLimit(2, True)) is None
    found = failing_run(years, terms, FailingLimit(2, False))
    assert found is not None and found.years == (2022, 2023) and found.same_term is False


def test_a_year_belongs_to_the_term_of_its_last_day() -> None:
    term = Span(date(2022, 7, 1), date(2025, 6, 30))
    assert in_one_term([2023, 2024], [term]) is True
    assert in_one_term([2024, 2025], [term]) is False
    assert in_one_term([2024, 2025], []) is None


def test_an_exception_adds_to_what_is_left() -> None:
    assert (Share(20, 3, 2, 1).left, Share(20, 3, 2, 1).over) == (4, 0)


def test_of_several_failing_runs_the_newest_is_told() -> None:
    found = failing_run(dict.fromkeys((2019, 2020, 2022, 2023), FAILED), [], FailingLimit(2, False))
    assert found is not None and (found.years, found.same_term) == ((2022, 2023), None)
    assert failing_run({2022: FAILED, 2023: FAILED, 2024: COMPETENT}, [], FailingLimit(2, False)) == found


def test_a_contract_begun_since_settles_the_failing_years() -> None:
    limit, years = FailingLimit(2, False), {2022: FAILED, 2023: FAILED}
    since = Span(date(2024, 1, 1), date(2026, 12, 31))
    assert failing_run(years, [TERM, since], limit) is None
    within = Span(date(2023, 12, 31), date(2026, 12, 31))
    assert failing_run(years, [TERM, within], limit) is not None


def test_a_term_holds_a_year_whose_last_day_it_covers() -> None:
    terms = [Span(date(2020, 1, 1), date(2021, 12, 31)), Span(date(2022, 12, 31), date(2024, 12, 31))]
    assert in_one_term([2022, 2023], terms) is True
    assert in_one_term([2022, 2023], [Span(date(2022, 1, 1), date(2023, 12, 30))]) is False
