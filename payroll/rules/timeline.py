"""The grade month by month out of the replay, and on to the next promotion (rules 3, 4.6, 4.7)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from payroll.rules.credit import CreditStep, credit_at, replay
from payroll.rules.explanation import Explained, explain_post, explain_step
from payroll.rules.facts import Assignment, Facts, GradeScale
from payroll.rules.grading import assignment_in, effective_from, grade_of, step_of
from payroll.rules.slip import Jurisdiction
from payroll.rules.tables import scale_in_force
from songshan_cw.policy.schema import Policy
from songshan_cw.words.periods import Month, month_of, year_of
from songshan_cw.words.terms import Result

MONTHS_AHEAD = 15 * 12  # how far a next promotion is looked for


@dataclass(frozen=True, slots=True)
class Level:
    """Where a person is on the ladder in one month."""

    assignment: Assignment
    credited_months: int
    step: int
    grade: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A month in which something happened to the credit, the post or the grade; ``level`` holds from then on.

    ``level`` None: no grade table covers the month. ``rose``: grades up (+) or down (−) against the month before.
    """

    month: Month
    level: Level | None
    rose: int
    causes: tuple[Explained, ...]
    future: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """``moments`` up to ``today``; ``ahead`` to the next promotion, each year to come taken as 合格."""

    today: Month
    moments: tuple[Moment, ...]
    ahead: tuple[Moment, ...]
    now: Level | None

    @property
    def promotion(self) -> Moment | None:
        """The next rise by service alone or by a fact already on file; None within the years looked at."""
        return next((moment for moment in self.ahead if moment.rose > 0), None)


def assumed(facts: Facts, today: Month) -> Facts:
    """The facts with every year not yet over taken as 合格; years gone by stay as they are."""
    first = year_of(today)
    years = dict.fromkeys(range(first, first + MONTHS_AHEAD // 12 + 1), Result.COMPETENT)
    return facts._replace(assessments={**years, **facts.assessments})


def timeline(facts: Facts, jurisdictions: Mapping[str, Jurisdiction], today: Month) -> Timeline:
    """One person's ladder from hiring on. Raises PolicyGap."""
    last = today if facts.left is None else min(today, month_of(facts.left))
    moments = tuple(_moments(facts, jurisdictions, last))
    now = next((moment.level for moment in reversed(moments) if moment.level), None)
    ahead: tuple[Moment, ...] = ()
    if facts.left is None:
        ahead = tuple(_ahead(assumed(facts, today), jurisdictions, today))
    return Timeline(today, moments, ahead, now)


def level_in(facts: Facts, steps: tuple[CreditStep, ...], jurisdiction: Jurisdiction, month: Month) -> Level | None:
    """The level a month's table gives; None where no table covers it."""
    scale = scale_in_force(jurisdiction.scales, month)
    if scale is None:
        return None
    assignment = assignment_in(facts, month)
    credit = credit_at(steps, month)
    step = step_of(credit, scale.requirements[assignment.post])
    return Level(assignment, credit, step, grade_of(assignment, step, jurisdiction.timeline.at(month).pay))


def _ahead(facts: Facts, jurisdictions: Mapping[str, Jurisdiction], today: Month) -> Iterator[Moment]:
    """What is to come, up to the first rise; without one, only what is already on file."""
    coming = [moment for moment in _moments(facts, jurisdictions, today + MONTHS_AHEAD) if moment.month > today]
    rise = next((index for index, moment in enumerate(coming) if moment.rose > 0), None)
    for moment in coming[: rise + 1] if rise is not None else ():
        yield replace(moment, future=True)


def _moments(facts: Facts, jurisdictions: Mapping[str, Jurisdiction], last: Month) -> Iterator[Moment]:
    start = month_of(facts.hired)
    steps = replay(facts, _jurisdiction(facts, jurisdictions, last).timeline, last)
    taken = {effective_from(facts, one): one for one in facts.assignments}
    by_month: dict[Month, list[CreditStep]] = {}
    for step in steps:
        by_month.setdefault(step.month, []).append(step)
    before: Level | None = None
    table: GradeScale | None = None
    for month in range(start, last + 1):
        jurisdiction = _jurisdiction(facts, jurisdictions, month)
        level = level_in(facts, steps, jurisdiction, month)
        causes = [explain_step(step) for step in by_month.get(month, ())]
        if month in taken:
            causes.append(explain_post(facts, taken[month], month, jurisdiction.timeline.at(month)))
        scale = scale_in_force(jurisdiction.scales, month)
        if scale is not table:
            causes += _table_causes(month, table, before, level, jurisdiction.timeline.at(month))
            table = scale
        rose = level.grade - before.grade if level and before else 0
        if causes or rose:
            yield Moment(month, level, rose, tuple(causes), future=False)
        before = level


def _jurisdiction(facts: Facts, jurisdictions: Mapping[str, Jurisdiction], month: Month) -> Jurisdiction:
    return jurisdictions[assignment_in(facts, month).community[:6]]


def _table_causes(
    month: Month, table: GradeScale | None, before: Level | None, level: Level | None, policy: Policy
) -> Iterator[Explained]:
    """A grade table that begins, or gives another step for the same credit."""
    clause = policy.pay.bands.clause
    if table is None and level is not None:
        text = f"等级系数表自本月起施行，套入{level.assignment.post}{level.step}档{level.grade}级。"
        yield Explained(month, "套级", text, clause)
    elif before is not None and level is not None and before.grade != level.grade:
        yield Explained(month, "等级系数表", "改按新的等级系数表套级。", clause)
