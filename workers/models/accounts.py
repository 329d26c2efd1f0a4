"""User accounts and their second factor."""

import os
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_totp.models import TOTPDevice

from songshan_cw.data.sealing import open_bytes, seal_bytes
from songshan_cw.words.terms import Role, choices
from workers.models.regions import Region
from workers.rules.rights import role_decides, role_has_module, role_has_permission

STREET_ROLES = (Role.CLERK.value, Role.LEADER.value)


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """A user account. Role and region decide all its rights and its scope (rules 10)."""

    username = models.CharField("用户名", max_length=40, unique=True, error_messages={"unique": "该用户名已被使用。"})
    full_name = models.CharField("姓名", max_length=40, blank=True)
    role = models.CharField("角色", max_length=10, choices=choices(Role))
    region = models.ForeignKey(
        Region,
        verbose_name="管辖区划",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text="街道经办、街道负责人填街道；民政局、财政、组织部填旗县区；系统管理员留空。",
    )
    sees_private = models.BooleanField("可查看完整证件号和账号", default=False, help_text="查看和导出均留痕。")
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须修改密码", default=False, editable=False)
    password_changed_at = models.DateTimeField("密码设置时间", null=True, editable=False)
    sign_in_round = models.PositiveIntegerField("登录批次", default=0, editable=False)
    unconfirmed_by = models.ForeignKey(
        "self",
        verbose_name="待确认（办理人）",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="能审核、发放或查看完整号码的账号，新建和更改由另一位系统管理员确认后才能使用。",
    )

    is_superuser = False
    channel = ""  # how this process acts for the user; empty for pages (rules 10.7)
    scope_path = "region"
    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = verbose_name_plural = "用户"
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role=Role.ADMINISTRATOR.value) | ~models.Q(region=None),
                name="user_has_region",
                violation_error_message="除系统管理员外，用户必须指定管辖区划。",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    @property
    def is_staff(self) -> bool:
        """Let every account with a role into the admin; the role decides what it sees there."""
        return self.is_usable

    @property
    def is_usable(self) -> bool:
        """Return whether the account has any right now: enabled, and confirmed where it has power."""
        return self.is_active and self.unconfirmed_by_id is None

    @property
    def needs_second_factor(self) -> bool:
        """Require a second proof of users who decide, pay or see whole numbers."""
        return settings.REQUIRE_TOTP and self.has_power

    @property
    def has_power(self) -> bool:
        """Return whether the account decides, pays or sees whole numbers (rules 10.7)."""
        return self.sees_private or role_decides(Role(self.role))

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password)
        self.password_changed_at = timezone.now()

    def password_is_due(self, at: datetime) -> bool:
        """Return whether the password must be changed: set by an administrator, or too old."""
        days = settings.PASSWORD_MAX_AGE_DAYS
        aged = bool(days and self.password_changed_at and at - self.password_changed_at > timedelta(days=days))
        return self.must_change_password or aged

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """End sessions when the password changes or ``end_sessions`` increases the round."""
        return salted_hmac(
            "workers.User.session", f"{self.password}:{self.sign_in_round}", secret=secret, algorithm="sha256"
        ).hexdigest()

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_usable and role_has_permission(Role(self.role), perm)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_usable and role_has_module(Role(self.role), app_label)


SECRET_BYTES = 20


def new_secret() -> str:
    return seal_bytes(os.urandom(SECRET_BYTES))


class SecondFactor(TOTPDevice):
    """动态口令: the library's device with an encrypted ``key``."""

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "动态口令"

    @property
    def bin_key(self) -> bytes:
        return open_bytes(self.key)
