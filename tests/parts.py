"""Which tests belong to which part of the suite; ``.ci/test`` names the parts.

``pure``: needs no database. ``engine``: what the engine decides, so it runs on SQLite as well as on PostgreSQL.
``programs``: starts servers and commands, and takes long. ``torture``: only in full, by ``make torture``.
"""

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.house.source import ROOT, Module, module_at, modules

TESTS = ROOT / "tests"
ENGINE = {"payroll", "workbook", "bulk", "keeping", "crash"}
PROGRAMS = {"browser", "crash", "deployment", "load"}
DATABASE = {"db", "transactional_db", "own_database"}
TORTURE = os.environ.get("TORTURE") == "1"


def folder_of(item: pytest.Item) -> str:
    return item.path.relative_to(TESTS).parts[0]


def mark(items: Iterable[Any]) -> None:
    for item in items:
        folder = folder_of(item)
        if folder in ENGINE:
            item.add_marker("engine")
        if folder in PROGRAMS or "own_database" in item.fixturenames:
            item.add_marker("programs")
        elif item.get_closest_marker("programs"):
            continue
        elif not DATABASE & set(item.fixturenames) and item.get_closest_marker("django_db") is None:
            item.add_marker("pure")


def left_out(item: pytest.Item, touched: set[Path] | None) -> bool:
    """``touched``: the test files of a quick run; None where everything runs."""
    if item.get_closest_marker("torture") is not None and not TORTURE:
        return True
    return touched is not None and item.get_closest_marker("pure") is None and item.path not in touched


def touched_tests() -> set[Path]:
    """Test files that are changed, that import a changed module, or whose folder has a changed fixture."""
    changed = {ROOT / path for path in changed_files() if path.endswith(".py")}
    names = {module.name for module in modules() if ROOT / module.path in changed}
    folders = {path.parent for path in changed if TESTS in path.parents and not path.name.startswith("test_")} - {TESTS}
    return {path for path in TESTS.rglob("test_*.py") if path in changed or path.parent in folders or uses(path, names)}


def uses(path: Path, names: set[str]) -> bool:
    found: Module = module_at(path)
    return any(name in names or name.rpartition(".")[0] in names for name, _ in found.imports())


def changed_files() -> list[str]:
    """Against where the branch left main, with what is not committed yet."""
    base = git("merge-base", "HEAD", "main") or ["HEAD"]
    return git("diff", "--name-only", base[0]) + git("ls-files", "--others", "--exclude-standard")


def git(*words: str) -> list[str]:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.split() if done.returncode == 0 else []
