"""Whatever order facts are entered in, the same history comes out, step by step (rules 4.6, 4.7)."""

from datetime import date

from payroll.rules.credit import Cause, replay
from payroll.rules.explanation import facts_behind
from payroll.rules.facts import Degree, Placed
from songshan_cw.words.periods import label, parse
from songshan_cw.words.terms import Education, Result
from tests.rules.test_survivors import DISTRICT, HERE, JUNE, plain_staff

BOTH = (Degree(date(2023, 12, 5), Education.BACHELOR), Degree(date(2023, 12, 20), Education.MASTER))
PLACED = Placed(parse("2024-01"), 40)


def test_two_degrees_of_one_month_rise_whichever_was_entered_first() -> None:
    timeline = HERE[DISTRICT].timeline
    facts = plain_staff()._replace(degrees=BOTH)
    steps = replay(facts, timeline, JUNE)
    assert steps == replay(facts._replace(degrees=BOTH[::-1]), timeline, JUNE)
    assert [step.level for step in steps if step.cause is Cause.DEGREE] == [Education.BACHELOR, Education.MASTER]


def test_of_two_degrees_of_one_month_the_lower_comes_first_whatever_their_days() -> None:
    """A college degree of the 20th does not come after the bachelor's of the 5th: both count from the next month."""
    later_lower = (Degree(date(2023, 12, 5), Education.BACHELOR), Degree(date(2023, 12, 20), Education.COLLEGE))
    facts = plain_staff()._replace(entry_education=Education.SECONDARY, degrees=later_lower)
    steps = [step for step in replay(facts, HERE[DISTRICT].timeline, JUNE) if step.cause is Cause.DEGREE]
    assert [step.level for step in steps] == [Education.COLLEGE, Education.BACHELOR]


def test_one_january_holds_the_year_then_the_degree_then_the_placement() -> None:
    facts = plain_staff()._replace(degrees=BOTH[::-1], placements=(PLACED,))
    steps = [step for step in replay(facts, HERE[DISTRICT].timeline, JUNE) if label(step.month) == "2024-01"]
    assert [step.cause for step in steps] == [Cause.YEAR, Cause.DEGREE, Cause.DEGREE, Cause.PLACEMENT]
    assert steps[-1].credit == 40


def test_a_stored_replay_names_only_the_facts_it_rests_on() -> None:
    """A year before the scheme and one without a result add months and rest on no assessment; later facts are left
    out."""
    results = {2022: Result.EXCELLENT, 2025: Result.COMPETENT}
    facts = plain_staff()._replace(degrees=BOTH[:1], placements=(PLACED,), assessments=results)
    steps = replay(facts, HERE[DISTRICT].timeline, parse("2024-06"))
    unassessed = {step.year for step in steps if step.year is not None and step.result is None}
    later = facts._replace(degrees=(*BOTH, Degree(date(2026, 1, 1), Education.DOCTOR)), assessments=results)
    found = facts_behind(later, steps)
    assert unassessed and found.assessments == {2022: Result.EXCELLENT}
    assert [one.level for one in found.degrees] == [Education.BACHELOR] and found.placements == (PLACED,)
