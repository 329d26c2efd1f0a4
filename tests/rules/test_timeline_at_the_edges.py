"""The ladder where nothing but the policy moves a grade, how far it looks ahead, and the text a payslip keeps of it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from payroll.rules.credit import replay
from payroll.rules.timeline import timeline
from payroll.rules.trace import dump, load
from songshan_cw.policy import policy_timeline
from songshan_cw.words.periods import Month, label, parse
from songshan_cw.words.terms import Post
from tests.rules.adapter import DISTRICT, sample_scale
from tests.rules.test_survivors import HERE, plain_staff

TIMELINE = policy_timeline(DISTRICT)


class TwoPolicies:
    """The district's timeline with another policy from one month on."""

    def __init__(self, month: str, **pay: Any) -> None:
        self.district = DISTRICT
        self.first_month, self._from, self._pay = TIMELINE.first_month, parse(month), pay
        before = TIMELINE.at(self._from)
        self._policies = before, replace(before, pay=replace(before.pay, **pay))

    def at(self, month: Month) -> Any:
        return self._policies[month >= self._from]


JUNE = parse("2024-06")


def test_a_policy_that_lifts_a_posts_grades_is_a_moment_of_its_own() -> None:
    bands = TIMELINE.at(JUNE).pay.bands
    staff = replace(bands.value[Post.STAFF], lowest=3)
    timeline_ = TwoPolicies("2024-03", bands=replace(bands, value={**bands.value, Post.STAFF: staff}))
    ladder = timeline(plain_staff(), {DISTRICT: replace(HERE[DISTRICT], timeline=timeline_)}, JUNE)
    last = ladder.moments[-1]
    assert (label(last.month), last.rose, last.causes) == ("2024-03", 2, ())


@pytest.mark.parametrize(("required", "promoted"), [(228, "2039-01"), (240, None)])
def test_the_next_promotion_is_looked_for_fifteen_years_ahead(required: int, promoted: str | None) -> None:
    """48 months in 2024, 12 more each January: 228 in 2039, within fifteen years of 2024-06; 240 in 2040, beyond."""
    table = replace(sample_scale(), requirements=dict.fromkeys(Post, (0, required)))
    ladder = timeline(plain_staff(), {DISTRICT: replace(HERE[DISTRICT], scales=(table,))}, JUNE)
    assert (ladder.promotion and label(ladder.promotion.month)) == promoted


def test_a_payslip_keeps_its_history_in_these_very_words() -> None:
    """Slips of years ago are read by this form: it may grow, never change."""
    facts = plain_staff(
        assessments={2022: "优秀"},
        degrees=[{"date": date(2023, 1, 5), "level": "大学本科"}],
        placements=[{"month": "2023-03", "credited_months": 60}],
    )
    steps = replay(facts, HERE[DISTRICT].timeline, parse("2024-01"))
    assert dump(steps) == (
        '[[202001,"聘用",0,0,"二(五)4(3)",null,null,null,null,"大学专科"],'
        '[202101,"年度累加",0,12,"二(五)4(1)",2020,null,12],'
        '[202201,"年度累加",12,24,"二(五)4(1)",2021,null,12],'
        '[202301,"年度累加",24,42,"二(五)4(4)",2022,"优秀",12,6],'
        '[202302,"学历",42,48,"二(五)4(3)",null,null,null,null,"大学本科"],'
        '[202303,"定级核定",48,60,"二(三)2"],'
        '[202401,"年度累加",60,60,"二(五)4(1)",2023,null,10]]'
    )
    assert load(dump(steps)) == steps and load("") == ()
