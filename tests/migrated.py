"""Databases with every migration done: made once in a test run on each engine, and copied from then on."""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

from tests.house.source import ROOT

SQLITE = "songshan.sqlite3"


def begin_run() -> None:
    """In the first process, whose others inherit the environment."""
    os.environ["TEST_RUN_FOLDER"] = tempfile.mkdtemp(prefix="songshan-test-")


def end_run() -> None:
    if (run_folder() / "postgres").exists():
        with server() as connection:
            execute(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", template_name())
    shutil.rmtree(run_folder())


def run_folder() -> Path:
    return Path(os.environ["TEST_RUN_FOLDER"])


def template_name() -> str:
    return run_folder().name.replace("-", "_")


def sqlite_copy(folder: Path) -> None:
    """A migrated database where the settings look for it below VAR_DIR."""
    with made("sqlite"):
        if not (run_folder() / SQLITE).exists():
            migrate(VAR_DIR=str(run_folder()))
            with closing(sqlite3.connect(run_folder() / SQLITE)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(run_folder() / SQLITE, folder / SQLITE)


def postgres_template() -> str:
    """Its name; nobody may be connected to it while it is copied."""
    with made("postgres") as mark:
        if not mark.read_text(encoding="ascii"):
            with server() as connection:
                execute(connection, "CREATE DATABASE {}", template_name())
            migrate(VAR_DIR=str(run_folder()), DATABASE_URL=address_of(template_name()))
            mark.write_text("made", encoding="ascii")
    return template_name()


@contextmanager
def made(engine: str) -> Iterator[Path]:
    """One process at a time; the others find what it made."""
    mark = run_folder() / engine
    with mark.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield mark


def migrate(**environment: str) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DEBUG"}}
    kept |= {"DJANGO_SETTINGS_MODULE": "songshan_cw.settings", "SECRET_KEY": "template" * 8}
    command = [sys.executable, "manage.py", "migrate", "-v0"]
    done = subprocess.run(command, cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-3000:])


def address_of(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


@contextmanager
def server() -> Iterator["psycopg2.extensions.connection"]:
    with closing(psycopg2.connect(address_of("postgres"))) as connection:
        connection.autocommit = True
        yield connection


def execute(connection: "psycopg2.extensions.connection", statement: str, *names: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
