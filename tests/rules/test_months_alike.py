"""A month decided as the one before may be carried over; every reason against it, one by one (rules 3.3, 4.6)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from payroll.rules.facts import GradeScale
from payroll.rules.sameness import decided_alike
from payroll.rules.slip import Jurisdiction
from songshan_cw.policy import policy_timeline
from songshan_cw.words.periods import Month, parse
from tests.rules.adapter import DISTRICT, sample_scale

TIMELINE = policy_timeline(DISTRICT)
CONFIRMED = sample_scale(confirmed=True)


class TwoPolicies:
    """The district's timeline with another policy from one month on."""

    def __init__(self, month: str, **pay: Any) -> None:
        self.first_month, self._from, self._pay = TIMELINE.first_month, parse(month), pay
        before = TIMELINE.at(self._from)
        self._policies = before, replace(before, pay=replace(before.pay, **pay))

    def at(self, month: Month) -> Any:
        return self._policies[month >= self._from]


def alike(month: str, *scales: GradeScale, timeline: Any = TIMELINE) -> bool:
    return decided_alike(Jurisdiction(DISTRICT, timeline, scales), parse(month))


@pytest.mark.parametrize("month", ["2022-02", "2022-03", "2023-06", "2023-12"])
def test_an_ordinary_month_is_like_the_one_before(month: str) -> None:
    assert alike(month, CONFIRMED)


@pytest.mark.parametrize("month", ["2021-12", "2022-01", "2023-01"])
def test_januaries_and_the_first_month_of_the_scheme_are_not(month: str) -> None:
    assert not alike(month, sample_scale({"2021-01": "42000.00"}, confirmed=True))


def test_a_scheme_that_begins_in_the_middle_of_a_year() -> None:
    class Late:
        first_month = parse("2023-05")

        def at(self, _: Month) -> Any:
            return TIMELINE.at(parse("2023-05"))

    found = {month: alike(month, CONFIRMED, timeline=Late()) for month in ("2023-04", "2023-05", "2023-06")}
    assert found == {"2023-04": False, "2023-05": False, "2023-06": True}


def test_a_month_with_another_policy_is_not() -> None:
    timeline = TwoPolicies("2023-06")
    found = [alike(month, CONFIRMED, timeline=timeline) for month in ("2023-05", "2023-06", "2023-07")]
    assert found == [True, False, True]


def test_the_month_allowances_begin_is_not() -> None:
    rule = replace(TIMELINE.at(parse("2023-06")).pay.allowance_from, value=date(2023, 6, 1))
    timeline = TwoPolicies("2023-02", allowance_from=rule)
    found = [alike(month, CONFIRMED, timeline=timeline) for month in ("2023-05", "2023-06", "2023-07")]
    assert found == [True, False, True]


def test_without_a_confirmed_table_no_month_is() -> None:
    assert not alike("2023-06")
    assert not alike("2023-06", sample_scale())
    assert alike("2023-06", sample_scale(), CONFIRMED)


def test_the_month_a_table_or_a_base_amount_begins_is_not() -> None:
    newer = sample_scale({"2023-06": "42000.00"}, key=2, confirmed=True)
    assert [alike(month, CONFIRMED, newer) for month in ("2023-05", "2023-06", "2023-07")] == [True, False, True]
    raised = sample_scale({"2022-01": "42000.00", "2023-06": "45000.00"}, confirmed=True)
    assert [alike(month, raised) for month in ("2023-05", "2023-06", "2023-07")] == [True, False, True]
    assert raised.standards[1][1] == Decimal("45000.00")
