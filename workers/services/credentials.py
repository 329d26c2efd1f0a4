"""Proving who one is: the own password, and the second factor of those who review or administer."""

from datetime import datetime

from django.db import transaction

from songshan_cw.data.refusal import Refused
from workers.models import Change, SecondFactor, User, new_secret
from workers.services.accounts import set_checked_password
from workers.services.guards import require_right
from workers.services.trail import record_change

DEVICE = "动态口令"


@transaction.atomic
def change_own_password(*, user: User, old: str, new: str, again: str, at: datetime) -> Change | None:
    """Every session opened with the old password ends; the caller keeps the present one."""
    if not user.check_password(old):
        raise Refused("现在的密码不对，请重新输入。")
    if new != again:
        raise Refused("两次输入的新密码不一样，请重新输入。")
    set_checked_password(user, new)
    user.password_changed_at, user.must_change_password = at, False
    user.save(update_fields=["password", "password_changed_at", "must_change_password"])
    return _keep(user, user, at, "密码", "（已修改）", "本人修改密码")


def device_of(user: User) -> SecondFactor | None:
    return SecondFactor.objects.filter(user=user, confirmed=True).first()


@transaction.atomic
def offer_device(*, user: User) -> SecondFactor:
    """The secret to bind, the same until it is confirmed. Refused to whoever has one already."""
    if device_of(user) is not None:
        raise Refused("您已绑定动态口令；换手机请由系统管理员重置。")
    User.objects.select_for_update().get(pk=user.pk)
    offered = SecondFactor.objects.filter(user=user, confirmed=False).first()
    return offered or SecondFactor.objects.create(user=user, confirmed=False, name=DEVICE, key=new_secret())


def confirm_code(*, user: User, code: str, at: datetime) -> SecondFactor:
    """Check six digits against the bound device, or bind the offered one by them. Each code counts once."""
    with transaction.atomic():
        device = SecondFactor.objects.select_for_update().filter(user=user).order_by("-confirmed", "id").first()
        if device is None:
            raise Refused("还没有绑定动态口令，请先扫描二维码。")
        right = _verified(device, code)
        if right and not device.confirmed:
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            _keep(user, user, at, DEVICE, "已绑定", "绑定动态口令")
    if not right:  # after the transaction: the failure stays counted, and slows whoever guesses
        raise Refused("动态口令不对或已用过。请等手机上换了新的6位数字再输入；连续输错会被要求等待。")
    return device


def _verified(device: SecondFactor, code: str) -> bool:
    digits = "".join(code.split())
    allowed, _ = device.verify_is_allowed()
    if not (allowed and digits.isascii() and digits.isdecimal()):
        return False
    return bool(device.verify_token(digits))


@transaction.atomic
def reset_device(*, actor: User | None, user: User, at: datetime) -> None:
    """A lost phone: another administrator (None: operations) takes the binding away, and the sessions with it."""
    if actor is not None:
        require_right(actor, "change", User)
        if actor.pk == user.pk:
            raise Refused(
                "不能重置自己的动态口令；请由另一位系统管理员办理，或由运维人员用命令reset_second_factor重置。"
            )
    if not SecondFactor.objects.filter(user=user).delete()[0]:
        raise Refused(f"{user}没有绑定动态口令，不用重置。")
    end_sessions(user=user)
    _keep(actor, user, at, DEVICE, "已重置", "重置动态口令")


def end_sessions(*, user: User) -> None:
    """Whoever is signed in as this user is so no longer."""
    user.sign_in_round += 1
    user.save(update_fields=["sign_in_round"])


def _keep(actor: User | None, user: User, at: datetime, field: str, told: str, reason: str) -> Change | None:
    items = [["用户", str(user), field, "", told]]
    return record_change(actor=actor, at=at, about=user, items=items, reason=reason, street_code=None)
