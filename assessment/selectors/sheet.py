"""Read a street's year of assessments as one sheet: people, proposals, decisions (rules 8.1)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr
from django.utils.crypto import salted_hmac

from assessment.models import AnnualAssessment, AssessmentProposal
from assessment.selectors.share import StreetShare, share_of
from songshan_cw.policy import policy_or_none
from songshan_cw.policy.schema import Cited
from songshan_cw.words.regions import DIGITS
from songshan_cw.words.terms import RegionLevel, Result
from workers.models import PostAssignment, Region, User, Worker
from workers.selectors.categories import category_on
from workers.selectors.scope import visible
from workers.selectors.streams import people_of


@dataclass(frozen=True, slots=True)
class SheetRow:
    """``counts``: the category belongs to the scheme, so the person counts for the share of 优秀."""

    worker: Worker
    before: str
    proposal: AssessmentProposal | None
    decision: AnnualAssessment | None
    counts: bool

    @property
    def result(self) -> str:
        return self.decision.result if self.decision else ""

    @property
    def filed(self) -> bool:
        return self.decision is not None and self.decision.filed_on is not None


@dataclass(frozen=True, slots=True)
class Sheet:
    """``share`` and ``filed_with`` are None without a policy in force; ``elsewhere`` counts 优秀 outside the rows."""

    street: Region
    year: int
    rows: tuple[SheetRow, ...]
    share: StreetShare | None
    filed_with: Cited[tuple[str, ...]] | None
    version: str

    @property
    def most(self) -> int | None:
        return None if self.share is None else self.share.share.limit + self.share.share.extra

    @property
    def elsewhere(self) -> int:
        shown = sum(row.counts and row.result == Result.EXCELLENT for row in self.rows)
        return 0 if self.share is None else max(self.share.share.used - shown, 0)

    @property
    def decided(self) -> int:
        return sum(row.decision is not None for row in self.rows)

    @property
    def filed(self) -> int:
        return sum(row.filed for row in self.rows)

    @property
    def proposed(self) -> int:
        return sum(row.proposal is not None for row in self.rows)


def workers_of_year(street: str, year: int) -> QuerySet[Worker]:
    """Select who served in the year and held the last post of it in this street (readings: EXCELLENT_COUNTED)."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    posts = PostAssignment.objects.filter(worker=OuterRef("pk")).order_by("-start")
    until = posts.filter(start__lte=last).annotate(street=Substr("community_id", 1, DIGITS[RegionLevel.STREET]))
    served = Q(hired_on__lte=last) & (Q(exit=None) | Q(exit__left_on__gte=first))
    return (
        people_of([street])
        .filter(served)
        .annotate(last_street=Subquery(until.values("street")[:1]))
        .filter(last_street=street)
    )


def people_of_year(street: str, year: int) -> set[int]:
    return set(workers_of_year(street, year).values_list("pk", flat=True))


def sheet_of(street: Region, year: int, *, user: User) -> Sheet:
    """Read the sheet with a fixed number of statements."""
    found = visible(workers_of_year(street.code, year), user).select_related("standing__community")
    found = found.annotate(category_then=category_on(date(year, 12, 31)))
    workers = list(found.order_by("standing__community_id", "initials", "pk"))
    decisions = _by_worker(AnnualAssessment.objects.filter(worker__in=found.order_by(), year=year))
    proposals = _by_worker(AssessmentProposal.objects.filter(worker__in=found.order_by(), year=year))
    earlier = AnnualAssessment.objects.filter(worker__in=found.order_by(), year=year - 1)
    before = dict(earlier.values_list("worker_id", "result"))
    policy = policy_or_none(street.code, date(year, 12, 31))
    inside = policy.scope.in_scheme.value if policy else ()
    rows = tuple(
        SheetRow(w, before.get(w.pk, ""), proposals.get(w.pk), decisions.get(w.pk), w.category_then in inside)
        for w in workers
    )
    return Sheet(
        street,
        year,
        rows,
        share_of(street.code, year) if policy else None,
        policy.assessment.filed_with if policy else None,
        version_of_year(street.code, year),
    )


def version_of_year(street_code: str, year: int) -> str:
    """Hash all proposals and decisions, so that the second of two editors can be refused."""
    people = workers_of_year(street_code, year).order_by().values("pk")
    decided = AnnualAssessment.objects.filter(worker__in=people, year=year).order_by("worker_id")
    proposed = AssessmentProposal.objects.filter(worker__in=people, year=year).order_by("worker_id")
    state = [
        *decided.values_list("worker_id", "result", "filed_on"),
        *proposed.values_list("worker_id", "everyday", "yearly", "satisfaction", "result"),
    ]
    return salted_hmac("assessment.sheet", repr(state), algorithm="sha256").hexdigest()


def progress(streets: QuerySet[Region], year: int, *, user: User) -> dict[str, dict[str, int]]:
    """Count by street the people in service and what is proposed, decided and filed for the year."""
    codes = list(streets.values_list("code", flat=True))
    people = visible(Worker.objects.filter(standing__street__in=codes, exit=None), user)
    of_year: dict[str, Any] = {"year": year, "worker__standing__street__in": codes}
    decided = visible(AnnualAssessment.objects.filter(**of_year), user)
    proposed = visible(AssessmentProposal.objects.filter(**of_year), user)
    counted = {
        "people": _counts(people, "standing__street"),
        "proposed": _counts(proposed, "worker__standing__street"),
        "decided": _counts(decided, "worker__standing__street"),
        "filed": _counts(decided.exclude(filed_on=None), "worker__standing__street"),
        "excellent": _counts(decided.filter(result=Result.EXCELLENT.value), "worker__standing__street"),
    }
    return {code: {name: counts.get(code, 0) for name, counts in counted.items()} for code in codes}


def _counts(rows: QuerySet[Any], path: str) -> dict[str, int]:
    return {row[path]: row["n"] for row in rows.order_by().values(path).annotate(n=Count("pk"))}


def _by_worker(rows: QuerySet[Any]) -> dict[int, Any]:
    return {row.worker_id: row for row in rows}
