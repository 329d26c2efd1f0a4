"""The grade month by month, up to the next promotion (rules 3, 4.6, 4.7)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from payroll.rules.credit import CreditStep, credit_at
from payroll.rules.explanation import Explained, explain_post, explain_step
from payroll.rules.facts import Assignment, Facts, GradeScale
from payroll.rules.grading import assignment_in, effective_from, grade_of, step_of
from payroll.rules.slip import DistrictReplays, Jurisdiction
from payroll.rules.tables import scale_in_force
from songshan_cw.policy.schema import Policy
from songshan_cw.words.periods import Month, month_of, year_of
from songshan_cw.words.terms import Result

MONTHS_AHEAD = 15 * 12  # how far ahead to look for the next promotion


@dataclass(frozen=True, slots=True)
class Level:
    """A person's place on the ladder in one month."""

    assignment: Assignment
    credited_months: int
    step: int
    grade: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A month in which credit, post or grade changed. ``level`` holds from then on.

    ``level`` is None without a grade table. ``rose``: grades up (+) or down (−) from the month before.
    """

    month: Month
    level: Level | None
    rose: int
    causes: tuple[Explained, ...]
    future: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """``moments`` up to ``today``; ``ahead`` up to the next promotion, with open years as 合格."""

    today: Month
    moments: tuple[Moment, ...]
    ahead: tuple[Moment, ...]
    now: Level | None

    @property
    def promotion(self) -> Moment | None:
        """Return the next promotion by service alone or by a recorded fact, or None in the years searched."""
        return next((moment for moment in self.ahead if moment.rose > 0), None)


def assumed(facts: Facts, today: Month) -> Facts:
    """Return the facts with every open year as 合格. Finished years stay unchanged."""
    first = year_of(today)
    years = dict.fromkeys(range(first, first + MONTHS_AHEAD // 12 + 1), Result.COMPETENT)
    return facts._replace(assessments={**years, **facts.assessments})


def timeline(facts: Facts, jurisdictions: Mapping[str, Jurisdiction], today: Month) -> Timeline:
    """Return one person's ladder since hiring. Raises PolicyGap."""
    last = today if facts.left is None else min(today, month_of(facts.left))
    moments = tuple(_moments(facts, jurisdictions, last))
    now = next((moment.level for moment in reversed(moments) if moment.level), None)
    ahead: tuple[Moment, ...] = ()
    if facts.left is None:
        ahead = tuple(_ahead(assumed(facts, today), jurisdictions, today))
    return Timeline(today, moments, ahead, now)


def level_in(facts: Facts, steps: tuple[CreditStep, ...], jurisdiction: Jurisdiction, month: Month) -> Level | None:
    """Return the level by the month's table, or None without one."""
    scale = scale_in_force(jurisdiction.scales, month)
    if scale is None:
        return None
    assignment = assignment_in(facts, month)
    credit = credit_at(steps, month)
    step = step_of(credit, scale.requirements[assignment.post])
    return Level(assignment, credit, step, grade_of(assignment, step, jurisdiction.timeline.at(month).pay))


def _ahead(facts: Facts, jurisdictions: Mapping[str, Jurisdiction], today: Month) -> Iterator[Moment]:
    """Return coming moments up to the first promotion, or only recorded ones without a promotion."""
    coming = [moment for moment in _moments(facts, jurisdictions, today + MONTHS_AHEAD) if moment.month > today]
    rise = next((index for index, moment in enumerate(coming) if moment.rose > 0), None)
    for moment in coming[: rise + 1] if rise is not None else ():
        yield replace(moment, future=True)


def _moments(facts: Facts, jurisdictions: Mapping[str, Jurisdiction], last: Month) -> Iterator[Moment]:
    start = month_of(facts.hired)
    replays = DistrictReplays(facts, jurisdictions, last)
    taken = {effective_from(facts, one): one for one in facts.assignments}
    before: Level | None = None
    table: GradeScale | None = None
    for month in range(start, last + 1):
        jurisdiction, steps = replays.jurisdiction(month), replays.of(month)
        level = level_in(facts, steps, jurisdiction, month)
        causes = [explain_step(step) for step in steps if step.month == month]
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


def _table_causes(
    month: Month, table: GradeScale | None, before: Level | None, level: Level | None, policy: Policy
) -> Iterator[Explained]:
    """Return changes by a new grade table."""
    clause = policy.pay.bands.clause
    if table is None and level is not None:
        text = f"等级系数表自本月起施行，套入{level.assignment.post}{level.step}档{level.grade}级。"
        yield Explained(month, "套级", text, clause)
    elif before is not None and level is not None and before.grade != level.grade:
        yield Explained(month, "等级系数表", "改按新的等级系数表套级。", clause)
