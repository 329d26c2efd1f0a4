"""What each role's start page shows: months by street, what waits for whom, and who the people are (rules 9.6, 10)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from assessment.compliance.years import counted_in
from assessment.models import AnnualAssessment
from assessment.rules import Share, share_limit
from assessment.selectors.members import stream_members
from assessment.selectors.share import extras
from payroll.models import PayrollRun, Payslip
from payroll.selectors.streets import streets_with_people
from songshan_cw.money import total
from songshan_cw.periods import Month, first_day, month_of
from songshan_cw.policy import PolicyGap, policy_at
from songshan_cw.terms import Category, Education, Post, RunState
from workers.models import Contract, Region, ServiceGap, User, Worker
from workers.scope import district_of, reaches, visible
from workers.streams import people_of

AGE_BANDS = (
    (0, 29, "29岁及以下"),
    (30, 39, "30–39岁"),
    (40, 49, "40–49岁"),
    (50, 59, "50–59岁"),
    (60, 200, "60岁及以上"),
)
CONTRACT_NOTICE = (30, 60, 90)


class Waits(StrEnum):
    """What a street is to see to; the value is its address."""

    ASSESSMENT = "assessment"
    EXPIRED = "expired"
    CONTRACT_30 = "contract-30"
    CONTRACT_60 = "contract-60"
    CONTRACT_90 = "contract-90"
    PROBATION = "probation"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class StreetMonths:
    """A street's runs in the order of the months asked for; None where none was computed."""

    street: Region
    runs: tuple[PayrollRun | None, ...]


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """A month over the streets seen: how many are approved, people and yuan of those with a run."""

    month: Month
    streets: int
    approved: int
    people: int
    gross: Decimal


@dataclass(frozen=True, slots=True)
class StreetShare:
    street: Region
    share: Share


def months_by_street(user: User, months: Sequence[Month]) -> list[StreetMonths]:
    """The matrix of a user: three statements however many streets."""
    runs = visible(PayrollRun.objects.filter(month__in=months), user).select_related("street")
    found = {(run.street_id, run.month): run for run in runs}
    streets = [street for street in streets_with_people() if reaches(user, street.code)]
    if not user.has_perm("workers.view_worker"):
        streets = [street for street in streets if any((street.code, month) in found for month in months)]
    return [StreetMonths(street, tuple(found.get((street.code, month)) for month in months)) for street in streets]


def month_totals(rows: Sequence[StreetMonths], months: Sequence[Month]) -> list[MonthTotal]:
    totals = []
    for index, month in enumerate(months):
        runs = [row.runs[index] for row in rows]
        there = [run for run in runs if run is not None]
        approved = sum(run.state == RunState.APPROVED for run in there)
        people, gross = sum(run.headcount for run in there), total(run.gross_total for run in there)
        totals.append(MonthTotal(month, len(there), approved, people, gross))
    return totals


def runs_in_state(user: User, *states: RunState) -> QuerySet[PayrollRun]:
    """Oldest first: what has waited longest stands on top."""
    runs = visible(PayrollRun.objects.filter(state__in=states), user)
    return runs.select_related("street", "submitted_by").order_by("month", "street")


def in_scheme(user: User, day: date) -> frozenset[Category]:
    """Categories the district's policy counts in on a day; all of them where no policy is in force."""
    try:
        return frozenset(policy_at(district_of(user.region_id or ""), day).scope.in_scheme.value)
    except PolicyGap:
        return frozenset(Category)


def people_in_service(user: User, day: date) -> QuerySet[Worker]:
    """Who serves on the day, of those the user may see."""
    serving = Q(standing__left_on=None) | Q(standing__left_on__gte=day)
    return visible(Worker.objects.filter(serving, hired_on__lte=day), user)


def people_waiting(user: User, kind: Waits, day: date) -> QuerySet[Worker]:
    """Who waits for something of one kind, by community and name."""
    people = people_in_service(user, day).filter(category__in=in_scheme(user, day))
    if kind is Waits.ASSESSMENT:
        people = _unassessed(user, day.year - 1, day)
    elif kind is Waits.ACCOUNT:
        people = people.filter(bank_account="")
    elif kind is Waits.EXPIRED:
        people = people.filter(standing__contract_end__lt=day)
    elif kind is Waits.PROBATION:
        ends = Contract.objects.filter(worker=OuterRef("pk"), probation_end__range=(day, day + timedelta(days=30)))
        people = people.filter(Exists(ends))
    else:
        last = int(kind.rpartition("-")[2])
        first = last - 29 if last > CONTRACT_NOTICE[0] else 0
        people = people.filter(standing__contract_end__range=(day + timedelta(first), day + timedelta(last)))
    soonest = ["standing__contract_end"] if kind.value.startswith("contract") or kind is Waits.EXPIRED else []
    people = people.select_related("standing__community", "standing__street")
    return people.order_by(*soonest, "standing__community", "name", "pk")


def count_waiting(user: User, day: date) -> dict[Waits, int]:
    """One statement a kind."""
    return {kind: people_waiting(user, kind, day).order_by().count() for kind in Waits}


def _unassessed(user: User, year: int, day: date) -> QuerySet[Worker]:
    """In the scheme, with service in the year, and no result."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    away = ServiceGap.objects.filter(
        Q(last_day=None) | Q(last_day__gte=last), worker=OuterRef("pk"), first_day__lte=first
    )
    served = Q(standing__left_on=None) | Q(standing__left_on__gte=first)
    people = visible(Worker.objects.filter(served, hired_on__lte=last, category__in=in_scheme(user, day)), user)
    done = AnnualAssessment.objects.filter(worker=OuterRef("pk"), year=year)
    return people.filter(~Exists(done), ~Exists(away))


def excellent_shares(user: User, year: int) -> list[StreetShare]:
    """优秀 of a year against the share, street by street; one pass over the people, none where no policy held."""
    streets = [street for street in streets_with_people() if reaches(user, street.code)]
    last = date(year, 12, 31)
    headcount: Counter[str] = Counter()
    used: Counter[str] = Counter()
    policies = {}
    for district in {district_of(street.code) for street in streets}:
        try:
            policies[district] = policy_at(district, last)
        except PolicyGap:
            continue
    for member in stream_members(people_of([street.code for street in streets]), last):
        counted = counted_in(member, year)
        policy = policies.get(district_of(counted.street)) if counted else None
        if counted is None or policy is None or member.category not in policy.scope.in_scheme.value:
            continue
        headcount[counted.street] += counted.in_headcount
        used[counted.street] += counted.excellent
    granted = extras([street.code for street in streets])
    shares = []
    for street in streets:
        policy = policies.get(district_of(street.code))
        if policy is not None:
            limit = share_limit(headcount[street.code], policy.assessment.excellent_share.value)
            extra = granted.get((street.code, year), 0)
            shares.append(StreetShare(street, Share(headcount[street.code], limit, extra, used[street.code])))
    return shares


def ages(people: QuerySet[Worker], day: date) -> list[tuple[str, int]]:
    """Whole years on the day, in bands; birth dates come from the ID numbers, grouped by the database."""
    births = people.order_by().annotate(born=Substr("id_number", 7, 8)).values_list("born").annotate(Count("pk"))
    counts: Counter[str] = Counter()
    for born, number in births:
        age = day.year - int(born[:4]) - (f"{day:%m%d}" < born[4:])
        counts[next(label for low, high, label in AGE_BANDS if low <= age <= high)] += number
    return [(label, counts[label]) for _, _, label in AGE_BANDS]


def by_term(people: QuerySet[Worker], path: str, terms: type[Education] | type[Post]) -> list[tuple[str, int]]:
    """How many stand at each term of a vocabulary, in its order."""
    counts = dict(people.order_by().values_list(path).annotate(Count("pk")))
    return [(term.value, counts.get(term.value, 0)) for term in terms]


def grades(user: User, month: Month) -> list[tuple[int, int]]:
    """How many are paid at each grade in a month, from 1 to the highest, out of the slips the user may see."""
    slips = visible(Payslip.objects.filter(month=month, grade__isnull=False), user)
    counts = dict(slips.order_by().values_list("grade").annotate(Count("pk")))
    return [(grade, counts.get(grade, 0)) for grade in range(1, max(counts, default=0) + 1)]


def latest_month(user: User) -> Month | None:
    """The newest month with a run the user may see."""
    return visible(PayrollRun.objects.all(), user).order_by("-month").values_list("month", flat=True).first()


def month_of_work(day: date, latest: Month | None) -> Month:
    """The month to work on: the current one, or the next where it was begun early."""
    current = month_of(day)
    return current if latest is None else min(max(current, latest), current + 1)


def recent(last: Month, count: int) -> list[Month]:
    return [last - back for back in range(count)]


def policy_title(user: User, month: Month) -> str:
    """The document the district is paid by, or nothing."""
    try:
        return policy_at(district_of(user.region_id or ""), first_day(month)).document.title
    except PolicyGap:
        return ""
