"""Columns that are not shown cannot be read through the address: filters, searches, choices."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from songshan_cw.words.terms import Role
from tests.scope.conftest import client_of
from tests.scope.routes import model_routes
from tests.scope.test_routes import leaks
from tests.scope.world import DIGITS_B, STREET_B, World

HIDDEN = [
    "/workers/worker/?id_number__regex=^15",
    "/workers/worker/?id_number__startswith=15",
    "/workers/worker/?bank_account__contains=6",
    "/workers/worker/?standing__street=150404002",
    "/workers/certificate/?worker__id_number__startswith=15",
    "/workers/certificate/?worker__standing__street__code=150404002",
    "/workers/change/?actor__password__startswith=a",
    "/payroll/payslip/?worker__id_number__startswith=15",
    "/payroll/payrollrun/?submitted_by__password__startswith=a",
]
MALFORMED = [
    "id_number=%00",
    "q=%00",
    "q=%FF%FE",
    "p=1e99",
    "p=-1",
    "p=99999999999999999999999",
    f"p={'9' * 5000}",
    "x=1e999999999",
    "o=1e99.-.0x",
    "o=99.-99",
    "all=%00",
    "street=%00",
    "street=1e999999999",
    "year=1e999999999",
    "month=99999999999999999999",
    "in_service=maybe",
    "e=1",
    "_popup=1&_to_field=id_number",
    "_changelist_filters=%00",
    "_facets=1",
]


@pytest.mark.parametrize("address", HIDDEN)
def test_lookups_that_are_not_filters_are_refused(clerk: Client, address: str) -> None:
    response = clerk.get(address)
    assert response.status_code == 400
    assert leaks(response) == []


@pytest.mark.parametrize("query", MALFORMED)
def test_malformed_parameters_are_never_a_server_error(world: World, query: str) -> None:
    client = client_of(world.admin)
    for route in model_routes(("changelist",)):
        response = client.get(f"{route.url()}?{query}")
        assert response.status_code < 500, f"{route.name}?{query}"


@pytest.mark.parametrize("key", ["%00", "1e999999999", "99999999999999999999999", "-1", "a"])
def test_malformed_keys_are_never_a_server_error(world: World, key: str) -> None:
    client = client_of(world.admin)
    for model in admin.site._registry:
        base = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for tail in ("change", "delete", "history"):
            assert 300 < client.get(f"{base}{key}/{tail}/").status_code < 500


def test_a_foreign_filter_value_finds_nothing(clerk: Client) -> None:
    response = clerk.get("/workers/worker/", {"street": STREET_B})
    assert response.status_code == 200
    assert "没有找到记录" in response.content.decode()


@pytest.mark.parametrize("term", ["某", DIGITS_B[1][:6], "1504251988", "m"])
def test_search_finds_only_the_own_street_and_only_shown_columns(clerk: Client, term: str) -> None:
    for model in ("workers/worker", "workers/certificate", "payroll/payslip", "workers/change"):
        body = clerk.get(f"/{model}/", {"q": term}).content.decode()
        assert "秘" not in body


def test_id_tail_is_searched_only_with_the_right(world: World, clerk: Client) -> None:
    tail = world.a.workers[0].id_number[-4:]
    assert "甲某0" not in clerk.get("/workers/worker/", {"q": tail}).content.decode()
    world.a.clerk.sees_private = True
    world.a.clerk.save()
    assert "甲某0" in clerk.get("/workers/worker/", {"q": tail}).content.decode()


@pytest.mark.parametrize(
    ("model", "field"),
    [("postassignment", "worker"), ("postassignment", "community"), ("certificate", "worker"), ("exit", "worker")],
)
def test_autocomplete_offers_only_the_own_street(clerk: Client, model: str, field: str) -> None:
    asked = {"app_label": "workers", "model_name": model, "field_name": field, "term": ""}
    response = clerk.get("/autocomplete/", asked)
    assert response.status_code == 200
    assert "甲" in response.json()["results"][0]["text"]
    assert "秘" not in str(response.json())


@pytest.mark.parametrize("role", [Role.FINANCE, Role.ORGANISATION])
def test_autocomplete_needs_the_right_to_view(world: World, role: Role) -> None:
    asked = {"app_label": "payroll", "model_name": "personalweight", "field_name": "worker", "term": ""}
    status = client_of(world.user(role)).get("/autocomplete/", asked).status_code
    assert status == (200 if role == Role.ORGANISATION else 403)
