"""Every mutant of a module: one fault in one function, one constant, or one table of rights."""

import ast
import copy
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from types import CodeType, FunctionType, ModuleType
from typing import Any

from tests.mutation.faults import faults

Function = ast.FunctionDef
PutIn = Callable[[FunctionType | None], None]
Name = tuple[str, str, str, str]  # module, function, line before, line after


@dataclass(frozen=True)
class Mutant:
    """One fault. ``function``: what a test must enter to notice it. ``before`` and ``after``: the line it is in,
    which name the fault however the file around it changes."""

    module: str
    function: str
    line: int
    kind: str
    before: str
    after: str
    put_in: PutIn

    @property
    def name(self) -> Name:
        return self.module, self.function, self.before, self.after

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.function}（{self.kind}）\n    原  {self.before}\n    改  {self.after}"


def functions(tree: ast.Module) -> Iterator[tuple[str, Function, ast.stmt]]:
    """Outermost functions and methods: qualified name, the function, the statement of the module it is in."""
    for node in tree.body:
        if isinstance(node, Function):
            yield node.name, node, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, Function):
                    yield f"{node.name}.{inner.name}", inner, node


def mutants_of(module: str, source: str, path: str) -> Iterator[Mutant]:
    """Number those that have the same name."""
    met: Counter[Name] = Counter()
    for mutant in _mutants_of(module, source, path):
        met[mutant.name] += 1
        number = met[mutant.name]
        yield mutant if number == 1 else replace(mutant, before=f"{mutant.before}（第{number}处）")


def _mutants_of(module: str, source: str, path: str) -> Iterator[Mutant]:
    tree = ast.parse(source)
    for name, function, around in functions(tree):
        for place, kind, before, changed in _changed(function):
            code = _compiled(changed, around, path, name)
            yield Mutant(module, name, _line(place, function), kind, before[0], before[1], _code(code))
    for statement in tree.body:
        if (constant := _constant(statement)) is not None:
            for place, kind, before, changed in _changed(statement):
                value = compile(ast.fix_missing_locations(ast.Expression(changed.value)), path, "eval")
                put = _value(module, constant, value)
                yield Mutant(module, constant, _line(place, statement), kind, before[0], before[1], put)


def toggled(module: str, table: str, rights: dict[Any, frozenset[str]]) -> Iterator[Mutant]:
    """A right too many or one too few, of every role and every right that any role has."""
    for role in rights:
        for right in sorted(set().union(*rights.values())):
            kind = "少一项权限" if right in rights[role] else "多一项权限"
            put = _right(module, table, role, right)
            yield Mutant(module, table, 0, kind, f"{role}：{right}", kind, put)


def _constant(statement: ast.stmt) -> str | None:
    """The name a statement of the module gives a constant; a type variable is none."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target: ast.expr = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        target = statement.target
    else:
        return None
    is_type = isinstance(statement.value, ast.Call) and "TypeVar" in ast.unparse(statement.value.func)
    return target.id if isinstance(target, ast.Name) and target.id.isupper() and not is_type else None


def _changed(root: Any) -> Iterator[tuple[ast.AST, str, tuple[str, str], Any]]:
    """(node, kind of fault, (its line before, after), a copy of ``root`` with the fault)."""
    nodes = _running(root)
    statement_of, parent_of = _surroundings(root)
    for node in nodes:
        for number in range(len(list(faults(node)))):
            memo: dict[int, Any] = {}
            other = copy.deepcopy(root, memo)
            kind, fault = list(faults(memo[id(node)]))[number]
            statement = statement_of[id(node)]
            _replace(memo[id(parent_of[id(node)])], memo[id(node)], fault)
            after = fault if statement is node else memo[id(statement)]
            yield node, kind, (_head(statement), _head(after)), other


def _running(root: Any) -> list[ast.AST]:
    """What runs: neither decorators, annotations, docstrings nor the wording of messages."""
    beside = {id(inner) for outer in ast.walk(root) for part in _beside(outer) for inner in ast.walk(part)}
    body = root.body if isinstance(root, Function) else [root.value]
    return [node for part in body for node in ast.walk(part) if id(node) not in beside]


def _beside(node: ast.AST) -> Iterator[ast.AST]:
    annotation = getattr(node, "annotation", None)
    if annotation is not None:
        yield annotation
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Decimal":
        yield from node.args
    if isinstance(node, ast.JoinedStr):
        yield from (part for part in node.values if isinstance(part, ast.Constant))
    if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
        yield node.format_spec


def _surroundings(root: ast.stmt) -> tuple[dict[int, ast.stmt], dict[int, ast.AST]]:
    statement_of: dict[int, ast.stmt] = {}
    parent_of: dict[int, ast.AST] = {}

    def note(node: ast.AST, statement: ast.stmt) -> None:
        statement_of[id(node)] = statement
        for child in ast.iter_child_nodes(node):
            parent_of[id(child)] = node
            note(child, child if isinstance(child, ast.stmt) else statement)

    note(root, root)
    return statement_of, parent_of


def _replace(parent: ast.AST, node: ast.AST, fault: ast.AST) -> None:
    for field, value in ast.iter_fields(parent):
        if value is node:
            setattr(parent, field, fault)
        elif isinstance(value, list):
            value[:] = [fault if one is node else one for one in value]


def _head(statement: ast.AST) -> str:
    return ast.unparse(ast.fix_missing_locations(statement)).split("\n")[0]


def _line(node: ast.AST, around: ast.stmt) -> int:
    return getattr(node, "lineno", around.lineno)


def _compiled(function: Function, around: ast.stmt, path: str, name: str) -> CodeType:
    function.decorator_list = []
    outer: ast.stmt = function
    if isinstance(around, ast.ClassDef):
        outer = ast.ClassDef(around.name, bases=[], keywords=[], body=[function], decorator_list=[])
    code = compile(ast.fix_missing_locations(ast.Module([outer], [])), path, "exec")
    for part in name.split("."):
        code = next(one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == part)
    return code


def _code(code: CodeType) -> PutIn:
    def put_in(function: FunctionType | None) -> None:
        assert function is not None
        function.__code__ = code

    return put_in


def _value(module: str, name: str, expression: CodeType) -> PutIn:
    """Everywhere the constant has been imported to as well."""

    def put_in(_: FunctionType | None) -> None:
        home = sys.modules[module]
        old, new = getattr(home, name), eval(expression, vars(home))
        for other in list(sys.modules.values()):
            if isinstance(other, ModuleType) and vars(other).get(name) is old:
                setattr(other, name, new)

    return put_in


def _right(module: str, table: str, role: Any, right: str) -> PutIn:
    def put_in(_: FunctionType | None) -> None:
        rights = getattr(sys.modules[module], table)
        rights[role] = rights[role] ^ {right}

    return put_in
