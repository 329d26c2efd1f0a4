"""docs/clauses.md: every clause of both documents is there, and every reference is real."""

import re
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin

from songshan_cw.policy import policy_at
from tests.scope.pages import page_names

CODES = {"松山区": "150404", "鄂尔多斯市": "150602"}
NEEDS_NONE = "不需要软件："
COLUMNS = ("number", "summary", "code", "page", "route", "test")
ROW = re.compile(r"^\|" + "".join(rf" (?P<{name}>[^|]+) \|" for name in COLUMNS) + "$")
QUOTED = re.compile(r"`([^`]+)`")


def rows_of(title: str) -> list[dict[str, str]]:
    text = (settings.BASE_DIR / "docs" / "clauses.md").read_text(encoding="utf-8")
    part = next(part for part in text.split("\n## ") if part.startswith(title))
    found = [match.groupdict() for line in part.splitlines() if (match := ROW.match(line))]
    return [row for row in found if row["number"] not in ("条款", "---")]


ROWS = [row for title in CODES for row in rows_of(title)]
CARRIED = [row for row in ROWS if not row["code"].startswith(NEEDS_NONE)]


@pytest.mark.parametrize("title", CODES)
def test_every_clause_is_there_in_order(title: str) -> None:
    clauses = policy_at(CODES[title], date(2024, 1, 1)).clauses
    assert [(row["number"], row["summary"]) for row in rows_of(title)] == [
        (clause.number, clause.summary) for clause in clauses
    ]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["number"])
def test_a_clause_is_carried_or_says_why_not(row: dict[str, str]) -> None:
    if row["code"].startswith(NEEDS_NONE):
        assert len(row["code"]) > len(NEEDS_NONE) and row["page"] == row["route"] == row["test"] == "—"
    else:
        assert all(QUOTED.findall(row[column]) for column in ("code", "page", "route", "test"))


@pytest.mark.parametrize("row", CARRIED, ids=lambda row: row["number"])
def test_the_code_exists(row: dict[str, str]) -> None:
    for reference in QUOTED.findall(row["code"]):
        path, name = reference.split(":")
        assert (settings.BASE_DIR / path).is_file(), path
        assert hasattr(import_module(path.removesuffix(".py").replace("/", ".")), name), reference


@pytest.mark.parametrize("row", CARRIED, ids=lambda row: row["number"])
def test_the_page_exists(row: dict[str, str]) -> None:
    registered = {model._meta.label_lower for model in admin.site._registry}
    assert set(QUOTED.findall(row["page"])) <= registered


@pytest.mark.parametrize("row", CARRIED, ids=lambda row: row["number"])
def test_the_route_exists(row: dict[str, str]) -> None:
    assert set(QUOTED.findall(row["route"])) <= page_names()


@pytest.mark.parametrize("row", CARRIED, ids=lambda row: row["number"])
def test_the_test_exists(row: dict[str, str]) -> None:
    for reference in QUOTED.findall(row["test"]):
        path, name = reference.split("::")
        assert f"\ndef {name}(" in Path(settings.BASE_DIR, path).read_text(encoding="utf-8"), reference
