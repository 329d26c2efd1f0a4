"""Sign-in: the form, the client's address and the answer to too many attempts (django-axes)."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from unfold.forms import AuthenticationForm

from songshan_cw.security.masking import holds_id_number

NO_USERNAME = "用户名不会是身份证号。请输入管理员分配的用户名，忘记了请问系统管理员。"
BUSY = "现在登录的人太多，密码没有核对。请过几秒再点一次登录。"
UNCONFIRMED = "这个账号刚新建或更改过，须由另一位系统管理员在“用户”页面确认后才能使用。"
PATIENCE = 2  # seconds
# Checking a password takes the machine as long as several pages. Without a bound a few dozen posters stop everybody.
checks = BoundedSemaphore(settings.LOGIN_CHECKS_AT_ONCE)


class SignInForm(AuthenticationForm):
    def clean_username(self) -> str:
        """Refuse an ID number typed by mistake before it is tried, because every user name tried is recorded."""
        username: str = self.cleaned_data["username"]
        if holds_id_number(username):
            raise ValidationError(NO_USERNAME)
        return username

    def confirm_login_allowed(self, user: Any) -> None:
        """Refuse an account with power that a second administrator has not confirmed (rules 10.7)."""
        if user.unconfirmed_by_id is not None:
            raise ValidationError(UNCONFIRMED)
        super().confirm_login_allowed(user)

    def clean(self) -> dict[str, Any]:
        """Check the password when one of the few places is free."""
        if not checks.acquire(timeout=PATIENCE):
            raise ValidationError(BUSY)
        try:
            return super().clean()
        finally:
            checks.release()


def client_address(request: HttpRequest) -> str:
    """Return the client's address. ``X-Forwarded-For`` counts only as far as trusted proxies wrote it."""
    address = request.META.get("REMOTE_ADDR") or "127.0.0.1"
    claimed = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    for hop in reversed([part.strip() for part in claimed if part.strip()]):
        if not is_trusted(address, settings.TRUSTED_PROXIES) or not _is_address(hop):
            break
        address = hop
    return address


def is_trusted(address: str, proxies: Iterable[str]) -> bool:
    return any(ip_address(address) in ip_network(proxy, strict=False) for proxy in proxies)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def locked_out(request: HttpRequest, original_response: Any = None, credentials: Any = None) -> HttpResponse:
    """Say for how many minutes to wait; ``waiting_until`` was set by the handler that decided it."""
    seconds = (request.waiting_until - timezone.now()).total_seconds()  # type: ignore[attr-defined]
    page = render_to_string("429.html", {"minutes": max(1, -int(-seconds // 60))}, request)
    return HttpResponse(page, status=429, headers={"Retry-After": str(max(1, int(seconds)))})
