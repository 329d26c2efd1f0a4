"""Middleware for every request: security headers, and refusal of requests that no database can answer."""

import logging
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBadRequest
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)
Respond = Callable[[HttpRequest], HttpResponse]
ROOM_FOR_FORM = 2**20
UNUSED_FEATURES = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES)
# Parts of the messages of ValueError for a NUL and for a key that is not a number.
IMPOSSIBLE = ("NUL", "expected a number but got")


def add_headers(get_response: Respond) -> Respond:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def refuse_malformed(get_response: Respond) -> Respond:
    """Answer 400 to a NUL or an invalid character in the address."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if _is_malformed(request):
            return HttpResponseBadRequest(render_to_string("400.html"))
        return get_response(request)

    return middleware


def _is_malformed(request: HttpRequest) -> bool:
    query = unquote_to_bytes(request.META.get("QUERY_STRING", "").replace("+", " "))
    try:
        query.decode()
        request.path_info.encode()
    except UnicodeError:
        return True
    return b"\x00" in query or "\x00" in request.path_info


def refuse_oversized(get_response: Respond) -> Respond:
    """Refuse a body larger than any workbook before receiving it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return HttpResponseBadRequest(render_to_string("400.html"))
        if length > settings.UPLOAD_BYTES + ROOM_FOR_FORM:
            return HttpResponse(render_to_string("413.html", {"most": settings.UPLOAD_BYTES // 2**20}), status=413)
        return get_response(request)

    return middleware


class answer_impossible_values:
    """Answer 400 to values that no column can hold (too large, NUL, not a key) and log them."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        impossible = isinstance(fault, ValueError) and any(words in str(fault) for words in IMPOSSIBLE)
        if not impossible and not isinstance(fault, DataError | OverflowError):
            return None
        logger.warning("%s %s: %s", request.method, request.path, fault)
        return HttpResponseBadRequest(render_to_string("400.html"))
