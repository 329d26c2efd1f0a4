import pytest
from django.test import Client

from songshan_cw.words.terms import Role
from tests.scope.world import World, make_world
from tests.worlds import shared
from workers.models import User


@shared()
def world() -> World:
    return make_world()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def clerk(world: World) -> Client:
    return client_of(world.user(Role.CLERK))
