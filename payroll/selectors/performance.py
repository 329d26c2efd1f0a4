"""A street's performance pool of a year and its division (rules 6; S 二(五)2(2))."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assessment.models import AnnualAssessment
from payroll.models import PayLine, PersonalWeight, ResultWeight
from payroll.rules.performance import Claim, NothingToWeigh, divide
from songshan_cw.money import ZERO, total
from songshan_cw.periods import january
from songshan_cw.policy import policy_at
from songshan_cw.refusal import Refused
from songshan_cw.terms import Component, Result, RunState
from workers.models import Region


@dataclass(frozen=True, slots=True)
class Share:
    """One person's part. Money in yuan; ``result`` None where nobody assessed the year."""

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


def allocation(*, street: Region, year: int) -> Allocation:
    """The year's pool out of approved months, divided by result and personal weights. Raises Refused, PolicyGap."""
    people, accruals = _accruals(street, year)
    results = dict(AnnualAssessment.objects.filter(worker__in=accruals, year=year).values_list("worker_id", "result"))
    weights = _weights(street, year)
    personal = dict(PersonalWeight.objects.filter(street=street, year=year).values_list("worker_id", "weight"))
    claims = []
    for key, accrual in accruals.items():
        weight = personal.get(key, weights[Result(results[key])] if key in results else ZERO)
        claims.append(Claim(people[key][0], accrual, weight))
    pool = total(accruals.values())
    try:
        shares = divide(pool, claims)
    except NothingToWeigh as fault:
        raise Refused(f"{street.name}{year}年：{fault}") from fault
    rows = (
        Share(
            claim.id_number, people[key][1], claim.accrual, _result(results, key), claim.weight, shares[claim.id_number]
        )
        for key, claim in zip(accruals, claims, strict=True)
    )
    return Allocation(pool, tuple(sorted(rows, key=lambda share: share.id_number)))


def _result(results: dict[int, str], key: int) -> Result | None:
    return Result(results[key]) if key in results else None


def _accruals(street: Region, year: int) -> tuple[dict[int, tuple[str, str]], dict[int, Decimal]]:
    """(ID number, name) and accrued yuan by worker: approved lines for the year, carried by the street's runs."""
    lines = PayLine.objects.filter(
        payslip__run__street=street,
        payslip__run__state=RunState.APPROVED.value,
        component=Component.PERFORMANCE.value,
        for_month__gte=january(year),
        for_month__lt=january(year + 1),
    )
    people: dict[int, tuple[str, str]] = {}
    sums: dict[int, Decimal] = defaultdict(lambda: ZERO)
    rows = lines.order_by("worker_id").values_list("worker_id", "worker__id_number", "worker__name", "amount")
    for key, id_number, name, amount in rows.iterator(5_000):
        people[key] = (id_number, name)
        sums[key] += amount
    return people, dict(sums)


def _weights(street: Region, year: int) -> dict[Result, Decimal]:
    """The street's weights over the policy's default (rules 6.1)."""
    weights = dict(policy_at(street.code, date(year, 12, 31)).pay.performance_weights.value)
    for row in ResultWeight.objects.filter(street=street, year=year):
        weights[Result(row.result)] = row.weight
    return weights
