"""Replays shared: people with the same history have the same steps, so each history is replayed once in a run."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from payroll.rules.credit import CreditStep, replay
from payroll.rules.facts import Degree, Facts, Gap, Placed
from payroll.rules.review import missing_assessments
from payroll.rules.trace import dump
from songshan_cw.policy import PolicyTimeline
from songshan_cw.words.periods import Month, first_day, month_of
from songshan_cw.words.terms import Education, Result

KEPT = 16_384  # histories, some 3 KB each


class History(NamedTuple):
    """All of the facts that credited service depends on (rules 4); of the day of hiring its month."""

    hired: Month
    entry_education: Education
    degrees: tuple[Degree, ...]
    gaps: tuple[Gap, ...]
    placements: tuple[Placed, ...]
    assessments: tuple[tuple[int, Result], ...]
    left: date | None


def history_of(facts: Facts) -> History:
    return History(
        month_of(facts.hired),
        facts.entry_education,
        facts.degrees,
        facts.gaps,
        facts.placements,
        tuple(facts.assessments.items()),
        facts.left,
    )


def facts_of(history: History) -> Facts:
    """Facts with this history and nothing besides: what is replayed of them cannot depend on anything else."""
    hired, entry_education, degrees, gaps, placements, assessments, left = history
    return Facts(
        hired=first_day(hired),
        entry_education=entry_education,
        assignments=(),
        degrees=degrees,
        gaps=gaps,
        placements=placements,
        assessments=dict(assessments),
        left=left,
    )


class Replayed(NamedTuple):
    """What a history comes to up to a month: its steps, their text, and the years without an assessment."""

    steps: tuple[CreditStep, ...]
    trace: str
    unassessed: tuple[int, ...]


@dataclass(slots=True)
class Replays:
    """Histories replayed up to a month under one district's policies."""

    policies: PolicyTimeline
    until: Month
    _known: dict[History, Replayed] = field(default_factory=dict)

    def of(self, facts: Facts) -> Replayed:
        history = history_of(facts)
        found = self._known.get(history)
        if found is None:
            alone = facts_of(history)
            steps = replay(alone, self.policies, self.until)
            unassessed = missing_assessments(alone, self.policies.at(self.until).pay, self.until)
            found = Replayed(steps, dump(steps), unassessed)
            if len(self._known) < KEPT:
                self._known[history] = found
        return found
