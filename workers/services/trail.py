"""Record changes: old and new value of each field as shown to users, private values masked."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.timezone import localtime

from songshan_cw.data.fields import MonthField
from songshan_cw.security.masking import mask_numbers
from songshan_cw.words import periods
from workers.models import Change, User, Worker
from workers.rules.identity import masked, masked_account, masked_phone
from workers.selectors.trail import subject_of

PRIVATE = {"id_number": masked, "bank_account": masked_account, "phone": masked_phone}
UNTOLD = {"password", "password_changed_at", "sign_in_round", "last_login", "initials", "worker", "account_lookup"}
Item = list[str]


def differences(old: models.Model | None, new: models.Model | None) -> list[Item]:
    """Return ``[record, key, field, old, new]`` for each field that differs. None stands for a missing record."""
    present = new or old
    if present is None:
        return []
    record, key = str(present._meta.verbose_name), shown_key(old or present)
    items = []
    for field in present._meta.concrete_fields:
        if (field.primary_key and field.name == "id") or field.name in UNTOLD:
            continue
        before, after = _value(field, old), _value(field, new)
        if before != after:
            items.append([record, key, str(field.verbose_name), *_told(field, old, new)])
    if old is not None and new is not None and getattr(old, "password", None) != getattr(new, "password", None):
        items.append([record, key, "密码", "", "（已重设）"])
    return items


def shown_key(instance: models.Model) -> str:
    return str(instance)


def record_change(
    *,
    actor: User | None,
    at: datetime,
    about: models.Model,
    items: Sequence[Item],
    reason: str,
    street_code: str | None,
) -> Change | None:
    """Record one act in one row, or nothing where nothing changed.

    ``street_code``: the region whose users may read it: a person's street, or the district of district records; None
    for accounts, which only administrators read.
    """
    if not items:
        return None
    worker = about if isinstance(about, Worker) and about.pk else None
    change = Change(
        actor=actor,
        worker=worker,
        street_id=street_code,
        subject=mask_numbers(subject_of(about)),
        items=masked_items(items),
        reason=mask_numbers(reason)[:200],
        channel=(actor.channel or None) if actor else None,
    )
    change.save()
    return change


def masked_items(items: Sequence[Item]) -> list[Item]:
    """Mask whole numbers that somebody typed into a note, a title or a reason (rules 10.6)."""
    return [[mask_numbers(text) for text in item] for item in items]


def _value(field: Any, instance: models.Model | None) -> Any:
    return None if instance is None else field.value_from_object(instance) or None


def _told(field: Any, old: models.Model | None, new: models.Model | None) -> Item:
    before, after = _text(field, old), _text(field, new)
    return [before, f"{after}（已更改）" if before == after else after]


def _text(field: Any, instance: models.Model | None) -> str:
    value = None if instance is None else field.value_from_object(instance)
    if value is None or value == "":
        return ""
    if field.name in PRIVATE:
        return PRIVATE[field.name](value)
    if isinstance(field, models.ForeignKey):
        return str(getattr(instance, field.name))
    if isinstance(field, MonthField):
        return periods.label(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)
