"""Reconcile the ledger and keep each district's last result for the bureau (rules 5.6)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from payroll.models import Reconciliation
from payroll.selectors.reconciling import Difference, Reconciled, reconcile
from payroll.selectors.streets import streets_with_people
from songshan_cw.data.refusal import NotAllowed, Refused
from songshan_cw.data.transactions import whole
from songshan_cw.words.components import components
from songshan_cw.words.periods import label
from songshan_cw.words.regions import district_of
from workers.models import Region, User
from workers.selectors.scope import reaches


@whole
def reconcile_district(*, district: Region, actor: User | None, at: datetime) -> Reconciled:
    """Recompute a whole district and keep the result. ``actor`` None: a command."""
    if actor is not None and not (actor.has_perm("payroll.reconcile") and reaches(actor, district.code)):
        raise NotAllowed(f"{actor}（{actor.role}）不能核对台账；由区民政局核对。")
    streets = streets_with_people(below=district.code)
    if not streets:
        raise Refused(f"{district.name}还没有登记人员，没有可核对的台账。")
    found = reconcile(streets)
    kept = {"at": at, "by": actor, "people": found.people, "months": found.months}
    kept["differences"] = [as_document(one) for one in found.differences]
    Reconciliation.objects.update_or_create(district=district, defaults=kept)
    return found


def reconcile_streets(*, street_codes: Sequence[str] | None, at: datetime) -> Reconciled:
    """Reconcile some streets, or all districts and keep their results. By command."""
    streets = streets_with_people(street_codes)
    if not streets:
        raise Refused("没有这个街道，或还没有登记人员，没有可核对的台账。")
    if street_codes is not None:
        return reconcile(streets)
    by_district: dict[str, list[Region]] = defaultdict(list)
    for street in streets:
        by_district[district_of(street.code)].append(street)
    districts = Region.objects.filter(code__in=by_district).order_by("code")
    parts = [reconcile_district(district=district, actor=None, at=at) for district in districts]
    differences = {(one.worker_id, one.month, one.component): one for part in parts for one in part.differences}
    people, months = (sum(getattr(part, name) for part in parts) for name in ("people", "months"))
    return Reconciled(people, months, tuple(differences.values()))


def as_document(one: Difference) -> dict[str, Any]:
    """Write a difference for other programs: components as csv names them, amounts as text."""
    names = {row.term: row.csv_name for row in components()}
    return {
        "id_number": one.id_number,
        "month": label(one.month),
        "component": names[one.component],
        "due": f"{one.due}",
        "carried": f"{one.carried}",
    }
