"""Signing in: every password that was tried, and the sessions that are open."""

from enum import StrEnum

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.timezone import localtime

from workers.models.accounts import User


class Outcome(StrEnum):
    SUCCESS = "登录成功"
    WRONG_PASSWORD = "密码不对"
    WRONG_OLD_PASSWORD = "原密码不对"
    RESET = "密码已重设"


FAILURES = (Outcome.WRONG_PASSWORD, Outcome.WRONG_OLD_PASSWORD)


class SignInAttempt(models.Model):
    """登录记录: one password that was checked, or a reset that lets a user try again. Append-only.

    Attempts refused while waiting are not recorded, because no password was checked.
    """

    at = models.DateTimeField("时间")
    username = models.CharField("用户名", max_length=40)
    address = models.GenericIPAddressField("来访地址", null=True)
    outcome = models.CharField("结果", max_length=10, choices=[(one.value, one.value) for one in Outcome])

    scope_path = "username"  # only the administrator, whose rows no scope filters, has the right to see it

    class Meta:
        verbose_name = verbose_name_plural = "登录记录"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["username", "at"], name="attempt_username"),
            models.Index(fields=["address", "at"], name="attempt_address"),
        ]

    def __str__(self) -> str:
        return f"{localtime(self.at):%Y-%m-%d %H:%M} {self.username} {self.outcome}"


class UserSession(AbstractBaseSession):
    """登录会话: a session of Django's, stored under the hash of its key so that a copied table opens no session."""

    user = models.ForeignKey(User, verbose_name="用户", null=True, on_delete=models.CASCADE, related_name="sessions")
    address = models.GenericIPAddressField("来访地址", null=True)
    device = models.CharField("设备", max_length=80, blank=True)
    started_at = models.DateTimeField("登录时间", null=True)
    seen_at = models.DateTimeField("最近操作", null=True)

    scope_path = "user__region"

    class Meta:
        verbose_name = verbose_name_plural = "登录会话"

    def __str__(self) -> str:
        return f"{self.user} {self.device}"
