"""Required and completed training of a year (rules 9.3; S 二(四)1; O 16)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from songshan_cw.policy.schema import TrainingRequirement, TrainingUnit
from songshan_cw.words.spans import Span
from songshan_cw.words.terms import Position


@dataclass(frozen=True, slots=True)
class Session:
    """A training attended. ``hours`` is None where not entered."""

    span: Span
    hours: Decimal | None


@dataclass(frozen=True, slots=True)
class TrainingStanding:
    """Required and completed training in one unit. ``unmeasured`` counts sessions without the hours they need."""

    required: int
    done: Decimal
    unit: TrainingUnit
    unmeasured: int

    @property
    def met(self) -> bool:
        return self.done >= self.required


def requirement_for(position: Position, yearly: Sequence[TrainingRequirement]) -> TrainingRequirement:
    """Return the requirement of a position. The policy lists every position once."""
    return next(rule for rule in yearly if position in rule.positions)


def training_standing(sessions: Iterable[Session], requirement: TrainingRequirement, year: int) -> TrainingStanding:
    """Count each day once (readings: TRAINING_DAYS), or the hours entered, up to the last day."""
    attended = list(sessions)
    if requirement.unit is TrainingUnit.DAYS:
        return TrainingStanding(requirement.amount, Decimal(_days(attended, year)), requirement.unit, 0)
    ended = [session for session in attended if session.span.last is not None and session.span.last.year == year]
    hours = sum((session.hours for session in ended if session.hours is not None), Decimal(0))
    missing = sum(1 for session in ended if session.hours is None)
    return TrainingStanding(requirement.amount, hours, requirement.unit, missing)


def _days(sessions: Iterable[Session], year: int) -> int:
    days: set[date] = set()
    for session in sessions:
        part = session.span.within(date(year, 1, 1), date(year, 12, 31))
        if part is not None:
            days.update(part.first + timedelta(days=number) for number in range(part.days))
    return len(days)


def owes_training(service: Span, gaps: Iterable[Span], year: int) -> bool:
    """Return whether the person served the whole year without a break (readings: TRAINING_FULL_YEAR)."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    whole = service.first <= first and (service.last is None or service.last >= last)
    return whole and not any(gap.within(first, last) for gap in gaps)
