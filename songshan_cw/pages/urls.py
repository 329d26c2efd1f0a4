"""Every page's address, wrapped in the admin's sign-in; names live in the ``admin`` namespace."""

from django.contrib import admin
from django.urls import URLPattern, path

from songshan_cw.pages.base import Page


def page(route: str, view: type[Page], name: str) -> URLPattern:
    return path(route, admin.site.admin_view(view.as_view()), name=name)


def page_urls() -> list[URLPattern]:
    return []
