"""Requests no database could answer are refused at the door, alike on both engines."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBadRequest
from django.template.loader import render_to_string


def refuse_malformed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
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
