"""Worlds that many tests share: built once in a process, each test in a transaction of its own on top.

``@shared(...)`` makes a fixture of a function that fills the database; it stands on the worlds named in brackets, as
one floor on another, each in a savepoint. Before a test opens its transaction, ``prepare`` takes down the floors that
the test does not ask for and puts up those that are missing, so a test sees exactly the worlds it names.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction


@dataclass(eq=False)
class World:
    build: Callable[..., Any]
    bases: list["World"]


@dataclass
class Floor:
    world: World
    value: Any
    block: transaction.Atomic


WORLDS: dict[Any, World] = {}  # by the fixture, and by the function inside it
STANDING: list[Floor] = []
KEEP = True  # False where each test must build its own, as when faults are put into what builds


def shared(*on: Any) -> Callable[[Callable[..., Any]], Any]:
    """Build with copies of what the worlds below returned; each test, too, gets a copy of the value."""
    names = [WORLDS[fixture].build.__name__ for fixture in on]

    def make(build: Callable[..., Any]) -> Any:
        world = World(build, [WORLDS[fixture] for fixture in on])

        def give(request: pytest.FixtureRequest, db: None) -> Any:
            if not connection.in_atomic_block:  # a test with real commits builds for itself
                return build(*map(request.getfixturevalue, names))
            return value_of(world)

        give.__doc__ = build.__doc__
        fixture = pytest.fixture(name=build.__name__)(give)
        WORLDS[fixture] = WORLDS[give] = world
        return fixture

    return make


def value_of(world: World) -> Any:
    return deepcopy(next(floor.value for floor in STANDING if floor.world is world))


def prepare(item: Any) -> None:
    """Let exactly the worlds stand that the test asks for."""
    wanted = [] if makes_real_commits(item) else worlds_of(item)
    while STANDING and not KEEP:
        take_down()
    while [floor.world for floor in STANDING] != wanted[: len(STANDING)]:
        take_down()
    for world in wanted[len(STANDING) :]:
        put_up(world)


def makes_real_commits(item: Any) -> bool:
    marker = item.get_closest_marker("django_db")
    return "transactional_db" in item.fixturenames or bool(marker and marker.kwargs.get("transaction"))


def worlds_of(item: Any) -> list[World]:
    """The worlds a test asks for, each after its bases, in the order in which they are declared."""
    definitions = {one.func for known in item._fixtureinfo.name2fixturedefs.values() for one in known}
    wanted: dict[World, None] = {}
    for function, world in WORLDS.items():
        if function in definitions:
            wanted |= dict.fromkeys(with_bases(world))
    return list(wanted)


def with_bases(world: World) -> list[World]:
    return [one for base in world.bases for one in with_bases(base)] + [world]


def put_up(world: World) -> None:
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # as Django's own test case does
    block.__enter__()
    STANDING.append(Floor(world, None, block))
    try:
        STANDING[-1].value = world.build(*map(value_of, world.bases))
        connection.check_constraints()
    except BaseException:
        take_down()
        raise


def take_down() -> None:
    transaction.set_rollback(True)
    STANDING.pop().block.__exit__(None, None, None)
