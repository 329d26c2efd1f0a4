"""Every address of the site, read from the resolver, and what each kind of it stands for."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import admin
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from songshan_cw.site.exchange import ExchangeMixin

PLAIN = {"index", "login", "logout", "password_change", "password_change_done", "autocomplete", "jsi18n", "search"}
APP_LIST = "app_list"
LIST_KINDS = ("changelist", "add")
ROW_KINDS = ("change", "delete", "history")
EXCHANGE_KINDS = ("import", "process_import", "export")


@dataclass(frozen=True)
class ModelRoute:
    model: type[models.Model]
    kind: str

    @property
    def name(self) -> str:
        return f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_{self.kind}"

    def url(self, *args: object) -> str:
        return reverse(self.name, args=args)


def route_names() -> Iterator[str]:
    """The names of all routes; a route without a name is given by its pattern."""

    def walk(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns)
            else:
                yield pattern.name or f"?{pattern.pattern}"

    yield from walk(get_resolver().url_patterns)


def model_routes(kinds: tuple[str, ...]) -> list[ModelRoute]:
    return [ModelRoute(model, kind) for model in admin.site._registry for kind in kinds]


def exchange_routes() -> list[ModelRoute]:
    """The addresses of the registers that leave and come back as files."""
    exchanged = [model for model, page in admin.site._registry.items() if isinstance(page, ExchangeMixin)]
    return [ModelRoute(model, kind) for model in exchanged for kind in EXCHANGE_KINDS]


def known_names() -> set[str]:
    routes = [*model_routes(LIST_KINDS + ROW_KINDS), *exchange_routes()]
    named = {route.name.removeprefix("admin:") for route in routes}
    return named | PLAIN | {APP_LIST}
