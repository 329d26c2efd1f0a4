"""A street's performance pool of a year and its division (rules 6; S 二(五)2(2))."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q
from django.db.models.functions import Coalesce

from assessment.models import AnnualAssessment
from payroll.models import PayLine, PayrollRun, PersonalWeight, ResultWeight, WeightBounds
from payroll.rules.grading import assignment_in
from payroll.rules.performance import LEAST_WEIGHT, MOST_WEIGHT, Claim, NothingToWeigh, divide
from payroll.selectors.facts import stream_people
from songshan_cw.data.refusal import Refused
from songshan_cw.policy import policy_at
from songshan_cw.words.components import Kind, components
from songshan_cw.words.money import ZERO, total
from songshan_cw.words.periods import Month, january, year_of
from songshan_cw.words.regions import district_of
from songshan_cw.words.terms import Result, RunState
from workers.models import Region, Worker
from workers.selectors.streams import people_of


class Who(NamedTuple):
    """A person and the code of the community of their last month in the pool."""

    worker: Worker
    community: str


@dataclass(frozen=True, slots=True)
class Share:
    """One person's share. Money in yuan. ``result`` is None where the year was not assessed."""

    id_number: str
    name: str
    accrual: Decimal
    result: Result | None
    weight: Decimal
    share: Decimal


@dataclass(frozen=True, slots=True)
class Allocation:
    pool: Decimal
    shares: tuple[Share, ...]

    @property
    def unassessed(self) -> tuple[Share, ...]:
        return tuple(share for share in self.shares if share.result is None)


@dataclass(frozen=True, slots=True)
class Claimed:
    """One person's claim before the division. Without ``personal`` the weight of the result applies."""

    worker: Worker
    community_code: str
    community: str
    accrual: Decimal
    result: Result | None
    personal: Decimal | None
    reason: str

    @property
    def worker_id(self) -> int:
        return self.worker.pk

    @property
    def id_number(self) -> str:
        return self.worker.id_number

    @property
    def name(self) -> str:
        return self.worker.name

    def weight(self, weights: Mapping[Result, Decimal]) -> Decimal:
        if self.personal is not None:
            return self.personal
        return weights[self.result] if self.result is not None else ZERO


@dataclass(frozen=True, slots=True)
class Pool:
    """A street's year before the division: the pool in yuan, the weights, and the claims."""

    street: Region
    year: int
    amount: Decimal
    weights: Mapping[Result, Decimal]
    claims: tuple[Claimed, ...]


def allocation(*, street: Region, year: int) -> Allocation:
    """Divide the year's pool by result and personal weights. Raises Refused, PolicyGap."""
    return divided(pool_of(street=street, year=year))


def pool_of(*, street: Region, year: int) -> Pool:
    """Read the pool and its claims with a fixed number of statements. Raises PolicyGap."""
    people, accruals = _accruals(street, year)
    results = dict(AnnualAssessment.objects.filter(worker__in=accruals, year=year).values_list("worker_id", "result"))
    own = PersonalWeight.objects.filter(street=street, year=year).values_list("worker_id", "weight", "reason")
    personal = {key: (weight, reason) for key, weight, reason in own}
    names = dict(Region.objects.filter(code__in={who.community for who in people.values()}).values_list("code", "name"))
    claims = [
        Claimed(who.worker, who.community, names[who.community], accruals[key], _result(results, key), *own_weight)
        for key, who in people.items()
        for own_weight in [personal.get(key, (None, ""))]
    ]
    claims.sort(key=lambda claim: claim.id_number)
    return Pool(street, year, total(accruals.values()), weights_of(street, year), tuple(claims))


def divided(pool: Pool) -> Allocation:
    """Divide a pool. Raises Refused where nobody can receive it."""
    claims = claims_of(pool)
    try:
        shares = divide(pool.amount, claims)
    except NothingToWeigh as fault:
        raise Refused(f"{pool.street.name}{pool.year}年：{fault}") from fault
    rows = (
        Share(one.id_number, one.name, one.accrual, one.result, claim.weight, shares[one.id_number])
        for one, claim in zip(pool.claims, claims, strict=True)
    )
    return Allocation(pool.amount, tuple(rows))


def claims_of(pool: Pool) -> list[Claim]:
    return [Claim(claim.id_number, claim.accrual, claim.weight(pool.weights)) for claim in pool.claims]


def _result(results: dict[int, str], key: int) -> Result | None:
    return Result(results[key]) if key in results else None


def _accruals(street: Region, year: int) -> tuple[dict[int, Who], dict[int, Decimal]]:
    """Sum by worker the approved accruals of the months served in the street, in yuan.

    The month's assignment decides, not the run that carried an amount: a correction of somebody who moved away since
    must not change the shares of people elsewhere (rules 6.4).
    """
    facts = {one.id: one.facts for one in stream_people(people_of([street.code]))}
    people = people_of([street.code]).values("pk")
    lines = PayLine.objects.filter(
        Q(worker__in=people) | Q(worker__merged_into__in=people),
        payslip__run__state=RunState.APPROVED.value,
        component__in=[str(one.term) for one in components() if one.kind is Kind.ACCRUED],
        for_month__gte=january(year),
        for_month__lt=january(year + 1),
    )
    places: dict[int, str] = {}
    sums: dict[int, Decimal] = defaultdict(lambda: ZERO)
    owner = Coalesce("worker__merged_into", "worker")
    for key, month, amount in lines.order_by("for_month").values_list(owner, "for_month", "amount"):
        place = assignment_in(facts[key], month)
        if place.street == street.code:
            places[key] = place.community
            sums[key] += amount
    workers = Worker.objects.in_bulk(sums)
    return {key: Who(workers[key], places[key]) for key in sums}, dict(sums)


def weights_of(street: Region, year: int) -> dict[Result, Decimal]:
    """Return the street's weights over the policy's defaults (rules 6.1). Raises PolicyGap."""
    weights = dict(policy_at(street.code, date(year, 12, 31)).pay.performance_weights.value)
    for row in ResultWeight.objects.filter(street=street, year=year):
        weights[Result(row.result)] = row.weight
    return weights


def bounds_of(street_code: str) -> tuple[Decimal, Decimal]:
    """Return the least and the greatest weight a street may set: the bureau's, else reading WEIGHT_BOUNDS."""
    bounds = WeightBounds.objects.filter(district=district_of(street_code)).first()
    return (bounds.least, bounds.most) if bounds else (LEAST_WEIGHT, MOST_WEIGHT)


def years_with_pool(street_codes: Collection[str]) -> dict[str, list[int]]:
    """List years with an approved month by street, newest first. One statement."""
    runs = PayrollRun.objects.filter(street__in=street_codes, state=RunState.APPROVED.value)
    years: dict[str, list[int]] = defaultdict(list)
    for code, month in runs.order_by("-month").values_list("street_id", "month"):
        if year_of(month) not in years[code]:
            years[code].append(year_of(month))
    return dict(years)


def months_in_pool(street: Region, year: int) -> list[Month]:
    """List the approved months of the pool."""
    runs = PayrollRun.objects.filter(
        street=street, state=RunState.APPROVED.value, month__gte=january(year), month__lt=january(year + 1)
    )
    return list(runs.order_by("month").values_list("month", flat=True))
