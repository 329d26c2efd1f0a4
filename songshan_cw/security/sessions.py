"""Sessions end after idle time and after their longest life; due passwords and second factors come first."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django_otp import user_has_device

from songshan_cw.security.signing_in import client_address

SINCE, SEEN = "since", "seen"
WATCHING = "watch"  # in the query of a page that reloads itself: nobody is at work there
WRITE_EVERY = 60  # seconds between two writes of the last activity
PASSWORD_PAGE, FACTOR_PAGE = "admin:password_change", "admin:second_factor"
ALWAYS_OPEN = {"logout", "login", "jsi18n"}
SYSTEMS = (("Windows", "Windows"), ("Android", "安卓"), ("iPhone", "iPhone"), ("Mac OS", "Mac"), ("Linux", "Linux"))
BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
Respond = Callable[[HttpRequest], HttpResponse]


def end_old_sessions(get_response: Respond) -> Respond:
    """Sign out sessions that were idle too long or are too old, with a message."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(timezone.now().timestamp())
            reason = _end_reason(request, now)
            if reason:
                logout(request)
                messages.info(request, reason)
                return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
            if WATCHING not in request.GET:
                _note_activity(request, now)
        return get_response(request)

    return middleware


def _end_reason(request: HttpRequest, now: int) -> str:
    seen, since = request.session.get(SEEN, now), request.session.get(SINCE, now)
    if now - seen > settings.SESSION_IDLE_SECONDS:
        return f"您已超过{settings.SESSION_IDLE_SECONDS // 60}分钟没有操作，请重新登录。"
    if now - since > settings.SESSION_COOKIE_AGE:
        return f"本次登录已满{settings.SESSION_COOKIE_AGE // 3600}小时，请重新登录。"
    return ""


def _note_activity(request: HttpRequest, now: int) -> None:
    if SINCE not in request.session:
        request.session[SINCE] = now
        request.session["address"] = client_address(request)
        request.session["device"] = device_name(request.headers.get("User-Agent", ""))
    if now - request.session.get(SEEN, 0) >= min(WRITE_EVERY, settings.SESSION_IDLE_SECONDS // 2):
        request.session[SEEN] = now


def finish_sign_in_first(get_response: Respond) -> Respond:
    """Redirect to the password or second-factor page until it is done."""

    def middleware(request: HttpRequest) -> HttpResponse:
        wanted = _due_page(request)
        if wanted and not _is_open(request, wanted):
            return HttpResponseRedirect(reverse(wanted))
        return get_response(request)

    return middleware


def _due_page(request: HttpRequest) -> str:
    """Return the page to do first. A bound second factor comes before the password, a new one after it: its secret is
    then never shown to anyone who only knows the password handed out."""
    user = request.user
    if not user.is_authenticated:
        return ""
    unproven = user.needs_second_factor and not user.is_verified()
    if unproven and user_has_device(user):
        return FACTOR_PAGE
    if user.password_is_due(timezone.now()):
        return PASSWORD_PAGE
    return FACTOR_PAGE if unproven else ""


def device_name(agent: str) -> str:
    """The system and browser a user agent names, as its owner would: ``Windows Chrome``."""
    names = (next((label for sign, label in signs if sign in agent), "") for signs in (SYSTEMS, BROWSERS))
    return " ".join(name for name in names if name) or "未知设备"


def _is_open(request: HttpRequest, wanted: str) -> bool:
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return False
    return match.url_name in ALWAYS_OPEN or match.view_name == wanted
