"""Set the month with which a district begins to be paid here (rules 7.8)."""

from collections.abc import Collection
from datetime import datetime

from payroll.models import GoLive, PayrollRun
from songshan_cw.data.refusal import NotAllowed, Refused
from songshan_cw.data.transactions import whole
from songshan_cw.words.periods import Month, label_zh
from songshan_cw.words.terms import RegionLevel, RunState
from workers.models import Change, Region, User
from workers.selectors.scope import reaches
from workers.services.trail import differences, record_change


@whole
def set_go_live(*, actor: User, district: str, month: Month, at: datetime) -> Change | None:
    """Set or move the month. Raises Refused once a month of the district is approved."""
    if not actor.has_perm("payroll.change_golive") or not reaches(actor, district):
        raise NotAllowed(f"{actor}（{actor.role}）不能设定启用月份；由区民政局设定。")
    region = Region.objects.select_for_update(no_key=True).filter(pk=district, level=RegionLevel.DISTRICT.value).first()
    if region is None:
        raise Refused(f"没有代码为“{district}”的旗县区，没有保存。")
    approved = PayrollRun.objects.filter(street__code__startswith=district, state=RunState.APPROVED.value)
    first = approved.order_by("month").first()
    if first is not None:
        raise Refused(f"{region.name}已有审核过的月份（{label_zh(first.month)}起），不能再改启用月份，没有保存。")
    stored = GoLive.objects.filter(pk=district).first()
    row = GoLive(district=region, month=month, set_by=actor, set_at=at)
    row._state.adding = stored is None
    row.save()
    items = [item for item in differences(stored, row) if item[2] == "启用月份"]
    return record_change(actor=actor, at=at, about=row, items=items, reason="", street_code=district)


def refuse_before_going_live(districts: Collection[str], month: Month) -> None:
    """Raise Refused for a month before the go-live month of a district; where none is set nothing is too early."""
    row = GoLive.objects.filter(district__in=districts, month__gt=month).select_related("district").first()
    if row is not None:
        raise Refused(
            f"{row.district.name}自{label_zh(row.month)}起在本系统发放，{label_zh(month)}已在别处发放，不能计算。"
        )
