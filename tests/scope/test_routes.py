"""A clerk of one street walks every address with keys of another: nothing of it comes back, nothing of it moves."""

from typing import Any

import pytest
from django.contrib import admin
from django.http import HttpResponse
from django.test import Client

from songshan_cw.words.terms import Role
from tests.scope.conftest import client_of
from tests.scope.pages import page_names
from tests.scope.routes import LIST_KINDS, ROW_KINDS, known_names, model_routes, route_names
from tests.scope.world import CANARY, DIGITS_B, World

MISSING = {"workers.region": "999999999999"}
# Reconnaissance pages that only lead back to a model's list, and the catch-all that adds a slash.
HARMLESS = {"?(?P<url>.*)$", "?<path:object_id>/"}
STREET_ROLES = (Role.CLERK, Role.LEADER)


def leaks(response: HttpResponse) -> list[str]:
    body = response.content.decode()
    return [mark for mark in (CANARY, *DIGITS_B) if mark in body]


def snapshot() -> dict[str, list[Any]]:
    """All rows of all models, whoever's: an attack may change none (sights of private numbers are recorded)."""
    models = [model for model in admin.site._registry if model._meta.model_name != "privateaccess"]
    return {
        model._meta.label: [
            tuple(str(value) for value in row) for row in model._default_manager.order_by("pk").values_list()
        ]
        for model in models
        if model._meta.model_name != "user"
    }


def test_every_route_is_one_the_table_knows() -> None:
    unknown = {name for name in route_names() if name not in known_names()} - HARMLESS - page_names()
    assert not unknown, f"这些地址没有归类，先在 tests/scope/routes.py 或 pages.py 里说明是什么：{sorted(unknown)}"


@pytest.mark.parametrize("role", STREET_ROLES)
def test_lists_and_forms_show_nothing_of_another_street(world: World, role: Role) -> None:
    client = client_of(world.user(role))
    found = {}
    for route in model_routes(LIST_KINDS):
        response = client.get(route.url())
        assert response.status_code in {200, 403}, route.name
        found[route.name] = leaks(response)
    assert not {name: marks for name, marks in found.items() if marks}


@pytest.mark.parametrize("role", STREET_ROLES)
def test_own_records_show_nothing_of_another_street(world: World, role: Role) -> None:
    client = client_of(world.user(role))
    opened = 0
    for route in model_routes(ROW_KINDS):
        row = world.a.rows.get(route.model._meta.label_lower)
        if row is None:
            continue
        response = client.get(route.url(row.pk))
        opened += response.status_code == 200
        assert leaks(response) == [], route.name
    assert opened > 20


@pytest.mark.parametrize("role", STREET_ROLES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_foreign_records_answer_like_missing_ones(world: World, role: Role, method: str) -> None:
    client = client_of(world.user(role))
    before = snapshot()
    for route in model_routes(ROW_KINDS):
        label = route.model._meta.label_lower
        row = world.b.rows.get(label)
        if row is None:
            continue
        data = {"post": "yes", "name": "改", "seen_version": "x"} if method == "post" else {}
        foreign = getattr(client, method)(route.url(row.pk), data)
        missing = getattr(client, method)(route.url(MISSING.get(label, 987654321)), data)
        assert foreign.status_code == missing.status_code, route.name
        assert foreign.status_code in {403, 404}, route.name
        assert foreign.content == missing.content, route.name
        assert leaks(foreign) == [], route.name
    assert snapshot() == before


def test_every_model_has_a_foreign_row_to_try(world: World) -> None:
    district_wide = {"gradetable", "gradecoefficient", "steprequirement", "paystandard", "calendarday"}
    district_wide |= {"budgetbasis", "disposableincome"}
    untried = {
        model._meta.label_lower for model in admin.site._registry if model._meta.model_name not in district_wide
    } - set(world.b.rows)
    assert not untried, f"这些模型在乙街道没有行，越权测试试不到它们：{untried}"


def test_a_stranger_sees_only_the_login(world: World) -> None:
    client = Client()
    for route in model_routes(LIST_KINDS):
        response = client.get(route.url())
        assert response.status_code == 302, route.name
        assert response.headers["Location"].startswith("/login/"), route.name


def test_a_disabled_user_is_out_at_once(world: World) -> None:
    client = client_of(world.a.clerk)
    assert client.get("/workers/worker/").status_code == 200
    world.a.clerk.is_active = False
    world.a.clerk.save()
    assert client.get("/workers/worker/").status_code == 302
