"""A street's year of assessments as one sheet: who is assessed, what is proposed, what is decided (rules 8.1)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.crypto import salted_hmac

from assessment.models import AnnualAssessment, AssessmentProposal
from assessment.selectors.share import StreetShare, share_of
from assessment.selectors.years import workers_of_year
from songshan_cw.policy import PolicyGap, policy_at
from songshan_cw.words.terms import Result
from workers.models import Region, User, Worker
from workers.selectors.scope import visible


@dataclass(frozen=True, slots=True)
class SheetRow:
    """``counts``: one of those the share of 优秀 is measured by, as far as the category goes."""

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
    """``share`` None: no policy in force for the year. ``elsewhere``: 优秀 that count without being in the rows."""

    street: Region
    year: int
    rows: tuple[SheetRow, ...]
    share: StreetShare | None
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
    def proposed(self) -> int:
        return sum(row.proposal is not None for row in self.rows)


def sheet_of(street: Region, year: int, *, user: User) -> Sheet:
    """A fixed number of statements, however many people."""
    found = visible(workers_of_year(street.code, year), user).select_related("standing__community")
    workers = list(found.order_by("standing__community_id", "initials", "pk"))
    decisions = _by_worker(AnnualAssessment.objects.filter(worker__in=found.order_by(), year=year))
    proposals = _by_worker(AssessmentProposal.objects.filter(worker__in=found.order_by(), year=year))
    earlier = AnnualAssessment.objects.filter(worker__in=found.order_by(), year=year - 1)
    before = dict(earlier.values_list("worker_id", "result"))
    inside = _categories(street.code, year)
    rows = tuple(
        SheetRow(w, before.get(w.pk, ""), proposals.get(w.pk), decisions.get(w.pk), w.category in inside)
        for w in workers
    )
    return Sheet(street, year, rows, _share(street.code, year), version_of_year(street.code, year))


def version_of_year(street_code: str, year: int) -> str:
    """A keyed hash of all that is proposed and decided, so that the second of two editors is told."""
    people = workers_of_year(street_code, year).order_by().values("pk")
    decided = AnnualAssessment.objects.filter(worker__in=people, year=year).order_by("worker_id")
    proposed = AssessmentProposal.objects.filter(worker__in=people, year=year).order_by("worker_id")
    state = [
        *decided.values_list("worker_id", "result", "filed_on"),
        *proposed.values_list("worker_id", "everyday", "yearly", "satisfaction", "result"),
    ]
    return salted_hmac("assessment.sheet", repr(state), algorithm="sha256").hexdigest()


def progress(streets: QuerySet[Region], year: int, *, user: User) -> dict[str, dict[str, int]]:
    """By street: people now in service, proposed, decided and filed for the year. Four statements."""
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


def _categories(street_code: str, year: int) -> frozenset[str]:
    try:
        return frozenset(policy_at(street_code, date(year, 12, 31)).scope.in_scheme.value)
    except PolicyGap:
        return frozenset()


def _share(street_code: str, year: int) -> StreetShare | None:
    try:
        return share_of(street_code, year)
    except PolicyGap:
        return None
