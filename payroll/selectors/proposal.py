"""Add an unsaved record to a person's facts, as the rules would read it."""

from collections.abc import Callable
from typing import Any

from payroll.rules.facts import Assignment, Categorised, Certified, Degree, Facts, Gap, Placed
from songshan_cw.policy.readings import READINGS, Reading
from songshan_cw.policy.schema import Policy
from songshan_cw.words.periods import Month, month_of, next_month_of
from songshan_cw.words.terms import Category, CertificateLevel, Education, Position, Post
from workers.models import (
    CategoryRecord,
    Certificate,
    Contract,
    EducationRecord,
    Exit,
    Hiring,
    Placement,
    PostAssignment,
    ServiceGap,
)


def facts_with(facts: Facts, record: Any) -> Facts:
    """Return the person's facts of pay with one more."""
    return ADDED[type(record)](facts, record)


def counts_from(record: Any) -> Month:
    """Return the first month for which the record may decide pay (rules 3.5, 4.4, 4.5, 5.2, 5.4)."""
    if isinstance(record, Placement):
        return int(record.month)
    if isinstance(record, ServiceGap):
        return month_of(record.first_day)
    if isinstance(record, Contract | CategoryRecord):
        return month_of(record.start)
    if isinstance(record, Hiring):
        return month_of(record.worker.hired_on)
    days = {PostAssignment: "start", EducationRecord: "earned_on", Certificate: "approved_on", Exit: "left_on"}
    return next_month_of(getattr(record, days[type(record)]))


def cited(record: Any, policy: Policy) -> tuple[str, Reading | None]:
    """Return the clause by which the record affects pay, and the reading where one applies."""
    pay = policy.pay
    clauses: dict[type[Any], tuple[str, Reading | None]] = {
        PostAssignment: (pay.exit_stop.clause, None),
        CategoryRecord: (policy.scope.in_scheme.clause, READINGS["TAKEN_IN_MONTH"]),
        EducationRecord: (pay.entry_credit.clause, READINGS["DEGREE_MONTH"]),
        Certificate: (pay.allowances.clause, None),
        Contract: (pay.probation_share.clause, None),
        Hiring: (policy.recruitment.methods.clause, READINGS["HIRING_METHODS"]),
        Exit: (pay.exit_stop.clause, READINGS["UNFINISHED_LAST_DAY"]),
        Placement: (pay.placement.clause, READINGS["PLACEMENT_YEAR"]),
        ServiceGap: (pay.credited_results.clause, READINGS["INTERRUPTION"]),
    }
    return clauses[type(record)]


def _post(facts: Facts, record: PostAssignment) -> Facts:
    one = Assignment(record.start, record.community_id, Post(record.post), Position(record.position), record.dual)
    return facts._replace(assignments=(*facts.assignments, one))


def _category(facts: Facts, record: CategoryRecord) -> Facts:
    one = Categorised(record.start, Category(record.category))
    return facts._replace(categories=(*facts.categories, one))


def _degree(facts: Facts, record: EducationRecord) -> Facts:
    return facts._replace(degrees=(*facts.degrees, Degree(record.earned_on, Education(record.level))))


def _certificate(facts: Facts, record: Certificate) -> Facts:
    one = Certified(record.approved_on, CertificateLevel(record.level), record.ended_on)
    return facts._replace(certificates=(*facts.certificates, one))


def _contract(facts: Facts, record: Contract) -> Facts:
    ends = [day for day in (facts.probation_end, record.probation_end) if day]
    return facts._replace(probation_end=max(ends, default=None))


def _exit(facts: Facts, record: Exit) -> Facts:
    return facts._replace(left=record.left_on)


def _placement(facts: Facts, record: Placement) -> Facts:
    return facts._replace(placements=(*facts.placements, Placed(int(record.month), record.credited_months)))


def _gap(facts: Facts, record: ServiceGap) -> Facts:
    return facts._replace(gaps=(*facts.gaps, Gap(record.first_day, record.last_day)))


ADDED: dict[type[Any], Callable[[Facts, Any], Facts]] = {
    PostAssignment: _post,
    CategoryRecord: _category,
    EducationRecord: _degree,
    Certificate: _certificate,
    Contract: _contract,
    Exit: _exit,
    Hiring: lambda facts, _record: facts,
    Placement: _placement,
    ServiceGap: _gap,
}
