"""Regions: the tree of statistical codes, managed by administrators (rules 1.1, 10.5)."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import ProtectedError

from songshan_cw.data.refusal import Refused
from songshan_cw.words.regions import street_of
from songshan_cw.words.terms import RegionLevel
from workers.models import Change, FormerName, Region, User
from workers.selectors.scope import visible
from workers.services.amendment import write
from workers.services.guards import require_right
from workers.services.trail import differences, record_change
from workers.services.versions import require_unchanged

CODE_LENGTHS = {
    RegionLevel.PROVINCE: 2,
    RegionLevel.CITY: 4,
    RegionLevel.DISTRICT: 6,
    RegionLevel.STREET: 9,
    RegionLevel.COMMUNITY: 12,
}

ONE_DAY = timedelta(days=1)


@transaction.atomic
def save_region(*, actor: User, region: Region, reason: str = "", at: datetime, seen: str = "") -> Change | None:
    """Add or rename a region. Codes never change, because scope and history depend on them."""
    stored = None
    if region._state.adding:
        require_right(actor, "add", Region)
        if Region.objects.filter(pk=region.code).exists():
            raise Refused(f"区划代码{region.code}已存在。")
    else:
        require_right(actor, "change", Region)
        stored = Region.objects.select_for_update().get(pk=region.pk)
        require_unchanged(stored, seen)
    _require_code_fits(region)
    write(region)
    items = differences(stored, region)
    trail = _seen_from(region.code)
    return record_change(actor=actor, at=at, about=region, items=items, reason=reason, street_code=trail)


@transaction.atomic
def rename_region(
    *, actor: User, code: str, name: str, start: date, document_no: str, today: date, at: datetime
) -> Change | None:
    """Give a region another name from a day on, by document. Months before keep the old one (rules 9.7).

    People, posts, households and contracts follow by the code. Raises Refused.
    """
    require_right(actor, "change", Region)
    region = visible(Region.objects.select_for_update(of=("self",)), actor).filter(pk=code).first()
    if region is None:
        raise Refused(f"没有代码为“{code}”的区划，或不在您的范围内。")
    name, document_no = name.strip(), document_no.strip()
    if not name or name == region.name:
        raise Refused(f"新的名称与现在的“{region.name}”相同或空白，没有改名。")
    if not document_no:
        raise Refused("改名须写明文号。")
    if start > today:
        raise Refused(f"改名自{start}起，还没有到；请在当日或之后办理。")
    if FormerName.objects.filter(region=region, last_day__gte=start - ONE_DAY).exists():
        raise Refused(f"“{region.name}”在{start}之后已经改过名，请核对起始日期。")
    former = FormerName(region=region, name=region.name, last_day=start - ONE_DAY, document_no=document_no)
    before = Region.objects.get(pk=code)
    region.name = name
    write(region)
    write(former)
    items = differences(before, region) + differences(None, former)
    return record_change(
        actor=actor, at=at, about=region, items=items, reason=f"改名：{document_no}", street_code=_seen_from(code)
    )


@transaction.atomic
def remove_region(*, actor: User, region: Region, reason: str = "", at: datetime) -> None:
    """Delete an unused region."""
    require_right(actor, "delete", Region)
    items = differences(region, None)
    gone = Region(code=region.code, name=region.name, parent_id=_seen_from(region.parent_id or ""))
    try:
        region.delete()
    except ProtectedError as fault:
        names = "、".join(sorted({str(row._meta.verbose_name) for row in fault.protected_objects}))
        raise Refused(f"“{region}”下已有{names}记录，不能删除。") from fault
    record_change(actor=actor, at=at, about=gone, items=items, reason=reason or "删除", street_code=gone.parent_id)


def _seen_from(code: str) -> str | None:
    """Return the region whose users may read the change: the region itself, or the street of a community."""
    return street_of(code) or None


def _require_code_fits(region: Region) -> None:
    length = CODE_LENGTHS[RegionLevel(region.level)]
    if len(region.code) != length:
        raise Refused(f"{region.get_level_display()}的区划代码应为{length}位，这里是{len(region.code)}位。")
    if region.parent_id and not region.code.startswith(region.parent_id):
        raise Refused(f"区划代码{region.code}应以上级代码{region.parent_id}开头。")
    above = CODE_LENGTHS.get(RegionLevel(region.level), 0)
    if region.parent_id and not len(region.parent_id) < above:
        raise Refused("上级区划的层级应高于本级。")
