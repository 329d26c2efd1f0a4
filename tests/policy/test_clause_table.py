"""docs/clauses.md: every clause of both documents is there, and a role reaches its code by the way named."""

import re
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.core.management import get_commands, load_command_class
from django.urls import URLPattern, get_resolver

from songshan_cw.policy import policy_at
from songshan_cw.words.terms import Role
from tests.house.reach import Node, reachable
from workers.rules.rights import role_has_permission

CODES = {"松山区": "150404", "鄂尔多斯市": "150602"}
NEEDS_NONE = "不需要软件："
COLUMNS = ("number", "summary", "code", "who", "ways", "test")
ROW = re.compile(r"^\|" + "".join(rf" (?P<{name}>[^|]+) \|" for name in COLUMNS) + "$")
QUOTED = re.compile(r"`([^`]+)`")


def rows_of(title: str) -> list[dict[str, str]]:
    text = (settings.BASE_DIR / "docs" / "clauses.md").read_text(encoding="utf-8")
    part = next(part for part in text.split("\n## ") if part.startswith(title))
    found = [match.groupdict() for line in part.splitlines() if (match := ROW.match(line))]
    return [row for row in found if row["number"] not in ("条款", "---")]


ROWS = [row for title in CODES for row in rows_of(title)]
CARRIED = [row for row in ROWS if not row["code"].startswith(NEEDS_NONE)]
each_carried = pytest.mark.parametrize("row", CARRIED, ids=lambda row: row["number"])


def rights_of(row: dict[str, str]) -> list[tuple[Role, str]]:
    """Read 「街道经办 `a.b`、`a.c`；民政局 `a.d`」."""
    parts = [part.split(" ", 1) for part in row["who"].split("；")]
    return [(Role(name), right) for name, rights in parts for right in QUOTED.findall(rights)]


def pages() -> dict[str, Any]:
    """The class of each page of our own, by the name the resolver knows it by."""
    (_, site) = get_resolver().namespace_dict["admin"]
    found = {}
    for pattern in site.url_patterns:
        view = pattern.callback if isinstance(pattern, URLPattern) else None
        while hasattr(view, "__wrapped__"):
            view = view.__wrapped__
        if hasattr(view, "view_class"):
            found[pattern.name] = view.view_class
    return found


def way(name: str) -> tuple[Any, str]:
    """The class behind a page, record or command, and the right that opens it."""
    if name.startswith("admin:"):
        registered = {model._meta.label_lower: own for model, own in admin.site._registry.items()}
        app, model = name.removeprefix("admin:").split(".")
        return type(registered[f"{app}.{model}"]), f"{app}.view_{model}"
    if name in pages():
        return pages()[name], pages()[name].permission
    return type(load_command_class(get_commands()[name], name)), ""


@pytest.mark.parametrize("title", CODES)
def test_every_clause_is_there_in_order(title: str) -> None:
    clauses = policy_at(CODES[title], date(2024, 1, 1)).clauses
    assert [(row["number"], row["summary"]) for row in rows_of(title)] == [
        (clause.number, clause.summary) for clause in clauses
    ]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["number"])
def test_a_clause_is_carried_or_says_why_not(row: dict[str, str]) -> None:
    if row["code"].startswith(NEEDS_NONE):
        assert len(row["code"]) > len(NEEDS_NONE) and row["who"] == row["ways"] == row["test"] == "—"
    else:
        assert all(QUOTED.findall(row[column]) for column in ("code", "who", "ways", "test"))


@each_carried
def test_the_code_is_reached_from_a_way_named(row: dict[str, str]) -> None:
    roots: list[Node] = [(kind.__module__, kind.__name__) for kind, _ in map(way, QUOTED.findall(row["ways"]))]
    found = reachable(roots)
    for reference in QUOTED.findall(row["code"]):
        path, name = reference.split(":")
        module = path.removesuffix(".py").replace("/", ".")
        assert hasattr(import_module(module), name), f"没有 {reference}"
        assert (module, name) in found, f"{reference} 从所列入口走不到"


@each_carried
def test_the_roles_hold_the_rights_and_open_the_ways(row: dict[str, str]) -> None:
    roles = {role for role, _ in rights_of(row)}
    for role, right in rights_of(row):
        assert role_has_permission(role, right), f"{role}没有 {right}"
    opened = {name: way(name)[1] for name in QUOTED.findall(row["ways"])}
    for role in roles:
        assert any(not right or role_has_permission(role, right) for right in opened.values()), f"{role}没有入口"
    for name, right in opened.items():
        assert not right or any(role_has_permission(role, right) for role in roles), f"{name} 谁也打不开"


@each_carried
def test_the_test_exists(row: dict[str, str]) -> None:
    for reference in QUOTED.findall(row["test"]):
        path, name = reference.split("::")
        assert f"\ndef {name}(" in Path(settings.BASE_DIR, path).read_text(encoding="utf-8"), reference
