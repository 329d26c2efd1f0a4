"""A street's performance pool of a year and its division (rules 6; S 二(五)2(2))."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assessment.models import AnnualAssessment
from payroll.models import PayLine, PayrollRun, PersonalWeight, ResultWeight
from payroll.rules.performance import Claim, NothingToWeigh, divide
from songshan_cw.data.refusal import Refused
from songshan_cw.policy import policy_at
from songshan_cw.words.components import Kind, components
from songshan_cw.words.money import ZERO, total
from songshan_cw.words.periods import Month, january, year_of
from songshan_cw.words.terms import Result, RunState
from workers.models import Region

Who = tuple[str, str, str, str]  # ID number, name, code and name of the community


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

    worker_id: int
    id_number: str
    name: str
    community_code: str
    community: str
    accrual: Decimal
    result: Result | None
    personal: Decimal | None
    reason: str

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
    claims = [
        Claimed(key, *people[key], accrual, _result(results, key), *personal.get(key, (None, "")))
        for key, accrual in accruals.items()
    ]
    claims.sort(key=lambda claim: claim.id_number)
    return Pool(street, year, total(accruals.values()), weights_of(street, year), tuple(claims))


def divided(pool: Pool) -> Allocation:
    """Divide a pool. Raises Refused where nobody can receive it."""
    claims = [Claim(claim.id_number, claim.accrual, claim.weight(pool.weights)) for claim in pool.claims]
    try:
        shares = divide(pool.amount, claims)
    except NothingToWeigh as fault:
        raise Refused(f"{pool.street.name}{pool.year}年：{fault}") from fault
    rows = (
        Share(one.id_number, one.name, one.accrual, one.result, claim.weight, shares[one.id_number])
        for one, claim in zip(pool.claims, claims, strict=True)
    )
    return Allocation(pool.amount, tuple(rows))


def _result(results: dict[int, str], key: int) -> Result | None:
    return Result(results[key]) if key in results else None


def _accruals(street: Region, year: int) -> tuple[dict[int, Who], dict[int, Decimal]]:
    """Sum by worker the approved accruals for the year in the street's runs, in yuan."""
    lines = PayLine.objects.filter(
        payslip__run__street=street,
        payslip__run__state=RunState.APPROVED.value,
        component__in=[str(one.term) for one in components() if one.kind is Kind.ACCRUED],
        for_month__gte=january(year),
        for_month__lt=january(year + 1),
    )
    people: dict[int, Who] = {}
    sums: dict[int, Decimal] = defaultdict(lambda: ZERO)
    who = ("worker__id_number", "worker__name", "payslip__community_id", "payslip__community__name")
    rows = lines.order_by("worker_id", "payslip__month").values_list("worker_id", "amount", *who)
    for key, amount, *one in rows.iterator(5_000):
        people[key] = tuple(one)
        sums[key] += amount
    return people, dict(sums)


def weights_of(street: Region, year: int) -> dict[Result, Decimal]:
    """Return the street's weights over the policy's defaults (rules 6.1). Raises PolicyGap."""
    weights = dict(policy_at(street.code, date(year, 12, 31)).pay.performance_weights.value)
    for row in ResultWeight.objects.filter(street=street, year=year):
        weights[Result(row.result)] = row.weight
    return weights


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
