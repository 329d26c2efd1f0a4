"""What one person is due for a month, and as arrears of closed months (rules 5.5, 5.6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from payroll.rules.arrears import ArrearsLine, Key, differences
from payroll.rules.credit import CreditStep, credit_at, replay
from payroll.rules.facts import Facts, GradeScale
from payroll.rules.grading import assignment_in, grade_of, step_of
from payroll.rules.pay import MonthlyPay, Situation, Unpaid, unpaid_reason
from payroll.rules.registry import RULES
from payroll.rules.tables import NoTable, rate, scale_in_force
from songshan_cw.policy import PolicyTimeline
from songshan_cw.policy.schema import PayRules
from songshan_cw.words.components import components
from songshan_cw.words.periods import Month, month_of
from songshan_cw.words.regions import district_of


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A district's policies by month and its grade tables."""

    district: str
    timeline: PolicyTimeline
    scales: tuple[GradeScale, ...]


def pay_for(
    facts: Facts, steps: tuple[CreditStep, ...], scale: GradeScale, rules: PayRules, month: Month
) -> MonthlyPay:
    """Compute the pay of a paid month. ``steps`` is the replay up to that month or later."""
    assignment = assignment_in(facts, month)
    credit = credit_at(steps, month)
    step = step_of(credit, scale.requirements[assignment.post])
    grade = grade_of(assignment, step, rules)
    at = rate(scale, grade, rules, month)
    amounts: dict[str, Decimal] = {}
    for one in components():
        amounts[one.term] = RULES[one.term].amount(Situation(facts, month, at, rules, amounts))
    parts = tuple(amounts.items())
    return MonthlyPay(month, assignment, credit, step, grade, at.coefficient, at.annual_base, parts)


@dataclass(slots=True)
class DistrictReplays:
    """One person's replays up to a month, by the district served in: each counts the months of its own area
    (rules 4.8).
    """

    facts: Facts
    jurisdictions: Mapping[str, Jurisdiction]
    until: Month
    _known: dict[str, tuple[CreditStep, ...]] = field(default_factory=dict)

    def jurisdiction(self, month: Month) -> Jurisdiction:
        """Return the jurisdiction of the assignment of a month. Raises PolicyGap."""
        return self.jurisdictions[district_of(assignment_in(self.facts, month).community)]

    def of(self, month: Month) -> tuple[CreditStep, ...]:
        """Return the steps of the district of a month."""
        here = self.jurisdiction(month)
        if here.district not in self._known:
            self._known[here.district] = replay(self.facts, here.timeline, self.until)
        return self._known[here.district]


def monthly_due(
    facts: Facts, steps: tuple[CreditStep, ...], jurisdiction: Jurisdiction, month: Month
) -> MonthlyPay | Unpaid:
    """Return the pay of a month, or why there is none. Raises NoTable."""
    policy = jurisdiction.timeline.at(month)
    reason = unpaid_reason(facts, policy, month)
    if reason is not None:
        return reason
    scale = scale_in_force(jurisdiction.scales, month)
    if scale is None:
        raise NoTable(month)
    return pay_for(facts, steps, scale, policy.pay, month)


def closed_for(facts: Facts, closed: frozenset[tuple[str, Month]], months: Iterable[Month]) -> tuple[Month, ...]:
    """Return the months whose run is approved in the street the person belonged to then (rules 5.6)."""
    first = month_of(facts.hired)
    return tuple(month for month in months if month >= first and (assignment_in(facts, month).street, month) in closed)


def arrears_of(
    facts: Facts,
    steps: tuple[CreditStep, ...],
    jurisdictions: Mapping[str, Jurisdiction],
    months: Iterable[Month],
    paid: Mapping[Key, Decimal],
) -> tuple[ArrearsLine, ...]:
    """Return what closed months are due now, less what the ledger paid for them (rules 5.6).

    ``steps`` is the replay of somebody who served in one district only; else each district counts its own (rules 4.8).
    """
    due: dict[Key, Decimal] = {}
    concerned = {*months, *(month for month, _ in paid)}
    one_district = len({district_of(one.community) for one in facts.assignments}) == 1
    replays = DistrictReplays(facts, jurisdictions, max(concerned, default=0))
    for month in concerned:
        jurisdiction = replays.jurisdiction(month)
        pay = monthly_due(facts, steps if one_district else replays.of(month), jurisdiction, month)
        if isinstance(pay, MonthlyPay):
            due.update({(month, component): amount for component, amount in pay.amounts()})
    return differences(due, paid)
