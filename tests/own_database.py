"""A PostgreSQL database of its own for tests that start programs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest

from tests.migrated import address_of, execute, postgres_template, server

serial = count(1)


@contextmanager
def database_of_its_own() -> Iterator[str]:
    """Its address; gone after the block, whoever is still connected."""
    name = f"songshan_own_{os.getpid()}_{next(serial)}"
    with server() as connection:
        execute(connection, "CREATE DATABASE {} TEMPLATE {}", name, postgres_template())
        yield address_of(name)
        execute(connection, "DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
def own_database() -> Iterator[str]:
    """A PostgreSQL database of its own, migrated and else empty."""
    with database_of_its_own() as url:
        yield url
