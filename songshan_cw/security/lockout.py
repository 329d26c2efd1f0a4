"""The answer to whoever tried too often (django-axes)."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def locked_out(request: HttpRequest, original_response: Any = None, credentials: Any = None) -> HttpResponse:
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    page = render_to_string("429.html", {"minutes": minutes, "tries": settings.AXES_FAILURE_LIMIT}, request)
    return HttpResponse(page, status=429)
