"""Detect concurrent edits by a keyed hash of the stored values."""

from django.db import models
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.timezone import localtime

from songshan_cw.data.refusal import Overtaken
from workers.selectors.trail import last_change_of


def version_of(instance: models.Model) -> str:
    """Return the version, empty for an unsaved record. It is keyed, because the values include private numbers."""
    if instance.pk is None or instance._state.adding:
        return ""
    values = [repr(field.value_from_object(instance)) for field in instance._meta.concrete_fields]
    return salted_hmac("songshan_cw.version", "\x1f".join([instance._meta.label, *values])).hexdigest()


def require_unchanged(stored: models.Model, seen: str) -> None:
    """Refuse a record that changed since the page showed it. An empty ``seen`` is not checked."""
    if seen and not constant_time_compare(version_of(stored), seen):
        raise Overtaken(
            f"“{stored._meta.verbose_name} {stored}”在您打开页面之后已被他人修改{_by_whom(stored)}，本次没有保存。"
            "请重新打开页面，核对后再改。"
        )


def _by_whom(stored: models.Model) -> str:
    """Name the user of the other change, where it was recorded."""
    change = last_change_of(stored)
    if change is None:
        return ""
    who = str(change.actor) if change.actor else "系统"
    return f"（{who}，{localtime(change.at):%m月%d日 %H:%M}）"
