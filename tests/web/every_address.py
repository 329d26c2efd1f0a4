"""Every address of the site with a street's own keys, read from the resolver, and what no answer may lack or hold."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from songshan_cw.words import periods
from tests.scope.pages import BY_TOKEN, HARMLESS_PAGES, KEYED, OPEN_PAGES, addresses
from tests.scope.routes import APP_LIST, LIST_KINDS, PLAIN, ROW_KINDS, exchange_routes, model_routes
from tests.scope.world import MONTH, Street, World
from workers.models import UserSession

TOKEN, MONTH_KEY = "0" * 32, periods.label(MONTH)
HARMLESS_KEYS: dict[str, list[tuple[Any, ...]]] = {
    "pay_month": [(MONTH_KEY,)],
    "pay_review": [(MONTH_KEY,)],
    "pay_month_download": [(MONTH_KEY, kind) for kind in ("sheet", "print", "bank", "register", "csv")],
    "waiting": [(kind,) for kind in ("contract", "account", "x")],
    "pay_table": [(1,)],
    "duties_year": [(2026,)],
    "budgets_sheet": [(2027,)],
}
TOKEN_KEYS = {name: [(1,)] if name == "job" else [(TOKEN,)] for name in BY_TOKEN}
LEAVING = {"logout"}  # ends the session of whoever walks
TRAILS = {"workers_privateaccess", "workers_signinattempt"}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def own_addresses(world: World, street: Street) -> dict[str, str]:
    """Address → the name of its route: each route with each key that the street has."""
    found = {}
    for route in [*model_routes(LIST_KINDS), *exchange_routes()]:
        found[route.url()] = route.name
    for route in model_routes(ROW_KINDS):
        row: Any = street.rows.get(route.model._meta.label_lower)
        for pk in {row.pk if row else 1, *(worker.pk for worker in street.workers if row is None)}:
            found[route.url(pk)] = route.name
    for name in ("change", "history"):
        found |= {
            reverse(f"admin:workers_worker_{name}", args=[one.pk]): f"workers_worker_{name}" for one in street.workers
        }
    keys = HARMLESS_KEYS | TOKEN_KEYS | {name: [()] for name in (*OPEN_PAGES, *(PLAIN - LEAVING))}
    keys["pay_table"] = [(world.table.pk,)]
    keys |= {name: [()] for name in HARMLESS_PAGES - set(HARMLESS_KEYS)}
    found |= {reverse(f"admin:{name}", args=args): name for name, given in keys.items() for args in given}
    found |= {address: name for name in KEYED for address in addresses(name, street)}
    found |= {reverse("admin:app_list", args=[app]): APP_LIST for app in ("workers", "payroll", "assessment")}
    return found


def get(client: Client, address: str, **query: Any) -> HttpResponse:
    """One request that leaves nothing behind, not even a broken transaction."""
    with transaction.atomic():
        answer = client.get(address, query or None)
        hold(answer)
        transaction.set_rollback(True)
    return answer


def get_raw(client: Client, address: str) -> HttpResponse:
    """The address as it stands, percent signs and all."""
    with transaction.atomic():
        answer = client.generic("GET", address)
        hold(answer)
        transaction.set_rollback(True)
    return answer


def post(client: Client, address: str, data: dict[str, Any]) -> HttpResponse:
    with transaction.atomic():
        answer = client.post(address, data)
        hold(answer)
        transaction.set_rollback(True)
    return answer


def hold(answer: Any) -> None:
    """Read a streamed file, so that it is closed and can be looked into."""
    answer.held = b"".join(answer.streaming_content) if answer.streaming else answer.content


def texts(answer: Any) -> str:
    """All an answer holds as text: workbooks unzipped."""
    raw = answer.held
    try:
        with ZipFile(BytesIO(raw)) as book:
            raw = b"\n".join(book.read(name) for name in book.namelist())
    except BadZipFile:
        pass
    return raw.decode("utf-8", "replace")


def missing_headers(answer: HttpResponse) -> list[str]:
    lacking = [name for name, value in HEADERS.items() if answer.headers.get(name) != value]
    policy = answer.headers.get("Content-Security-Policy", "")
    lacking += [
        part for part in ("default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'") if part not in policy
    ]
    return lacking + ([] if "camera=()" in answer.headers.get("Permissions-Policy", "") else ["Permissions-Policy"])


def all_rows() -> dict[str, Any]:
    """Every table as it stands, but for sessions."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model is not UserSession}
    rows = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
            rows[table] = cursor.fetchall()
    return rows


def moved(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Tables that differ; trails may have grown."""
    return [
        table
        for table, rows in after.items()
        if rows != before[table] and not (table in TRAILS and rows[: len(before[table])] == before[table])
    ]


def parameter_names(source: str) -> Iterator[str]:
    """The names a page reads from its address, as its source says."""
    yield from re.findall(r"GET(?:\.get|\.getlist)?[(\[]\s*\"(\w+)\"", source)
    yield from re.findall(r"^    (\w+) = (?:_choice|forms\.\w+Field)\(", source, re.MULTILINE)
