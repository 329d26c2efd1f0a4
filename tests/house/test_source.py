"""The reader behind the house tests sees what it should, wherever an import stands."""

import ast

import pytest

from tests.house.source import Module


def module(text: str, *, name: str = "payroll.services.runs", is_package: bool = False) -> Module:
    return Module(name, "x.py", text, ast.parse(text), is_package)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import payroll.models", "payroll.models"),
        ("from payroll import models", "payroll.models"),
        ("from payroll.models import PayLine as Line", "payroll.models.PayLine"),
        ("from . import drafting", "payroll.services.drafting"),
        ("from .. import models", "payroll.models"),
        ("from ..models.ledger import PayLine", "payroll.models.ledger.PayLine"),
        ("def inside():\n    from workers.models import Worker", "workers.models.Worker"),
        ("if TYPE_CHECKING:\n    from workers.models import Worker", "workers.models.Worker"),
    ],
)
def test_imports_are_found(text: str, found: str) -> None:
    assert [name for name, _ in module(text).imports()] == [found]


def test_a_package_resolves_its_own_dot() -> None:
    package = module("from .ledger import PayLine", name="payroll.models", is_package=True)
    assert [name for name, _ in package.imports()] == ["payroll.models.ledger.PayLine"]
