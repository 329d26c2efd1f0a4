"""Households of communities and a district's own calendar (rules 9.6, 9.3)."""

from datetime import datetime

from django.db import models, transaction

from songshan_cw.data.refusal import NotAllowed
from songshan_cw.words.regions import street_of
from workers.models import CalendarDay, Change, CommunityProfile, User
from workers.selectors.scope import reaches
from workers.services.amendment import write
from workers.services.guards import require_right
from workers.services.trail import differences, record_change
from workers.services.versions import require_unchanged


@transaction.atomic
def save_profile(
    *, actor: User, profile: CommunityProfile, reason: str = "", at: datetime, seen: str = ""
) -> Change | None:
    """Enter or correct a community's households from a day on."""
    return _save(actor, profile, profile.community_id, street_of(profile.community_id), reason, at, seen)


@transaction.atomic
def save_calendar_day(
    *, actor: User, calendar_day: CalendarDay, reason: str = "", at: datetime, seen: str = ""
) -> Change | None:
    """Enter a district's own rest or working day, which overrides the national list."""
    return _save(actor, calendar_day, calendar_day.district_id, calendar_day.district_id, reason, at, seen)


@transaction.atomic
def remove_profile(*, actor: User, profile: CommunityProfile, reason: str = "", at: datetime) -> Change | None:
    """Remove households entered by mistake."""
    return _remove(actor, profile, profile.community_id, street_of(profile.community_id), reason, at)


@transaction.atomic
def remove_calendar_day(*, actor: User, calendar_day: CalendarDay, reason: str = "", at: datetime) -> Change | None:
    """Remove a day entered by mistake."""
    return _remove(actor, calendar_day, calendar_day.district_id, calendar_day.district_id, reason, at)


def _save(
    actor: User, record: models.Model, region: str, trail: str, reason: str, at: datetime, seen: str
) -> Change | None:
    stored = None
    if record._state.adding:
        require_right(actor, "add", type(record))
    else:
        require_right(actor, "change", type(record))
        stored = type(record)._default_manager.select_for_update().get(pk=record.pk)
        require_unchanged(stored, seen)
    _require_reached(actor, region)
    write(record)
    items = differences(stored, record)
    return record_change(actor=actor, at=at, about=record, items=items, reason=reason, street_code=trail)


def _remove(actor: User, record: models.Model, region: str, trail: str, reason: str, at: datetime) -> Change | None:
    require_right(actor, "delete", type(record))
    _require_reached(actor, region)
    items = differences(record, None)
    change = record_change(actor=actor, at=at, about=record, items=items, reason=reason or "删除", street_code=trail)
    record.delete()
    return change


def _require_reached(actor: User, region: str) -> None:
    if not reaches(actor, region):
        raise NotAllowed("所选的社区或旗县区不在您的管辖范围内，请重新选择。")
