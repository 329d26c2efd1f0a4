"""A request no page could mean is answered 4xx, never 5xx, on either engine."""

from typing import Any

import pytest
from django.db import DataError
from django.test import Client, RequestFactory

from songshan_cw.security.requests import answer_impossible_values
from songshan_cw.words.terms import Role
from tests.security.conftest import make_user

ODD = [
    "%00",
    "%ff",
    "1e999999999",
    "9" * 40,
    "-1",
    "%F0%9F%98%80",
    "' OR 1=1--",
    "<script>",
    "../../etc/passwd",
    "%0d%0a",
]


@pytest.fixture
def client() -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(make_user("admin", Role.ADMINISTRATOR))
    return client


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", ["page", "p", "q", "year", "street", "o", "id_number__regex", "region__id__exact"])
def test_odd_parameters(client: Client, name: str, odd: str) -> None:
    for address in (
        "/",
        "/import/",
        "/assess/",
        "/people/",
        "/workers/worker/",
        "/workers/user/",
        "/payroll/payrollrun/",
    ):
        assert client.get(f"{address}?{name}={odd}").status_code < 500, address


@pytest.mark.parametrize("odd", [*ODD, "1" * 30])
def test_odd_addresses(client: Client, odd: str) -> None:
    for before, after in (
        ("/import/", "/"),
        ("/assess/", "/150404001/"),
        ("/assess/2025/", "/"),
        ("/second-factor/", "/reset/"),
        ("/people/", "/"),
        ("/workers/user/", "/change/"),
    ):
        assert 300 <= client.get(f"{before}{odd}{after}").status_code < 500


@pytest.mark.parametrize("text", ["\x00", "\ud800", "9" * 5000, "\u202e"])
def test_odd_fields(client: Client, text: str) -> None:
    text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    for address, names in (
        ("/login/", ("username", "password")),
        ("/password_change/", ("old", "new", "again")),
        ("/export/", ("numbers", "purpose")),
        ("/assess/2025/150404001/", ("rows", "row", "seen", "reason")),
        ("/second-factor/", ("code",)),
    ):
        assert client.post(address, dict.fromkeys(names, text)).status_code < 500, address


def test_wrong_lengths_are_refused(client: Client) -> None:
    for length, status in (("x", 400), (str(2**40), 413)):
        assert client.post("/import/", {}, CONTENT_LENGTH=length).status_code == status


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (DataError("integer out of range"), 400),
        (OverflowError("Python int too large to convert to SQLite INTEGER"), 400),
        (ValueError("A string literal cannot contain NUL (0x00) characters."), 400),
        (ValueError("Field 'id' expected a number but got '2022-13'."), 400),
        (ValueError("something else"), None),
    ],
)
def test_values_no_column_can_hold(fault: Exception, status: int | None) -> None:
    middleware = answer_impossible_values(lambda request: None)
    answer: Any = middleware.process_exception(RequestFactory().get("/"), fault)
    assert (answer and answer.status_code) == status
