"""Requests no database could answer are refused at the door, alike on both engines."""

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
# What a NUL says, and what a key that is none says where a refused form draws its choices again.
IMPOSSIBLE = ("NUL", "expected a number but got")


def add_headers(get_response: Respond) -> Respond:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def refuse_malformed(get_response: Respond) -> Respond:
    """A NUL or a broken character in the address is a 400, never a fault of the server."""

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
    """A body larger than any workbook we read is turned away before it is received."""

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
    """A value no column can hold (too large a number, a NUL, a key that is none) is the request's fault: 400, and a
    line in the log."""

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
