"""A database that is away and a disk that is full are said in plain words; any other fault stays a fault."""

import errno
import sqlite3
from collections.abc import Callable
from typing import Any

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InterfaceError, OperationalError
from django.test import Client

from payroll.selectors import overview
from songshan_cw.data import outages
from songshan_cw.data.outages import AWAY, FULL, outage_of
from tests.security.conftest import PASSWORD, make_user


class PostgresFull(psycopg2.OperationalError):
    pgcode = "53100"


def caused(kind: type[Exception], cause: BaseException | None) -> Exception:
    fault = kind("x")
    fault.__cause__ = cause
    return fault


def sqlite_fault(code: int) -> sqlite3.OperationalError:
    fault = sqlite3.OperationalError("x")
    fault.sqlite_errorcode = code
    return fault


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (caused(OperationalError, psycopg2.OperationalError("server closed the connection")), AWAY),
        (caused(InterfaceError, psycopg2.InterfaceError("connection already closed")), AWAY),
        (caused(OperationalError, PostgresFull("no space")), FULL),
        (PostgresFull("no space, met while copying"), FULL),
        (sqlite_fault(sqlite3.SQLITE_FULL), FULL),
        (caused(OperationalError, sqlite_fault(sqlite3.SQLITE_FULL)), FULL),
        (caused(OperationalError, sqlite_fault(sqlite3.SQLITE_BUSY)), AWAY),
        (caused(OperationalError, sqlite_fault(sqlite3.SQLITE_IOERR_WRITE)), AWAY),
        (caused(OperationalError, sqlite_fault(sqlite3.SQLITE_ERROR)), ""),
        (caused(IntegrityError, None), ""),
        (OSError(errno.ENOSPC, "full"), FULL),
        (OSError(errno.EACCES, "denied"), ""),
        (caused(ValueError, OSError(errno.ENOSPC, "full")), FULL),
        (ValueError("x"), ""),
        (None, ""),
    ],
)
def test_what_counts_as_an_outage(fault: BaseException | None, sentence: str) -> None:
    assert outage_of(fault) == sentence


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], Client]:
    """A client whose start page meets a fault."""

    def with_fault(fault: BaseException) -> Client:
        def fail(*args: Any, **kwargs: Any) -> None:
            raise fault

        make_user("bureau-x")
        client = Client(raise_request_exception=False)
        client.post("/login/", {"username": "bureau-x", "password": PASSWORD})
        monkeypatch.setattr(overview, "recent", fail)
        return client

    return with_fault


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fault", [caused(OperationalError, psycopg2.OperationalError("away")), OSError(errno.ENOSPC, "")]
)
def test_the_page_says_it(failing: Callable[[BaseException], Client], fault: BaseException) -> None:
    client = failing(fault)
    answer = client.get("/pay/")
    assert answer.status_code == 503 and answer["Retry-After"] == "30"
    assert outage_of(fault) in answer.content.decode()
    answer = client.get("/pay/", headers={"X-Requested-With": "XMLHttpRequest"})
    assert answer.status_code == 503 and answer.json() == {"refused": outage_of(fault)}


@pytest.mark.django_db
def test_any_other_fault_is_a_fault(failing: Callable[[BaseException], Client]) -> None:
    answer = failing(ZeroDivisionError("x")).get("/pay/")
    assert answer.status_code == 500 and "系统出错" in answer.content.decode()


@pytest.mark.django_db
def test_a_command_says_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**given: Any) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("workers.management.commands.clear_uploads.clear_leftovers", fail)
    with pytest.raises(CommandError, match="磁盘写满了"):
        call_command("clear_uploads")
    monkeypatch.setattr(outages, "NO_SPACE", set())
    with pytest.raises(OSError, match="full"):
        call_command("clear_uploads")
