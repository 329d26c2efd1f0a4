"""Replays shared: people with the same history have the same steps, so each history is replayed once in a run."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from payroll.rules.credit import CreditStep, replay
from payroll.rules.facts import Degree, Facts, Gap, Placed
from payroll.rules.trace import dump
from songshan_cw.periods import Month, first_day, month_of
from songshan_cw.policy import PolicyTimeline
from songshan_cw.terms import Education, Result

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


@dataclass(slots=True)
class Replays:
    """Steps and their trace up to a month under one district's policies."""

    policies: PolicyTimeline
    until: Month
    _known: dict[History, tuple[tuple[CreditStep, ...], str]] = field(default_factory=dict)

    def of(self, facts: Facts) -> tuple[tuple[CreditStep, ...], str]:
        history = history_of(facts)
        found = self._known.get(history)
        if found is None:
            steps = replay(facts_of(history), self.policies, self.until)
            found = steps, dump(steps)
            if len(self._known) < KEPT:
                self._known[history] = found
        return found
