"""What no case of one district's document reaches: missing tables, another probation share, a month paid elsewhere."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from payroll.rules.credit import Cause, replay
from payroll.rules.explanation import explain_step
from payroll.rules.facts import Assignment, Facts, Gap, Placed
from payroll.rules.grading import effective_from
from payroll.rules.performance import Claim, divide
from payroll.rules.service import days_in_service, is_paid
from payroll.rules.slip import Jurisdiction, arrears_of, monthly_due, pay_for
from payroll.rules.tables import NoTable, scale_in_force
from payroll.rules.timeline import timeline
from songshan_cw.policy import PolicyTimeline, current_book
from songshan_cw.words.periods import month
from songshan_cw.words.terms import Component, Education, Position, Post, Result
from tests.policies import load
from tests.rules.adapter import COMMUNITY, DISTRICT, sample_scale, steps_until

TIMELINE = current_book().timeline(DISTRICT)
SAMPLE = Jurisdiction(DISTRICT, TIMELINE, (sample_scale(),))
MARCH = month(2022, 3)


def assigned(start: date, position: Position = Position.COMMUNITY_WORKER) -> Assignment:
    return Assignment(start, COMMUNITY, position.post, position, False)


PERSON = Facts(date(2020, 1, 1), Education.COLLEGE, (assigned(date(2020, 1, 1)),))


@pytest.mark.parametrize("scales", [(), (sample_scale({"2022-04": "42000.00"}),)], ids=["none", "starts later"])
def test_a_month_no_table_covers_is_refused(scales: tuple) -> None:
    with pytest.raises(NoTable):
        monthly_due(PERSON, steps_until(PERSON, MARCH), Jurisdiction(DISTRICT, TIMELINE, scales), MARCH)


@pytest.mark.parametrize(
    ("at", "base_pay"),
    [
        (month(2022, 3), Decimal("2520.00")),
        (month(2022, 5), Decimal("2520.00")),
        (month(2022, 6), Decimal("3150.00")),
    ],
)
def test_another_share_during_probation(at: int, base_pay: Decimal) -> None:
    """A third district's document may pay less during probation: data, not code (5.3, 1.3)."""
    rules = TIMELINE.at(at).pay
    rules = replace(rules, probation_share=replace(rules.probation_share, value=Decimal("0.80")))
    person = PERSON._replace(probation_end=date(2022, 5, 1))
    pay = pay_for(person, steps_until(person, at), sample_scale(), rules, at)
    assert (pay.of(Component.BASE), pay.of(Component.PERFORMANCE)) == (base_pay, Decimal("350.00"))


THIRD = load(Path(__file__).parent.parent / "policy" / "third")


@pytest.mark.parametrize(
    ("timeline", "credit", "clause"),
    [
        (TIMELINE, 90, "二(三)2"),
        (current_book().timeline("150602"), 90, "11"),
        (THIRD.timeline("152999"), 60, "二"),
    ],
    ids=["songshan", "ordos", "a document without placements"],
)
def test_a_placement_counts_where_the_document_knows_it(timeline: PolicyTimeline, credit: int, clause: str) -> None:
    """And it is cited by that document's clause (4.5, 1.3)."""
    at = month(2024, 3)
    here = (PERSON.assignments[0]._replace(community=f"{timeline.district}001001"),)
    person = PERSON._replace(
        assignments=here, placements=(Placed(at, 90),), assessments=dict.fromkeys(range(2020, 2024), Result.COMPETENT)
    )
    step = replay(person, timeline, at)[-1]
    assert (step.cause, step.credit, step.clause) == (Cause.PLACEMENT, credit, clause)
    told = explain_step(step).text
    assert told.startswith("定级核定工作年限为" if step.credit != step.before else "定级核定之后，工作年限仍为60个月")


def test_a_paid_month_is_settled_even_if_its_street_is_no_longer_the_persons() -> None:
    """After a corrected move the month is not among the closed ones of the new street, yet it was paid (5.6)."""
    paid = {(MARCH, Component.BASE): Decimal("3000.00"), (MARCH, Component.PERFORMANCE): Decimal("350.00")}
    lines = arrears_of(PERSON, steps_until(PERSON, MARCH), {DISTRICT: SAMPLE}, (), paid)
    assert [(line.component, line.amount, line.already_paid) for line in lines] == [
        (Component.BASE, Decimal("150.00"), Decimal("3000.00"))
    ]


def test_who_owes_performance_pay_gets_no_negative_share() -> None:
    """Accruals taken back can exceed a year's own; the others still share the pool to the cent (6.2)."""
    claims = [Claim("0001", Decimal("-350.00"), Decimal(1)), Claim("0002", Decimal("700.00"), Decimal(1))]
    assert divide(Decimal("350.00"), claims) == {"0001": Decimal("0.00"), "0002": Decimal("350.00")}


def test_from_when_each_assignment_counts() -> None:
    first, second = assigned(date(2020, 1, 1)), assigned(date(2022, 5, 31), Position.DIRECTOR)
    person = PERSON._replace(hired=date(2020, 1, 31), assignments=(second, first))
    assert effective_from(person, first) == month(2020, 1)
    assert effective_from(person, second) == month(2022, 6)
    assert second.post is Post.CHIEF


def test_one_base_amount_for_each_month_between_changes() -> None:
    scale = sample_scale({"2022-01": "42000.00", "2022-04": "42001.00"})
    jurisdiction = Jurisdiction(DISTRICT, TIMELINE, (scale,))
    bases = []
    for at in range(month(2022, 1), month(2022, 6)):
        pay = monthly_due(PERSON, steps_until(PERSON, at), jurisdiction, at)
        bases.append(getattr(pay, "annual_base", None))
    assert bases == [Decimal("42000.00")] * 3 + [Decimal("42001.00")] * 2


def test_away_on_the_only_day_of_service_is_away_all_month() -> None:
    """Hired on a month's last day, or leaving on its first, and away that very day: nothing is paid (5.2)."""
    hired, left = date(2022, 3, 31), date(2022, 6, 1)
    person = PERSON._replace(hired=hired, left=left, assignments=(assigned(hired),))
    assert [days_in_service(person, at) for at in range(MARCH, MARCH + 4)] == [1, 30, 31, 1]
    away = person._replace(gaps=(Gap(hired, hired), Gap(left, None)))
    assert [days_in_service(away, at) for at in range(MARCH - 1, MARCH + 5)] == [0, 0, 30, 31, 0, 0]
    assert [is_paid(away, at) for at in range(MARCH, MARCH + 4)] == [False, True, True, False]


def test_of_two_tables_from_the_same_month_the_newer_pays() -> None:
    old, new = sample_scale(key=1), sample_scale(key=2)
    assert scale_in_force((old, new), MARCH) is scale_in_force((new, old), MARCH) is new
    confirmed = sample_scale(key=0, confirmed=True)
    assert scale_in_force((new, confirmed), MARCH) is confirmed


def test_the_level_of_who_moved_where_no_table_covers_is_the_last_known() -> None:
    far = Assignment(date(2022, 2, 10), "150602001001", Post.STAFF, Position.COMMUNITY_WORKER, False)
    person = PERSON._replace(assignments=(*PERSON.assignments, far))
    places = {DISTRICT: SAMPLE, "150602": Jurisdiction("150602", current_book().timeline("150602"), ())}
    ladder = timeline(person, places, MARCH)
    assert ladder.moments[-1].month == MARCH and ladder.moments[-1].level is None
    assert ladder.now is not None and ladder.now.step == 1
