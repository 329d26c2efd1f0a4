"""Set a street's weights of performance pay, and the bounds of weights (rules 6.1, 6.3; S 二(五)2(2))."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from payroll.models import PersonalWeight, ResultWeight, WeightBounds
from payroll.selectors.performance import bounds_of, pool_of, weights_of
from songshan_cw.data.refusal import NotAllowed, Refused
from songshan_cw.words.money import plain
from songshan_cw.words.terms import Result
from workers.models import STREET_ROLES, Change, Region, User, Worker
from workers.services import require_unchanged
from workers.services.amendment import write
from workers.services.guards import require_references_reached, require_right, require_visible
from workers.services.trail import differences, record_change

PLACES = Decimal("0.001")
MOST_BOUND = Decimal(10)
LISTED = 5  # faults named in the message


Weight = ResultWeight | PersonalWeight
Bounds = tuple[Decimal, Decimal]  # the least and the greatest weight


@dataclass(frozen=True, slots=True)
class Personal:
    """One person's own weight with its reason. Without ``weight`` the weight of the result applies."""

    worker_id: int
    weight: Decimal | None
    reason: str


class WrongWeights(Refused):
    """All faults of a sheet: by result, by worker for weights, and by worker for reasons."""

    def __init__(self, results: Mapping[Result, str], weights: Mapping[int, str], reasons: Mapping[int, str]) -> None:
        self.results, self.weights, self.reasons = results, weights, reasons
        faults = [*results.values(), *weights.values(), *reasons.values()]
        more = f"；另有{len(faults) - LISTED}处，已在表中标出" if len(faults) > LISTED else ""
        super().__init__(f"{'；'.join(faults[:LISTED])}{more}。没有保存。")


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
    """Save the whole sheet or nothing. Raises WrongWeights with all faults at once."""
    for model in (ResultWeight, PersonalWeight):
        require_right(actor, "change", model)
    names = {claim.worker_id: claim.name for claim in pool_of(street=street, year=year).claims}
    if any(one.worker_id not in names for one in people):
        raise NotAllowed(f"所选人员不在{street.name}{year}年的绩效分配范围内，没有保存。请刷新页面。")
    stored = {row.worker_id: row for row in PersonalWeight.objects.filter(street=street, year=year)}
    changed = [one for one in people if not _same(one, stored.get(one.worker_id))]
    _refuse_wrong(weights, changed, names, bounds_of(street.code))
    changes = _set_results(actor, street, year, weights, at)
    changes += [_set_personal(actor, street, year, one, stored.get(one.worker_id), at) for one in changed]
    return [change for change in changes if change is not None]


def wrong_numbers(
    weights: Mapping[Result, Decimal], people: Sequence[Personal], names: Mapping[int, str], bounds: Bounds
) -> tuple[dict[Result, str], dict[int, str]]:
    """Find values that are no weights or outside the bounds, by result and by worker."""
    faults = {result: _fault(f"“{result}”的权重", weight, bounds) for result, weight in weights.items()}
    results = {result: fault for result, fault in faults.items() if fault}
    own = {one.worker_id: _fault(f"{names[one.worker_id]}的个人权重", one.weight, bounds) for one in people}
    return results, {key: fault for key, fault in own.items() if fault}


def _refuse_wrong(
    weights: Mapping[Result, Decimal], people: Sequence[Personal], names: Mapping[int, str], bounds: Bounds
) -> None:
    results, own = wrong_numbers(weights, people, names, bounds)
    unexplained = [one.worker_id for one in people if one.weight is not None and not one.reason.strip()]
    reasons = {key: f"{names[key]}的个人权重须写明理由" for key in unexplained}
    if results or own or reasons:
        raise WrongWeights(results, own, reasons)


def _set_results(
    actor: User, street: Region, year: int, weights: Mapping[Result, Decimal], at: datetime
) -> list[Change | None]:
    """Set the weights of results for a street's year, writing only changes."""
    in_force = weights_of(street, year)
    changes = []
    for result, weight in weights.items():
        if weight == in_force[result]:
            continue
        row = ResultWeight.objects.filter(street=street, year=year, result=result.value).first()
        row = row or ResultWeight(street=street, year=year, result=result.value)
        row.weight = weight
        changes.append(set_weight(actor=actor, weight=row, at=at))
    return changes


def _same(one: Personal, row: PersonalWeight | None) -> bool:
    if row is None:
        return one.weight is None
    return row.weight == one.weight and row.reason == one.reason.strip()


def _set_personal(
    actor: User, street: Region, year: int, one: Personal, row: PersonalWeight | None, at: datetime
) -> Change | None:
    """Set or remove one person's weight with its reason."""
    reason = one.reason.strip()
    if one.weight is None:
        return remove_weight(actor=actor, weight=row, reason=reason, at=at) if row is not None else None
    row = row or PersonalWeight(street=street, year=year, worker_id=one.worker_id)
    row.weight, row.reason = one.weight, reason
    return set_weight(actor=actor, weight=row, reason=reason, at=at)


def _fault(what: str, weight: Decimal | None, bounds: Bounds) -> str:
    if weight is None:
        return ""
    least, most = bounds
    if not weight.is_finite():
        return f"{what}不是数，请填写{plain(least)}至{plain(most)}之间的数，如1.2"
    if not least <= weight <= most or weight != weight.quantize(PLACES):
        return f"{what}应为{plain(least)}至{plain(most)}之间（民政局设定的范围）、至多三位小数的数"
    return ""


@transaction.atomic
def set_weight(*, actor: User, weight: Weight, reason: str = "", at: datetime, seen: str = "") -> Change | None:
    """Set or correct the weight of a result or of one person for a year."""
    stored = None
    if weight._state.adding:
        require_right(actor, "add", type(weight))
    else:
        require_right(actor, "change", type(weight))
        stored = _locked(actor, weight)
        require_unchanged(stored, seen)
    require_references_reached(actor, weight, stored)
    if actor.role in STREET_ROLES and weight.street_id != actor.region_id:
        raise Refused("只能设置本街道的权重。")
    if fault := _fault("权重", weight.weight, bounds_of(weight.street_id)):
        raise Refused(f"{fault}。没有保存。")
    write(weight)
    return _record(actor, weight, differences(stored, weight), reason, at)


@transaction.atomic
def remove_weight(*, actor: User, weight: Weight, reason: str = "", at: datetime, seen: str = "") -> Change | None:
    """Remove a weight, so that the policy's default applies again."""
    require_right(actor, "delete", type(weight))
    stored = _locked(actor, weight)
    require_unchanged(stored, seen)
    items = differences(stored, None)
    type(weight)._default_manager.filter(pk=weight.pk).delete()
    return _record(actor, weight, items, reason, at)


def _locked(actor: User, weight: Weight) -> Weight:
    require_visible(actor, weight)
    stored = type(weight)._default_manager.select_for_update().filter(pk=weight.pk).first()
    if stored is None:
        raise Refused("该权重已被他人删除，请刷新页面。")
    return stored


def _record(actor: User, weight: Weight, items: list[list[str]], reason: str, at: datetime) -> Change | None:
    about = weight.worker if isinstance(weight, PersonalWeight) else weight
    return record_change(actor=actor, at=at, about=about, items=items, reason=reason, street_code=weight.street_id)


@transaction.atomic
def set_own_weight(
    *, actor: User, street: Region, year: int, worker: Worker, weight: Decimal, reason: str, at: datetime
) -> Change | None:
    """Set one person's weight in a street's year (rules 6.1). Raises Refused, WrongWeights."""
    people = [Personal(worker.pk, weight, reason)]
    [change] = save_weights(actor=actor, street=street, year=year, weights={}, people=people, at=at) or [None]
    return change


@transaction.atomic
def set_weight_bounds(*, actor: User, district: Region, least: Decimal, most: Decimal, at: datetime) -> Change | None:
    """Set the bounds of weights for a district's streets (rules 6.3)."""
    require_right(actor, "change", WeightBounds)
    stored = WeightBounds.objects.select_for_update().filter(pk=district.pk).first()
    bounds = WeightBounds(district=district, least=least, most=most)
    require_references_reached(actor, bounds, stored)
    if not (least.is_finite() and most.is_finite() and 0 <= least < most <= MOST_BOUND):
        raise Refused(f"权重范围应在0至{MOST_BOUND}之间，最高的大于最低的。没有保存。")
    bounds._state.adding = stored is None
    bounds.save()
    return record_change(
        actor=actor, at=at, about=bounds, items=differences(stored, bounds), reason="", street_code=district.code
    )
