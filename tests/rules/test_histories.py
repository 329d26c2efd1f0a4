"""A shared replay is the person's own: the same steps and trace for every history, and kept for no other."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from payroll.rules import histories
from payroll.rules.credit import replay
from payroll.rules.histories import Replays
from payroll.rules.review import missing_assessments
from payroll.rules.trace import dump
from songshan_cw.policy import current_book
from songshan_cw.words.periods import first_day, last_day, month, month_of
from songshan_cw.words.terms import Result
from tests.rules.adapter import DISTRICT, facts_from
from tests.rules.people import paid_months, people

TIMELINE = current_book().timeline(DISTRICT)
PERSON = facts_from(
    {
        "hired": first_day(month(2020, 5)),
        "entry_education": "大学本科",
        "posts": [{"from": first_day(month(2020, 5)), "post": "工作人员"}],
        "assessments": {2022: "合格", 2023: "合格"},
    }
)


@given(st.lists(people(), min_size=1, max_size=4), paid_months)
def test_the_same_as_a_replay_of_ones_own(everyone: list[dict[str, Any]], pair: tuple[int, int]) -> None:
    """Twice, so that what was kept is asked for as well; with neighbours who differ only in the day of hiring."""
    until = month(*pair)
    replays = Replays(TIMELINE, until)
    for given_facts in everyone * 2:
        facts = facts_from(given_facts)
        hired = month_of(facts.hired)
        for day in (facts.hired, first_day(hired), last_day(hired)):
            steps = replay(facts._replace(hired=day), TIMELINE, until)
            assert replays.of(facts._replace(hired=day)) == (
                steps,
                dump(steps),
                missing_assessments(facts, TIMELINE.at(until).pay, until),
            )


def test_one_replay_for_all_of_one_history(monkeypatch: Any) -> None:
    replayed = []
    monkeypatch.setattr(histories, "replay", lambda *given_: replayed.append(given_) or replay(*given_))
    replays = Replays(TIMELINE, month(2025, 1))
    neighbour = PERSON._replace(hired=PERSON.hired + timedelta(days=9), certificates=(), probation_end=PERSON.hired)
    other = PERSON._replace(assessments={**PERSON.assessments, 2023: Result.FAILED})
    assert replays.of(PERSON) is replays.of(neighbour)
    assert replays.of(other) != replays.of(PERSON)
    assert len(replayed) == 2


def test_no_more_histories_are_kept_than_memory_allows(monkeypatch: Any) -> None:
    monkeypatch.setattr(histories, "KEPT", 1)
    replays = Replays(TIMELINE, month(2025, 1))
    other = PERSON._replace(hired=first_day(month(2019, 5)))
    for _ in range(2):
        assert replays.of(PERSON)[0] == replay(PERSON, TIMELINE, month(2025, 1))
        assert replays.of(other)[0] == replay(other, TIMELINE, month(2025, 1))
    assert replays.of(PERSON) is replays.of(PERSON)
    assert replays.of(other) is not replays.of(other)
