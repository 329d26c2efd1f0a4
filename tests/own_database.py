"""A PostgreSQL database of its own for tests that start programs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from psycopg2 import sql


@contextmanager
def database_of_its_own() -> Iterator[str]:
    """Its address; gone after the block, whoever is still connected."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = f"songshan_own_{os.getpid()}"
    server = psycopg2.connect(urlunsplit(parts._replace(path="/postgres")))
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield urlunsplit(parts._replace(path=f"/{name}"))
    with server.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    server.close()


@pytest.fixture
def own_database() -> Iterator[str]:
    """A PostgreSQL database of its own, empty."""
    with database_of_its_own() as url:
        yield url
