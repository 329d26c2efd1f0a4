"""The user's password and second factor, and its reset by an administrator."""

from collections.abc import Callable

import qrcode
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django_otp import login as remember_factor
from qrcode.image.svg import SvgPathImage

from songshan_cw.data.refusal import Refused
from songshan_cw.files.table import MOMENT, Column, Table
from songshan_cw.security.signing_in import client_address
from songshan_cw.site.page import Page
from workers.models import User, UserSession
from workers.selectors.sign_ins import sessions_of
from workers.services import (
    bind_device,
    change_own_password,
    confirm_code,
    confirm_user,
    device_of,
    end_session,
    end_sessions,
    offer_device,
    reset_device,
)
from workers.services.session_store import hashed

HOME = "admin:index"
OFFERED = "offered_factor"


class PasswordPage(Page):
    """Change the password. Users with an initial or old password are redirected here first."""

    title = "修改密码"
    template = "pages/account/password.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rules = {"least": settings.PASSWORD_MIN_LENGTH, "kinds": settings.PASSWORD_KINDS}
        due = self.user.password_is_due(timezone.now())
        return self.show(due=due, days=settings.PASSWORD_MAX_AGE_DAYS, **rules)

    def post(self, request: HttpRequest) -> HttpResponse:
        given = {name: request.POST.get(name, "")[:200] for name in ("old", "new", "again")}
        change_own_password(user=self.user, address=client_address(request), at=timezone.now(), **given)
        update_session_auth_hash(request, self.user)
        messages.success(request, "密码已修改；在别处的登录已全部退出。")
        return HttpResponseRedirect(reverse(HOME))


class SecondFactorPage(Page):
    """Enter the six digits of the second factor, or bind it at the first time."""

    title = "动态口令"
    template = "pages/account/second_factor.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if not self.user.needs_second_factor:
            raise Refused("您的角色登录时不需要动态口令。")
        if request.user.is_verified():
            return self.show(verified=True)
        if device_of(self.user) is not None:
            return self.show()
        return self._offer()

    def post(self, request: HttpRequest) -> HttpResponse:
        code = request.POST.get("code", "")[:20]
        if device_of(self.user) is None:
            key = request.session.pop(OFFERED, "")
            device = bind_device(user=self.user, key=key, code=code, at=timezone.now())
        else:
            device = confirm_code(user=self.user, code=code)
        request.session.cycle_key()
        remember_factor(request, device)
        return HttpResponseRedirect(reverse(HOME))

    def _offer(self) -> HttpResponse:
        """Show a new secret each time, kept sealed in this session alone."""
        device = offer_device(user=self.user)
        self.request.session[OFFERED] = device.key
        secret = _secret(device.config_url)
        return self.show(qr=qr_svg(device.config_url), secret=secret)


def sessions_table(leaving: Callable[[UserSession], str]) -> Table[UserSession]:
    """``leaving`` draws the button that ends a session."""
    return Table(
        "我的登录",
        (
            Column("设备", lambda row: row.device or "未知设备"),
            Column("来访地址", lambda row: row.address),
            Column("登录时间", lambda row: row.started_at, MOMENT),
            Column("最近操作", lambda row: row.seen_at, MOMENT),
            Column("办理", show=leaving),
        ),
    )


class SessionsPage(Page):
    """The user's own open sessions, each to be ended: one that was left open, or that is not theirs."""

    title = "我的登录"
    template = "pages/account/sessions.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        current = hashed(request.session.session_key or "")
        sessions = sessions_of(self.user.pk, at=timezone.now())

        def leaving(row: UserSession) -> str:
            if row.session_key == current:
                return "本次登录"
            return render_to_string("pages/account/leave.html", {"session": row}, request)

        return self.show(sessions=self.draw(sessions_table(leaving), sessions))

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = request.POST.get("session", "")[:40]
        if chosen == "others":
            end_sessions(user=self.user)
            update_session_auth_hash(request, self.user)
            messages.success(request, "别处的登录已全部退出。")
        else:
            end_session(user=self.user, session=chosen)
            messages.success(request, "该处的登录已退出。")
        return HttpResponseRedirect(request.path)


class ResetFactorPage(Page):
    """Reset the second factor of a user whose phone is lost."""

    permission = "workers.change_user"
    title = "重置动态口令"
    template = "pages/account/reset_factor.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = self.one(User.objects.all(), pk=pk)
        return self.show(account=user, device=device_of(user))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = self.one(User.objects.all(), pk=pk)
        reset_device(actor=self.user, user=user, at=timezone.now())
        messages.success(request, f"已重置{user}的动态口令；下次登录时重新绑定。")
        return HttpResponseRedirect(reverse("admin:workers_user_change", args=[pk]))


class ConfirmUserPage(Page):
    """Confirm an account with power that another administrator made or changed (rules 10.7)."""

    permission = "workers.change_user"
    title = "确认账号"
    template = "pages/account/confirm_user.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(account=self.one(User.objects.select_related("unconfirmed_by", "region"), pk=pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = self.one(User.objects.all(), pk=pk)
        confirm_user(actor=self.user, user=user, at=timezone.now())
        messages.success(request, f"已确认{user}的账号，现在可以使用。")
        return HttpResponseRedirect(reverse("admin:workers_user_change", args=[pk]))


def _secret(address: str) -> str:
    """Return the secret in groups of four, for typing without a camera."""
    key = address.split("secret=")[1].split("&")[0]
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


def qr_svg(text: str) -> SafeString:
    image = qrcode.make(text, image_factory=SvgPathImage, box_size=10, border=2)
    return mark_safe(image.to_string(encoding="unicode"))  # safe: drawn by the library, without the text itself
