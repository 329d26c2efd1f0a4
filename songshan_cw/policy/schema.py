"""The types of policy values. Each value carries its clause; a jurisdiction is data, not code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from songshan_cw.words.terms import Category, CertificateLevel, Education, Position, Post, RegionLevel, Result, Role

T = TypeVar("T")


def article(clause: str) -> str:
    """Write a clause for a sentence: ``第23条(七)`` where the document counts articles, else unchanged."""
    if not clause[:1].isdigit():
        return clause
    number = clause.split("(")[0]
    return f"第{number}条{clause[len(number) :]}"


@dataclass(frozen=True, slots=True)
class Cited(Generic[T]):
    """A value with the clause that states it and the day from which it holds."""

    value: T
    clause: str
    since: date

    @property
    def article(self) -> str:
        return article(self.clause)


class DayKind(StrEnum):
    CALENDAR = "日历日"
    WORKING = "工作日"


class TrainingUnit(StrEnum):
    DAYS = "天"
    HOURS = "学时"


class ExitStop(StrEnum):
    """From when pay stops after leaving."""

    NEXT_MONTH = "次月"


@dataclass(frozen=True, slots=True)
class GradeBand:
    """The lowest and highest grade of a post."""

    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class ApprovalStep:
    """One approval in the policy's order: the authority in the document, and the role that records it here."""

    authority: str
    role: Role


@dataclass(frozen=True, slots=True)
class HouseholdRange:
    """Households for one worker. Both ends are equal where the document states one number."""

    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class TrainingRequirement:
    """Yearly training required of these positions."""

    positions: tuple[Position, ...]
    amount: int
    unit: TrainingUnit


@dataclass(frozen=True, slots=True)
class AbsenceLimit:
    """Unexcused absence that permits dismissal. ``exceed``: the limit itself is still allowed."""

    days: int
    exceed: bool
    day_kind: DayKind


@dataclass(frozen=True, slots=True)
class FailingLimit:
    """Consecutive failing years that permit dismissal."""

    years: int
    within_term: bool


@dataclass(frozen=True, slots=True)
class RenewalCondition:
    """The condition of renewal: passing results, number of recent years, and years of service."""

    passing: frozenset[Result]
    consecutive_years: int
    service_years: int


@dataclass(frozen=True, slots=True)
class LeaveBand:
    """Annual leave days from this many cumulative working years."""

    from_years: int
    days: int


@dataclass(frozen=True, slots=True)
class ScopeRules:
    """Categories in the pay scheme, and categories that are only registered."""

    in_scheme: Cited[frozenset[Category]]
    registrable: Cited[frozenset[Category]]


@dataclass(frozen=True, slots=True, eq=False)
class PayRules:
    """Posts, ladder, credit, pay and allowance.

    ``scheme_supplied`` is False where the document leaves pay to another one: nothing is then paid until a grade table
    of the district is uploaded. ``placement``: an official placement (定级核定) sets the credit. ``service_area``: the
    district or the city whose communities count as service.
    """

    scheme_supplied: Cited[bool]
    bands: Cited[Mapping[Post, GradeBand]]
    steps: Cited[int]
    highest_grade: Cited[int]
    dual_posts: Cited[frozenset[Post]]
    dual_grades: Cited[int]
    entry_credit: Cited[Mapping[Education, int]]
    placement: Cited[bool]
    credited_results: Cited[frozenset[Result]]
    bonus_months: Cited[Mapping[Result, int]]
    assessed_from_year: Cited[int]
    service_area: Cited[RegionLevel]
    base_share: Cited[Decimal]
    performance_share: Cited[Decimal]
    probation_share: Cited[Decimal]
    allowances: Cited[Mapping[CertificateLevel, Decimal]]
    allowance_from: Cited[date]
    exit_stop: Cited[ExitStop]
    performance_weights: Cited[Mapping[Result, Decimal]]


@dataclass(frozen=True, slots=True)
class AssessmentRules:
    excellent_share: Cited[Decimal]
    satisfaction_weight: Cited[Decimal | None]
    proposed_by: Cited[str]
    decided_by: Cited[str]
    filed_with: Cited[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class SecondmentRules:
    most_at_once: Cited[int]
    most_months: Cited[int | None]
    approvals: Cited[tuple[ApprovalStep, ...]]


@dataclass(frozen=True, slots=True)
class StaffingRules:
    households_per_worker: Cited[HouseholdRange]
    fewest_workers: Cited[int | None]
    most_leaders: Cited[int | None]
    party_workers: Cited[int]
    local_committee_members: Cited[int | None]


@dataclass(frozen=True, slots=True)
class TrainingRules:
    yearly: Cited[tuple[TrainingRequirement, ...]]
    visits_per_month: Cited[int | None]


@dataclass(frozen=True, slots=True)
class ContractRules:
    term_months: Cited[Mapping[Category, int]]
    minimum_service_months: Cited[int | None]
    probation_months: Cited[int | None]
    renewal: Cited[RenewalCondition]
    due_days: Cited[tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class DismissalRules:
    failing: Cited[FailingLimit]
    absence_running: Cited[AbsenceLimit]
    absence_yearly: Cited[AbsenceLimit]
    reasons: Cited[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class RecruitmentRules:
    methods: Cited[tuple[str, ...]]
    lowest_education: Cited[Education | None]
    under_age: Cited[int | None]
    disqualifiers: Cited[tuple[str, ...]]
    certificate_first: Cited[bool]


@dataclass(frozen=True, slots=True)
class LeaveRules:
    kinds: Cited[tuple[str, ...]]
    annual_days: Cited[tuple[LeaveBand, ...]]


@dataclass(frozen=True, slots=True)
class ArchiveRules:
    parts: Cited[tuple[str, ...]]
    filed_positions: Cited[frozenset[Position]]
    filed_with: Cited[str]


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document: title, regions and days of force. ``regions`` are codes of districts, or of a whole city."""

    key: str
    title: str
    number: str
    issued_on: date
    in_force_from: date
    in_force_to: date | None
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClauseNote:
    """One clause: its number, a summary in our words, and the parameters that implement it."""

    number: str
    summary: str
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A document as of one day. ``version`` names the document and the day of its newest value."""

    document: Document
    version: str
    scope: ScopeRules
    pay: PayRules
    assessment: AssessmentRules
    secondment: SecondmentRules
    staffing: StaffingRules
    training: TrainingRules
    contract: ContractRules
    dismissal: DismissalRules
    recruitment: RecruitmentRules
    leave: LeaveRules
    archive: ArchiveRules
    clauses: tuple[ClauseNote, ...]


def cite(document: Document, clause: str) -> str:
    """Write ``《…方案》（试行）二(五)4(1)``, or ``《…办法》第14条`` where the document counts articles."""
    return f"《{document.title}》{article(clause)}"


def clause_note(policy: Policy, clause: str) -> ClauseNote | None:
    """Return the note of a clause, or None where the document has no such clause."""
    return next((note for note in policy.clauses if note.number == clause), None)
