"""Credited service as a replay of dated facts, in whole months (rules 4; S 二(五)4)."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

from payroll.rules.facts import Degree, Facts, Placed
from payroll.rules.service import months_in_service
from songshan_cw.periods import Month, january, month_of, next_month_of, year_of
from songshan_cw.policy import PolicyTimeline
from songshan_cw.policy.schema import PayRules
from songshan_cw.terms import Education, Result


class Cause(StrEnum):
    """Why the credit is what it is after a step, in the order events of one month apply (rules 4.6)."""

    HIRED = "聘用"
    YEAR = "年度累加"
    DEGREE = "学历"
    PLACEMENT = "定级核定"


CAUSE_ORDER = {cause: order for order, cause in enumerate(Cause)}


@dataclass(frozen=True, slots=True)
class CreditStep:
    """One event of the replay. ``credit`` is what holds from ``month`` on; the rest says how it came about."""

    month: Month
    cause: Cause
    before: int
    credit: int
    clause: str
    year: int | None = None
    result: Result | None = None
    served: int | None = None
    bonus: int = 0
    level: Education | None = None


@dataclass(frozen=True, slots=True)
class _Event:
    month: Month
    cause: Cause
    year: int = 0
    degree: Degree | None = None
    placed: Placed | None = None


def replay(facts: Facts, policies: PolicyTimeline, until: Month) -> tuple[CreditStep, ...]:
    """Every step of credited service from hiring to ``until``, both included (rules 4.7).

    The same facts give the same steps in whatever order they were entered.
    """
    start = month_of(facts.hired)
    step = _hired(facts, policies.at(start).pay, start)
    steps = [step]
    for event in _events(facts, start, until):
        step = _apply(event, step.credit, facts, policies.at(event.month).pay)
        steps.append(step)
    return tuple(steps)


def credit_at(steps: tuple[CreditStep, ...], month: Month) -> int:
    """The credited months that hold in a month; 0 before hiring."""
    index = bisect_right(steps, month, key=attrgetter("month"))
    return steps[index - 1].credit if index else 0


def _events(facts: Facts, start: Month, until: Month) -> list[_Event]:
    """Januaries, degrees and placements up to ``until`` in the order of rules 4.6."""
    events = [_Event(january(year + 1), Cause.YEAR, year=year) for year in range(year_of(start), year_of(until))]
    events.extend(_degree_events(facts, start, until))
    events.extend(
        _Event(placed.month, Cause.PLACEMENT, placed=placed)
        for placed in facts.placements
        if start <= placed.month <= until
    )
    events.sort(key=_event_order)
    return events


def _degree_events(facts: Facts, start: Month, until: Month) -> Iterator[_Event]:
    for degree in facts.degrees:
        month = max(start, next_month_of(degree.earned_on))
        if month <= until:
            yield _Event(month, Cause.DEGREE, degree=degree)


def _event_order(event: _Event) -> tuple[Month, int, int]:
    rank = event.degree.level.rank if event.degree else 0
    return event.month, CAUSE_ORDER[event.cause], rank


def _apply(event: _Event, credit: int, facts: Facts, pay: PayRules) -> CreditStep:
    if event.degree is not None:
        return _degree(event.degree, event.month, credit, pay)
    if event.placed is not None:
        return _placement(event.placed, credit)
    return _year(event.year, credit, facts, pay)


def _hired(facts: Facts, pay: PayRules, start: Month) -> CreditStep:
    """The education at hiring sets the first credit (rules 4.1; S 二(五)4(3))."""
    level = facts.entry_education
    credit = pay.entry_credit.value.get(level, 0)
    return CreditStep(start, Cause.HIRED, 0, credit, pay.entry_credit.clause, level=level)


def _year(year: int, credit: int, facts: Facts, pay: PayRules) -> CreditStep:
    """A January adds the months served the year before, where its assessment counts (rules 4.2; S 二(五)4(1), (4))."""
    served = months_in_service(facts, year)
    if year < pay.assessed_from_year.value:
        clause = pay.assessed_from_year.clause
        return CreditStep(january(year + 1), Cause.YEAR, credit, credit + served, clause, year, None, served)
    result = facts.assessments.get(year)
    if result not in pay.credited_results.value:
        clause = pay.credited_results.clause
        return CreditStep(january(year + 1), Cause.YEAR, credit, credit, clause, year, result, served)
    bonus = pay.bonus_months.value.get(result, 0)
    clause = pay.bonus_months.clause if bonus else pay.credited_results.clause
    return CreditStep(
        january(year + 1), Cause.YEAR, credit, credit + served + bonus, clause, year, result, served, bonus
    )


def _degree(degree: Degree, month: Month, credit: int, pay: PayRules) -> CreditStep:
    """A degree lifts the credit to its level and never lowers it (rules 4.4; S 二(五)4(3))."""
    lifted = max(credit, pay.entry_credit.value.get(degree.level, 0))
    return CreditStep(month, Cause.DEGREE, credit, lifted, pay.entry_credit.clause, level=degree.level)


def _placement(placed: Placed, credit: int) -> CreditStep:
    """An official placement wins over what was computed (rules 4.5; S 二(三)2)."""
    return CreditStep(placed.month, Cause.PLACEMENT, credit, placed.credited_months, "二(三)2")
