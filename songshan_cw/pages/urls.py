"""Every page's address, wrapped in the admin's sign-in; names live in the ``admin`` namespace."""

from django.contrib import admin
from django.urls import URLPattern, path

from songshan_cw.pages.base import Page
from songshan_cw.pages.entry_urls import ENTRY_PAGES
from songshan_cw.pages.events import EventPage
from songshan_cw.pages.money_urls import MONEY_PAGES
from songshan_cw.pages.pay_urls import PAY_PAGES
from songshan_cw.pages.people import PeoplePage
from songshan_cw.pages.person import PersonPage
from songshan_cw.pages.privacy import NumbersPage, PersonReport
from songshan_cw.pages.register_urls import REGISTER_PAGES


def page(route: str, view: type[Page], name: str) -> URLPattern:
    return path(route, admin.site.admin_view(view.as_view()), name=name)


def page_urls() -> list[URLPattern]:
    return [
        *(page(*entry) for entry in ENTRY_PAGES),
        *(page(*entry) for entry in PAY_PAGES),
        *(page(*entry) for entry in MONEY_PAGES),
        *(page(*entry) for entry in REGISTER_PAGES),
        page("people/", PeoplePage, "people"),
        page("people/<int:pk>/", PersonPage, "person"),
        page("people/<int:pk>/numbers/", NumbersPage, "person_numbers"),
        page("people/<int:pk>/report/", PersonReport, "person_report"),
        page("people/<int:pk>/do/<slug:kind>/", EventPage, "person_event"),
    ]
