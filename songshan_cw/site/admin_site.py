"""The admin site: titles, start page and its addresses."""

from importlib import import_module
from itertools import chain
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from unfold.sites import UnfoldAdminSite

from songshan_cw.site.scoped_admin import ScopedModelAdmin

APPS = ("workers", "assessment", "payroll")
UNUSED = {"view_on_site"}


class SongshanAdminSite(UnfoldAdminSite):
    site_header = "松山社区工作者管理"
    site_title = "松山社区工作者管理"
    index_title = "首页"
    enable_nav_sidebar = True

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register only scoped admin classes. Those of libraries would show every row to everybody."""
        if admin_class is not None and issubclass(admin_class, ScopedModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[Any]:
        own = [url for url in super().get_urls() if getattr(url, "name", "") not in UNUSED]
        return [*self._page_urls(), *own]

    def _page_urls(self) -> list[URLPattern]:
        """Return the pages each app lists in ``pages/urls.py``, behind the admin's sign-in."""
        addresses = chain.from_iterable(import_module(f"{app}.pages.urls").PAGES for app in APPS)
        return [path(route, self.admin_view(view.as_view()), name=name) for route, view, name in addresses]

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the menu's search, which has one page."""
        if request.GET.get("page", "1") != "1":
            raise Http404
        return super().search(request, extra_context)
