"""The documents name only files, folders and modules that exist."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.house.source import PACKAGES, ROOT

DOCUMENTS = [path.relative_to(ROOT) for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))]
FOLDERS = (*PACKAGES, "tests", "deploy", "docs", "fixtures", "templates", ".ci")
QUOTED = re.compile(r"`([^`\s]+)`")
LINKED = re.compile(r"\]\(([^)#\s]+)\)")
FILE_NAME = re.compile(r"[\w-]+\.(py|yaml|html|toml|conf|js|css|json)")
DOTTED = re.compile(rf"({'|'.join(PACKAGES)}|tests)(\.\w+)+")


def named(text: str) -> Iterator[str]:
    """Yield quoted paths, file names and modules, without the test or function after a colon."""
    for quoted in QUOTED.findall(text):
        name = quoted.split(":")[0]
        is_path = "/" in name and name.split("/")[0] in FOLDERS
        if is_path or FILE_NAME.fullmatch(name) or DOTTED.fullmatch(name):
            yield name


def exists(name: str) -> bool:
    if "/" in name:
        return any(ROOT.glob(name.rstrip("/")))
    if FILE_NAME.fullmatch(name):
        return name in file_names()
    parts = name.split(".")
    module = next(parts[:end] for end in range(len(parts), 0, -1) if is_module(parts[:end]))
    if len(module) == 1:  # ``workers.worker`` or ``workers.add_worker``: a model or a right, which other tests check
        return len(parts) == 2
    return set(parts[len(module) :]) <= words_of(module)


def is_module(parts: list[str]) -> bool:
    path = ROOT.joinpath(*parts)
    return path.is_dir() or path.with_suffix(".py").is_file()


def words_of(parts: list[str]) -> set[str]:
    path = ROOT.joinpath(*parts)
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return set(re.findall(r"\w+", path.read_text(encoding="utf-8"))) if path.is_file() else set()


@cache
def file_names() -> set[str]:
    files = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file())
    return {path.name for path in (*files, *ROOT.iterdir())}


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_what_a_document_names_exists(document: Path) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    missing = sorted({name for name in named(text) if not exists(name)})
    assert not missing, f"{document} 写了不存在的文件或模块：{'、'.join(missing)}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_what_a_document_links_to_exists(document: Path) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    links = [link for link in LINKED.findall(text) if "://" not in link]
    assert not [link for link in links if not (ROOT / document).parent.joinpath(link).exists()]


def test_names_are_read() -> None:
    """Without this the tests above could pass because nothing was found."""
    text = "`payroll/rules/pay.py:pay_for`、`pay.py`、`workers.rules.leave`、`make demo`、[目录](docs/README.md)"
    assert list(named(text)) == ["payroll/rules/pay.py", "pay.py", "workers.rules.leave"]
    assert not exists("payroll/rules/no.py") and not exists("no.py") and not exists("workers.rules.no")
