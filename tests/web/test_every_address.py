"""Every address × every role: no whole number unasked, no write by GET, all headers, and no 5xx whatever is sent."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as site
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from songshan_cw.words.terms import Role
from tests.scope.conftest import client_of
from tests.scope.forms import form_data
from tests.scope.routes import model_routes, route_names
from tests.scope.world import World
from tests.web import every_address as walk
from workers.models import User, Worker

ACCOUNT = "6228480012345678901"
EACH = ("\x00", "1e999999999", "9" * 40, "2022-13", "0000-00-00")
MORE = (
    *("\udcff", "-1", "0", "0000-00", "2026-02-30", "NaN", "[]", "１２", "\U0001f600", "' OR 1=1--", "99991231"),
    *("<script>alert(1)</script>", "../../etc/passwd", "a\r\nSet-Cookie: x=1", "2147483648", "9223372036854775808"),
    *("a" * 5000,),
)
# All of them everywhere by `make torture`; by default one in every few addresses, of which there are hundreds.
FULL = bool(os.environ.get("TORTURE"))
ODD = (*EACH, *MORE) if FULL else ("9" * 40,)
SAMPLE = 1 if FULL else 8
ODD_KEYS = {*ODD, EACH[0]} - {"１２"}  # full-width digits are a number, and may be somebody's key
RAW_QUERIES = ("x=%00", "q=%ff%fe", "q=%ED%A0%80", "q[]=1&q[]=2", "page=1&page=2", "=", "&&&", "%", "q=%", "page=%31e9")
ADMIN_NAMES = ("q", "p", "o", "all", "e", "_popup", "_to_field", "_changelist_filters", "_facets", "term", "field_name")


@pytest.fixture
def world(world: World) -> World:
    for worker in world.a.workers:
        Worker.objects.filter(pk=worker.pk).update(bank_account=ACCOUNT)
    User.objects.update(sees_private=True)
    return world


def visitor(world: World, role: Role) -> Client:
    client = client_of(User.objects.get(pk=world.user(role).pk))
    client.raise_request_exception = False
    client.get("/")
    return client


@pytest.mark.parametrize("role", list(Role))
def test_no_get_writes_shows_a_whole_number_or_lacks_a_header(world: World, role: Role) -> None:
    client, addresses = visitor(world, role), walk.own_addresses(world, world.a)
    before = walk.all_rows()
    private = {number for one in Worker.objects.all() for number in (one.id_number, one.phone, one.bank_account)} - {""}
    faults, opened = [], 0
    for address in addresses:
        answer: Any = client.get(address)
        walk.hold(answer)
        opened += answer.status_code == 200
        text = walk.texts(answer)
        found = [number for number in private if number in text]
        lacking = walk.missing_headers(answer)
        if answer.status_code >= 500 or found or lacking:
            faults.append((address, answer.status_code, found, lacking))
    assert faults == []
    assert walk.moved(before, walk.all_rows()) == []
    assert len(addresses) > 250 and opened > 30, (len(addresses), opened)


def test_every_route_is_walked(world: World) -> None:
    walked = {name.removeprefix("admin:") for name in walk.own_addresses(world, world.a).values()}
    unwalked = {name for name in route_names() if not name.startswith("?")} - walked - walk.LEAVING
    assert unwalked == set()


def patterns() -> list[tuple[str, dict[str, Any]]]:
    """Every route of the resolver as a template with its converters."""
    found = []

    def follow(routes: list[URLPattern | URLResolver], before: str) -> None:
        for route in routes:
            text = before + str(route.pattern)
            if isinstance(route, URLResolver):
                follow(route.url_patterns, text)
            elif route.pattern.converters:
                found.append((text, route.pattern.converters))

    follow(get_resolver().url_patterns, "/")
    return found


def test_odd_keys_in_every_address_are_4xx(world: World) -> None:
    client, routes = visitor(world, Role.ADMINISTRATOR), patterns()
    assert len(routes) > 150
    faults = []
    for text, converters in routes:
        for odd in ODD_KEYS:
            address, written = text, quote(odd.encode("utf-8", "surrogateescape"), safe="")
            for name in converters:
                address = re.sub(rf"<(\w+:)?{name}>", lambda _, given=written: given, address)
            assert "<" not in address, address
            answer: Any = walk.get_raw(client, address)
            if answer.status_code >= 500 or answer.status_code == 200:
                faults.append((text, odd[:20], answer.status_code))
    assert [fault for fault in faults if fault[2] >= 500] == []
    # What opens all the same is a list that finds nothing under an odd name, never a record.
    assert {text for text, _, _ in faults} <= set(), sorted({text for text, _, _ in faults})


def names_read() -> list[str]:
    rooms = ("songshan_cw/site", "*/pages", "*/admin")
    sources = [path.read_text() for room in rooms for path in Path(site.BASE_DIR).glob(f"{room}/*.py")]
    found = {name for source in sources for name in walk.parameter_names(source)}
    for route in model_routes(("changelist",)):
        filters = admin.site._registry[route.model].list_filter
        found |= {str(one.parameter_name) for one in filters if getattr(one, "parameter_name", "")}
    return sorted(found | set(ADMIN_NAMES))


def test_odd_parameters_of_every_address_are_no_fault_of_the_server(world: World) -> None:
    client, names = visitor(world, Role.ADMINISTRATOR), names_read()
    assert len(names) > 30
    faults, tried = [], 0
    for address in walk.own_addresses(world, world.a):
        for odd in ODD:
            answer: Any = walk.get(client, address, **dict.fromkeys(names, odd.encode("utf-8", "surrogateescape")))
            tried += 1
            if answer.status_code >= 500:
                faults.append((address, odd[:20], answer.status_code))
    assert faults == [] and tried > (500 if FULL else 250)


def test_each_parameter_alone(world: World) -> None:
    """All together, one bad name could hide the next."""
    client = visitor(world, Role.ADMINISTRATOR)
    faults = []
    addresses = [*(f"/{page}/" for page in PAGES_WITH_FILTERS), "/workers/worker/", "/payroll/payrollrun/", "/"]
    for place, address in enumerate(addresses):
        for number, name in list(enumerate(names_read()))[place % SAMPLE :: SAMPLE]:
            for odd in EACH if FULL else [EACH[number % len(EACH)]]:
                if walk.get(client, address, **{name: odd}).status_code >= 500:
                    faults.append((address, name, odd[:20]))
        for raw in RAW_QUERIES[place % SAMPLE :: SAMPLE]:
            if walk.get_raw(client, f"{address}?{raw}").status_code >= 500:
                faults.append((address, raw, ""))
    assert faults == []


PAGES_WITH_FILTERS = (
    *("people", "pay", "tables", "performance", "assess", "limits", "compare", "secondments", "secondments/new"),
    *("staffing", "duties", "contracts", "archives", "talent", "budget", "forecast", "income"),
)


@pytest.mark.parametrize("odd", ODD[:2])
def test_odd_forms_are_no_fault_of_the_server(world: World, odd: str) -> None:
    client = visitor(world, Role.CLERK)
    posted = (
        "step",
        "seen",
        "row",
        "rows",
        "street",
        "reason",
        "purpose",
        "numbers",
        "month",
        "comment",
        "document_no",
    )
    faults = []
    for address in list(walk.own_addresses(world, world.a))[::SAMPLE]:
        page: Any = walk.get(client, address)
        context = page.context or {}
        data = dict.fromkeys(posted, odd)
        if "adminform" in context and "inline_admin_formsets" in context:
            data = {name: value if "_FORMS" in name else odd for name, value in form_data(page).items()}
        if walk.post(client, address, data).status_code >= 500:
            faults.append(address)
    assert faults == []
