"""The site's own pages, walked by a clerk and a leader with another street's keys."""

import pytest
from django.urls import reverse

from songshan_cw.words.terms import Role
from tests.scope.conftest import client_of
from tests.scope.pages import KEYED, OPEN_PAGES, addresses
from tests.scope.test_routes import STREET_ROLES, leaks, snapshot
from tests.scope.world import CANARY, World


@pytest.mark.parametrize("role", STREET_ROLES)
@pytest.mark.parametrize("name", OPEN_PAGES)
def test_open_pages_show_nothing_of_another_street(world: World, role: Role, name: str) -> None:
    for query in ({}, {"q": world.b.workers[0].name[-1]}, {"street": world.b.region.code}):
        response = client_of(world.user(role)).get(reverse(f"admin:{name}"), query, follow=True)
        assert response.status_code in {200, 403}
        typed = [mark for mark in query.values() if mark in response.content.decode()]
        assert [mark for mark in leaks(response) if mark not in typed] == []


@pytest.mark.parametrize("role", STREET_ROLES)
@pytest.mark.parametrize("name", KEYED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_foreign_keys_open_nothing_and_move_nothing(world: World, role: Role, name: str, method: str) -> None:
    client, before = client_of(world.user(role)), snapshot()
    for address in addresses(name, world.b):
        response = getattr(client, method)(address, {"step": "preview", "purpose": "核对"} if method == "post" else {})
        assert response.status_code in {403, 404, 405}, address
        assert CANARY not in response.content.decode()
    assert snapshot() == before


@pytest.mark.parametrize("name", ["person", "pay_run", "assess_sheet", "budget"])
def test_own_keys_open(world: World, name: str) -> None:
    """Were the addresses wrong, the refusals above would prove nothing."""
    client = client_of(world.a.clerk)
    for address in addresses(name, world.a):
        response = client.get(address)
        assert response.status_code == 200, address
        assert leaks(response) == []
