"""Which top-level names a page, admin or command can reach, by following names through the syntax trees."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from tests.house.source import Module, modules

Node = tuple[str, str]  # module, top-level name; the empty name stands for what runs when the module is imported


def reachable(roots: Iterable[Node]) -> set[Node]:
    """Return every top-level function, class and constant that the roots use, directly or through others."""
    graph, found, waiting = _graph(), set[Node](), list(roots)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += graph.get(node, ())
    return found


def definitions(module: Module) -> Iterator[tuple[str, ast.AST]]:
    for node in module.tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                yield from ((name.id, node) for name in ast.walk(target) if isinstance(name, ast.Name))


@cache
def _graph() -> dict[Node, set[Node]]:
    graph: dict[Node, set[Node]] = defaultdict(set)
    for module in modules():
        bound = dict(_bindings(module))
        own = {name for name, _ in definitions(module)}
        for name, target in bound.items():
            graph[module.name, name].add(target)
        for name, body in (*definitions(module), *_on_import(module)):
            graph[module.name, name] |= {(module.name, ""), *_used(module, body, bound, own)}
    return graph


def _on_import(module: Module) -> Iterator[tuple[str, ast.AST]]:
    """Statements that run when the module is imported, such as registrations in a loop."""
    named = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom)
    yield from (("", node) for node in module.tree.body if not isinstance(node, named))


def _bindings(module: Module) -> Iterator[tuple[str, Node]]:
    """Names that imports bind, wherever in the module they are written."""
    names = {one.name for one in modules()}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                target = (whole, "") if whole in names else (node.module or "", alias.name)
                yield alias.asname or alias.name, target


def _used(module: Module, body: ast.AST, bound: dict[str, Node], own: set[str]) -> Iterator[Node]:
    for node in ast.walk(body):
        if isinstance(node, ast.Name):
            if node.id in bound:
                yield bound[node.id]
            elif node.id in own:
                yield module.name, node.id
            elif node.id == "globals":
                yield from ((module.name, name) for name in own)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in bound:
            imported, name = bound[node.value.id]
            if not name:
                yield imported, node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
            yield tuple(node.value.rsplit(".", 1))  # type: ignore[misc]  # settings name classes by dotted text
