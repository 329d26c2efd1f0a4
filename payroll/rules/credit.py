"""Credited service, replayed from dated facts in whole months (rules 4; S 二(五)4)."""

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import NamedTuple

from payroll.rules.facts import Degree, Facts, Placed
from payroll.rules.service import months_in_service
from songshan_cw.policy import PolicyTimeline
from songshan_cw.policy.schema import PayRules
from songshan_cw.words.periods import Month, january, month_of, next_month_of, year_of
from songshan_cw.words.regions import above
from songshan_cw.words.terms import Education, Result, Term


class Cause(Term):
    """The cause of a step, in the order in which events of one month apply (rules 4.6)."""

    HIRED = "聘用"
    YEAR = "年度累加"
    DEGREE = "学历"
    PLACEMENT = "定级核定"


class CreditStep(NamedTuple):
    """One event of the replay. ``credit`` holds from ``month`` on."""

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


SHARED = 65_536  # cached, because thousands of people take the same step

# (month, order within the month, rank, what happened): a year to credit, a degree or a placement.
_Event = tuple[Month, int, int, int | Degree | Placed]


def replay(facts: Facts, policies: PolicyTimeline, until: Month) -> tuple[CreditStep, ...]:
    """Return every step of credited service from hiring to ``until`` inclusive (rules 4.7).

    The order of entry does not matter.
    """
    start = month_of(facts.hired)
    step = _hired(facts.entry_education, policies.at(start).pay, start)
    steps = [step]
    for event in _events(facts, start, until):
        step = _apply(event, step.credit, facts, policies)
        steps.append(step)
    return tuple(steps)


def service_area(district: str, pay: PayRules) -> str:
    """Return the leading digits of the codes of the communities whose months count (rules 4.8; S 二(五)1)."""
    return above(district, pay.service_area.value)


def credit_at(steps: tuple[CreditStep, ...], month: Month) -> int:
    """Return the credited months in a month, 0 before hiring. A replay has at least the step of hiring."""
    if steps[-1].month <= month:
        return steps[-1].credit
    index = bisect_right(steps, month, key=attrgetter("month"))
    return steps[index - 1].credit if index else 0


def _events(facts: Facts, start: Month, until: Month) -> list[_Event]:
    """Return Januaries, degrees and placements up to ``until``, in the order of rules 4.6 within a month."""
    events = [*_januaries(year_of(start), year_of(until))]
    if facts.degrees or facts.placements:
        events.extend(_degree_events(facts, start, until))
        events.extend((one.month, 2, 0, one) for one in facts.placements if start <= one.month <= until)
        events.sort(key=itemgetter(0, 1, 2))
    return events


@lru_cache
def _januaries(first: int, last: int) -> tuple[_Event, ...]:
    """Return the Januaries that credit the years from the first to the last but one."""
    return tuple((january(year + 1), 0, 0, year) for year in range(first, last))


def _degree_events(facts: Facts, start: Month, until: Month) -> Iterator[_Event]:
    """Return degrees, which count from the next month (rules 4.4), or from hiring if earned before it (reading
    DEGREE_BEFORE_HIRING).
    """
    for degree in facts.degrees:
        month = max(start, next_month_of(degree.earned_on))
        if month <= until:
            yield month, 1, degree.level.rank, degree


def _apply(event: _Event, credit: int, facts: Facts, policies: PolicyTimeline) -> CreditStep:
    month, _, _, happened = event
    pay = policies.at(month).pay
    if isinstance(happened, int):
        return _last_year(happened, credit, facts, service_area(policies.district, pay), pay)
    if isinstance(happened, Degree):
        return _degree(happened.level, month, credit, pay)
    return _placement(happened, credit, pay)


@lru_cache(maxsize=SHARED)
def _hired(level: Education, pay: PayRules, start: Month) -> CreditStep:
    """Set the first credit from the education at hiring (rules 4.1; S 二(五)4(3))."""
    credit = pay.entry_credit.value.get(level, 0)
    return CreditStep(start, Cause.HIRED, 0, credit, pay.entry_credit.clause, level=level)


def _last_year(year: int, credit: int, facts: Facts, area: str, pay: PayRules) -> CreditStep:
    """Add a year: after a placement its months from the placement's month on (rules 4.5, reading PLACEMENT_YEAR), and
    the bonus only to a year with a month in service (rules 4.2, reading BONUS_WITHOUT_MONTHS).
    """
    served = counted = months_in_service(facts, year, area)
    placed = [one.month for one in facts.placements if year_of(one.month) == year and pay.placement.value]
    if placed:
        counted = months_in_service(facts, year, area, max(placed))
    return _year(year, credit, counted, served > 0, facts.assessments.get(year), pay)


@lru_cache(maxsize=SHARED)
def _year(year: int, credit: int, served: int, in_service: bool, result: Result | None, pay: PayRules) -> CreditStep:
    """Add last year's months of service if its assessment counts (rules 4.2; S 二(五)4(1), (4))."""
    if year < pay.assessed_from_year.value:
        clause = pay.assessed_from_year.clause
        return CreditStep(january(year + 1), Cause.YEAR, credit, credit + served, clause, year, None, served)
    if result not in pay.credited_results.value:
        clause = pay.credited_results.clause
        return CreditStep(january(year + 1), Cause.YEAR, credit, credit, clause, year, result, served)
    bonus = pay.bonus_months.value.get(result, 0) if in_service else 0
    clause = pay.bonus_months.clause if bonus else pay.credited_results.clause
    return CreditStep(
        january(year + 1), Cause.YEAR, credit, credit + served + bonus, clause, year, result, served, bonus
    )


@lru_cache(maxsize=SHARED)
def _degree(level: Education, month: Month, credit: int, pay: PayRules) -> CreditStep:
    """Raise the credit to the degree's level, never lower it (rules 4.4; S 二(五)4(3))."""
    lifted = max(credit, pay.entry_credit.value.get(level, 0))
    return CreditStep(month, Cause.DEGREE, credit, lifted, pay.entry_credit.clause, level=level)


def _placement(placed: Placed, credit: int, pay: PayRules) -> CreditStep:
    """Set the credit by an official placement (rules 4.5; S 二(三)2), where the document provides for it."""
    settled = placed.credited_months if pay.placement.value else credit
    return CreditStep(placed.month, Cause.PLACEMENT, credit, settled, pay.placement.clause)
