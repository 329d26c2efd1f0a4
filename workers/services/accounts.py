"""Accounts with their role and region (rules 10.5)."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from songshan_cw.data.refusal import NotAllowed, Overtaken, Refused
from songshan_cw.security.masking import holds_id_number
from songshan_cw.words.terms import RegionLevel, Role
from workers.models import STREET_ROLES, Change, Outcome, User
from workers.services.amendment import write
from workers.services.guards import require_right
from workers.services.sign_ins import record_attempt
from workers.services.trail import differences, record_change
from workers.services.versions import require_unchanged

POWERS = ("role", "region_id", "sees_private")


@transaction.atomic
def save_user(
    *, actor: User, user: User, password: str = "", reason: str = "", at: datetime, seen: str = ""
) -> Change | None:
    """Create or change an account. A given password replaces the old one."""
    stored = None
    if user._state.adding:
        require_right(actor, "add", User)
        if not password:
            raise Refused("新用户必须设置初始密码。")
    else:
        require_right(actor, "change", User)
        stored = User.objects.select_for_update().get(pk=user.pk)
        require_unchanged(stored, seen)
    _require_plain_username(user)
    _require_fitting_region(user)
    _require_own_seat(actor, user)
    if password:
        set_checked_password(user, password)
        user.must_change_password = user.pk != actor.pk
        record_attempt(username=user.username, address=None, outcome=Outcome.RESET, at=at)
    if stored is not None and stored.is_active and not user.is_active:
        user.sign_in_round += 1
    if _gains_power(stored, user, bool(password)):
        user.unconfirmed_by = actor
        user.sign_in_round += 1
    write(user)
    items = differences(stored, user)
    return record_change(actor=actor, at=at, about=user, items=items, reason=reason, street_code=_street(user))


@transaction.atomic
def confirm_user(*, actor: User, user: User, at: datetime) -> Change | None:
    """Confirm an account with power that another administrator made or changed (rules 10.7)."""
    require_right(actor, "change", User)
    stored = User.objects.select_for_update(of=("self",)).select_related("unconfirmed_by").get(pk=user.pk)
    if stored.unconfirmed_by is None:
        raise Overtaken(f"“{stored}”不用确认，或已由他人确认。请刷新页面。")
    if actor.pk in (stored.unconfirmed_by_id, stored.pk):
        raise NotAllowed(f"“{stored}”是您本人新建、更改的，或是您自己的账号，须由另一位系统管理员确认。")
    confirmed = User.objects.get(pk=user.pk)
    confirmed.unconfirmed_by = None
    confirmed.save(update_fields=["unconfirmed_by"])
    items = differences(stored, confirmed)
    return record_change(actor=actor, at=at, about=confirmed, items=items, reason="确认账号", street_code=None)


@transaction.atomic
def create_administrator(*, username: str, full_name: str = "", password: str, at: datetime) -> User:
    """Create the first administrator of an installation, by command."""
    user = User(username=username, full_name=full_name, role=Role.ADMINISTRATOR.value)
    _require_plain_username(user)
    set_checked_password(user, password)
    write(user)
    items = differences(None, user)
    record_change(actor=None, at=at, about=user, items=items, reason="由命令创建", street_code=None)
    return user


@transaction.atomic
def remove_user(*, actor: User, user: User, reason: str = "", at: datetime) -> None:
    """Delete an account that never did anything. Others can only be disabled."""
    require_right(actor, "delete", User)
    if user.pk == actor.pk:
        raise Refused("不能删除自己的账号。")
    items = differences(user, None)
    gone = User(pk=user.pk, username=user.username)
    try:
        user.delete()
    except ProtectedError as fault:
        raise Refused(f"“{user}”已有操作记录，不能删除；请取消“启用”。") from fault
    record_change(actor=actor, at=at, about=gone, items=items, reason=reason or "删除", street_code=None)


def _gains_power(stored: User | None, user: User, new_password: bool) -> bool:
    """Return whether the account gains a right to approve, to pay or to see whole numbers.

    A new password counts, because the person who set it can now sign in.
    """
    if not user.is_active or not user.has_power:
        return False
    if stored is None or new_password or not stored.is_active:
        return True
    return any(getattr(stored, name) != getattr(user, name) for name in POWERS)


def _require_plain_username(user: User) -> None:
    """Refuse user names that could be misread, because changes and pages show them."""
    if holds_id_number(user.username):
        raise Refused("用户名不能是身份证号：用户名会原样显示和留痕。请另取一个。")


def _require_fitting_region(user: User) -> None:
    level = user.region.level if user.region else None
    if user.role == Role.ADMINISTRATOR:
        wanted = None
    else:
        wanted = RegionLevel.STREET if user.role in STREET_ROLES else RegionLevel.DISTRICT
    if level == wanted:
        return
    words = {None: "应留空", RegionLevel.STREET: "应选街道(乡镇)", RegionLevel.DISTRICT: "应选旗县区"}[wanted]
    raise Refused(f"{user.role or '该角色'}的管辖区划{words}。")


def _require_own_seat(actor: User, user: User) -> None:
    """Refuse administrators who would disable themselves or change their own role."""
    if user.pk == actor.pk and (user.role != actor.role or not user.is_active):
        raise Refused("不能更改自己的角色，也不能停用自己；请由另一位系统管理员办理。")


def set_checked_password(user: User, password: str) -> None:
    """Set a password that passes the validators. The caller saves the account."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused("\n".join(error.messages)) from error
    user.set_password(password)


def _street(user: User) -> str | None:
    return user.region_id if user.role in STREET_ROLES else None
