"""Change the own password, and bind or reset a second factor."""

from datetime import datetime

from django.db import transaction
from django_otp.oath import TOTP

from songshan_cw.data.refusal import Refused
from workers.models import Change, SecondFactor, User, UserSession, new_secret
from workers.services.accounts import set_checked_password
from workers.services.guards import require_right
from workers.services.sign_ins import check_old_password
from workers.services.trail import record_change

DEVICE = "动态口令"
WRONG_CODE = "动态口令不对或已用过。请等手机上换了新的6位数字再输入；"


def change_own_password(*, user: User, old: str, new: str, again: str, address: str, at: datetime) -> Change | None:
    """Replace the user's own password. Sessions opened with the old one end; the caller keeps the present one.

    The old one is checked before the transaction begins, so that a failure stays on record. Raises Refused.
    """
    check_old_password(user=user, password=old, address=address, at=at)
    return _set_own_password(user, new, again, at)


@transaction.atomic
def _set_own_password(user: User, new: str, again: str, at: datetime) -> Change | None:
    if new != again:
        raise Refused("两次输入的新密码不一样，请重新输入。")
    set_checked_password(user, new)
    user.password_changed_at, user.must_change_password = at, False
    user.save(update_fields=["password", "password_changed_at", "must_change_password"])
    return _keep(user, user, at, "密码", "（已修改）", "本人修改密码")


def device_of(user: User) -> SecondFactor | None:
    return SecondFactor.objects.filter(user=user, confirmed=True).first()


def offer_device(*, user: User) -> SecondFactor:
    """Make a device with a new secret, stored nowhere: the page keeps it in the session until it is bound.

    Raises Refused where the user has a device.
    """
    if device_of(user) is not None:
        raise Refused("您已绑定动态口令；换手机请由系统管理员重置。")
    return SecondFactor(user=user, name=DEVICE, key=new_secret())


@transaction.atomic
def bind_device(*, user: User, key: str, code: str, at: datetime) -> SecondFactor:
    """Bind the offered secret ``key`` by the first code of the phone. Raises Refused."""
    User.objects.select_for_update().get(pk=user.pk)
    if device_of(user) is not None:
        raise Refused("您已绑定动态口令；换手机请由系统管理员重置。")
    if not key:
        raise Refused("还没有绑定动态口令，请先扫描二维码。")
    device = SecondFactor(user=user, name=DEVICE, key=key)
    generator = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    if not generator.verify(_digits(code), device.tolerance):
        raise Refused(f"{WRONG_CODE}二维码已经换新，请重新扫描。")
    device.last_t = generator.t()
    device.save()
    _keep(user, user, at, DEVICE, "已绑定", "绑定动态口令")
    return device


def confirm_code(*, user: User, code: str) -> SecondFactor:
    """Check a code against the bound device; each code counts once. Raises Refused."""
    with transaction.atomic():
        device = SecondFactor.objects.select_for_update().filter(user=user).first()
        if device is None:
            raise Refused("还没有绑定动态口令，请先扫描二维码。")
        allowed, _ = device.verify_is_allowed()
        right = allowed and bool(device.verify_token(_digits(code)))
    if not right:  # after the transaction, so that the failure stays counted and slows further tries
        raise Refused(f"{WRONG_CODE}连续输错会被要求等待。")
    return device


def _digits(code: str) -> int:
    """The code as a number; -1, which no code is, where it is none."""
    digits = "".join(code.split())
    return int(digits) if digits.isascii() and digits.isdecimal() else -1


@transaction.atomic
def reset_device(*, actor: User | None, user: User, at: datetime) -> None:
    """Remove the second factor after a lost phone, and end the sessions. ``actor`` None: a command.

    An account with power waits for a second administrator: who resets it could otherwise take it over (rules 10.7).
    """
    if actor is not None:
        require_right(actor, "change", User)
        if actor.pk == user.pk:
            raise Refused(
                "不能重置自己的动态口令；请由另一位系统管理员办理，或由运维人员用命令reset_second_factor重置。"
            )
    if not SecondFactor.objects.filter(user=user).delete()[0]:
        raise Refused(f"{user}没有绑定动态口令，不用重置。")
    if actor is not None and user.has_power:
        user.unconfirmed_by = actor
        user.save(update_fields=["unconfirmed_by"])
    end_sessions(user=user)
    _keep(actor, user, at, DEVICE, "已重置", "重置动态口令")


def end_session(*, user: User, session: str) -> None:
    """End one of the user's own sessions, named by its stored key."""
    UserSession.objects.filter(user=user, session_key=session).delete()


def end_sessions(*, user: User) -> None:
    """End all sessions of the user."""
    user.sign_in_round += 1
    user.save(update_fields=["sign_in_round"])


def _keep(actor: User | None, user: User, at: datetime, field: str, told: str, reason: str) -> Change | None:
    items = [["用户", str(user), field, "", told]]
    return record_change(actor=actor, at=at, about=user, items=items, reason=reason, street_code=None)
