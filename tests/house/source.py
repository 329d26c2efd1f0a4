"""The project's own modules as syntax trees, for tests that read the house instead of running it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("songshan_cw", "workers", "assessment", "payroll")


@dataclass(frozen=True)
class Module:
    """`name` is dotted, `path` relative to the project."""

    name: str
    path: str
    text: str
    tree: ast.Module
    is_package: bool

    def imports(self) -> Iterator[tuple[str, int]]:
        """Every imported dotted name with its line, wherever it stands; relative ones made absolute."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield alias.name, node.lineno
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(node)
                for alias in node.names:
                    yield f"{base}.{alias.name}", node.lineno

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.name.split(".")
        kept = parts[: len(parts) - node.level + self.is_package]
        return ".".join([*kept, *([node.module] if node.module else [])])


@cache
def modules() -> tuple[Module, ...]:
    return tuple(module_at(path) for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))


def module_at(path: Path) -> Module:
    relative = path.relative_to(ROOT)
    parts = list(relative.with_suffix("").parts)
    is_package = parts[-1] == "__init__"
    name = ".".join(parts[:-1] if is_package else parts)
    text = path.read_text(encoding="utf-8")
    return Module(name, str(relative), text, ast.parse(text), is_package)


def is_migration(module: Module) -> bool:
    return ".migrations" in module.name
