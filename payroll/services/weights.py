"""Set single weights before the performance pool is divided (rules 6.1)."""

from datetime import datetime

from django.db import transaction

from payroll.models import PersonalWeight, ResultWeight
from songshan_cw.data.refusal import Refused
from workers.models import STREET_ROLES, Change, User
from workers.services import require_unchanged
from workers.services.amendment import write
from workers.services.guards import require_references_reached, require_right, require_visible
from workers.services.trail import differences, record_change

Weight = ResultWeight | PersonalWeight


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
