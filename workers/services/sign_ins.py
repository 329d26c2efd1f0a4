"""Recording sign-ins and slowing down who guesses passwords (docs/security.md)."""

from datetime import datetime
from typing import Any

from axes.handlers.base import AxesBaseHandler
from axes.helpers import get_client_username
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from songshan_cw.data.refusal import Refused
from songshan_cw.security.signing_in import client_address
from workers.models import Outcome, SignInAttempt, User
from workers.rules.waiting import wait_until
from workers.selectors.sign_ins import attempts_about, is_familiar

USERNAME_LENGTH = 40


class WaitingHandler(AxesBaseHandler):
    """Decide for django-axes who has to wait, out of our own append-only record (setting ``AXES_HANDLER``)."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        end = waiting_end(_username(request, credentials), client_address(request), at=timezone.now())
        request.waiting_until = end  # type: ignore[attr-defined]  # for the page that says how long
        return end is not None

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any
    ) -> None:
        if request is None or getattr(request, "axes_locked_out", False):
            return
        username, address = _username(request, credentials), client_address(request)
        record_attempt(username=username, address=address, outcome=Outcome.WRONG_PASSWORD, at=timezone.now())
        if self.is_locked(request, credentials):
            request.axes_locked_out = True  # type: ignore[attr-defined]

    def user_logged_in(self, sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
        address = client_address(request)
        record_attempt(username=user.username, address=address, outcome=Outcome.SUCCESS, at=timezone.now())

    def user_logged_out(self, sender: Any, request: HttpRequest, user: User | None, **_: Any) -> None:
        """Nothing to record: the session ends."""


def record_attempt(*, username: str, address: str | None, outcome: Outcome, at: datetime) -> SignInAttempt:
    return SignInAttempt.objects.create(
        at=at, username=username[:USERNAME_LENGTH], address=address, outcome=outcome.value
    )


def waiting_end(username: str, address: str, *, at: datetime) -> datetime | None:
    """The time until which the user has to wait at the address; None where they may try."""
    name = username[:USERNAME_LENGTH]
    end = wait_until(
        attempts_about(name, address, at=at),
        username=name,
        address=address,
        familiar=is_familiar(name, address, at=at),
        tries=settings.LOGIN_FAILURES,
        longest=settings.LOGIN_LONGEST_WAIT,
    )
    return end if end is not None and end > at else None


def check_old_password(*, user: User, password: str, address: str, at: datetime) -> None:
    """Check the present password of a signed-in user; failures count as those of the sign-in. Raises Refused."""
    if waiting_end(user.username, address, at=at) is not None:
        raise Refused("原密码连续输错，请过几分钟再试。忘记密码，请由系统管理员重设。")
    if not user.check_password(password):
        record_attempt(username=user.username, address=address, outcome=Outcome.WRONG_OLD_PASSWORD, at=at)
        raise Refused("现在的密码不对，请重新输入。")


def _username(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    return str(get_client_username(request, credentials) or "")[:USERNAME_LENGTH]
