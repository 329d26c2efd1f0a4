"""What a street sets before its performance pool is divided, by whole sheets (rules 6.1; S 二(五)2(2))."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from payroll.models import PersonalWeight, ResultWeight
from payroll.selectors.performance import pool_of, weights_of
from payroll.services.weights import remove_weight, set_weight
from songshan_cw.money import plain
from songshan_cw.refusal import NotAllowed, Refused
from songshan_cw.terms import Result
from workers.models import Change, Region, User
from workers.services.guards import require_right

MOST_WEIGHT = Decimal(100)
PLACES = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Personal:
    """One person's own weight with its reason; ``weight`` None: the weight of the result holds again."""

    worker_id: int
    weight: Decimal | None
    reason: str


@transaction.atomic
def save_weights(
    *,
    actor: User,
    street: Region,
    year: int,
    weights: Mapping[Result, Decimal],
    people: Sequence[Personal],
    at: datetime,
) -> list[Change]:
    """The whole sheet, or nothing of it."""
    changes = set_result_weights(actor=actor, street=street, year=year, weights=weights, at=at)
    return changes + set_personal_weights(actor=actor, street=street, year=year, given=people, at=at)


@transaction.atomic
def set_result_weights(
    *, actor: User, street: Region, year: int, weights: Mapping[Result, Decimal], at: datetime
) -> list[Change]:
    """The weight of each result for a street's year; what stays as it is writes nothing."""
    require_right(actor, "change", ResultWeight)
    in_force = weights_of(street, year)
    changes = []
    for result, weight in weights.items():
        if weight == in_force[result]:
            continue
        _require_sensible(f"“{result}”的权重", weight)
        row = ResultWeight.objects.filter(street=street, year=year, result=result.value).first()
        row = row or ResultWeight(street=street, year=year, result=result.value)
        row.weight = weight
        changes.append(set_weight(actor=actor, weight=row, at=at))
    return [change for change in changes if change is not None]


@transaction.atomic
def set_personal_weights(
    *, actor: User, street: Region, year: int, given: Sequence[Personal], at: datetime
) -> list[Change]:
    """Weights of some people for a street's year, each with its reason; a weight taken out is removed."""
    require_right(actor, "change", PersonalWeight)
    names = {claim.worker_id: claim.name for claim in pool_of(street=street, year=year).claims}
    stored = {row.worker_id: row for row in PersonalWeight.objects.filter(street=street, year=year)}
    changes = []
    for one in given:
        if one.worker_id not in names:
            raise NotAllowed(f"所选人员不在{street.name}{year}年的绩效分配范围内，没有保存。请刷新页面。")
        changes.append(_set_personal(actor, street, year, one, stored.get(one.worker_id), names[one.worker_id], at))
    return [change for change in changes if change is not None]


def _set_personal(
    actor: User, street: Region, year: int, one: Personal, row: PersonalWeight | None, name: str, at: datetime
) -> Change | None:
    reason = one.reason.strip()
    if one.weight is None:
        return remove_weight(actor=actor, weight=row, reason=reason, at=at) if row is not None else None
    if row is not None and row.weight == one.weight and row.reason == reason:
        return None
    _require_sensible(f"{name}的个人权重", one.weight)
    if not reason:
        raise Refused(f"{name}的个人权重须写明理由，没有保存。")
    row = row or PersonalWeight(street=street, year=year, worker_id=one.worker_id)
    row.weight, row.reason = one.weight, reason
    return set_weight(actor=actor, weight=row, reason=reason, at=at)


def _require_sensible(what: str, weight: Decimal) -> None:
    if not weight.is_finite() or not 0 <= weight <= MOST_WEIGHT or weight != weight.quantize(PLACES):
        raise Refused(f"{what}应为0至{plain(MOST_WEIGHT)}之间、至多三位小数的数，没有保存。")
