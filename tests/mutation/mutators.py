"""Small faults in a function's syntax tree, one at a time."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    **{ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq},
    **{ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In},
}
SUMS: dict[type[ast.operator], type[ast.operator]] = {
    **{ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult},
    **{ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr},
}


@dataclass(frozen=True)
class Mutant:
    """One fault: which function of which module, where, what, and the function's code with it."""

    module: str
    function: str
    line: int
    what: str
    code: CodeType

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.function}：{self.what}"


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Outermost functions and methods with their qualified names."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield f"{node.name}.{inner.name}", inner


def mutants_of(module: str, source: str, path: str) -> Iterator[Mutant]:
    tree = ast.parse(source)
    for name, function in functions(tree):
        for place, node in enumerate(_running(function)):
            for number, (what, _) in enumerate(_faults(node)):
                mutated = copy.deepcopy(tree)
                _put(_named(mutated, name), place, number)
                code = _code(compile(ast.fix_missing_locations(mutated), path, "exec"), name)
                if code is not None:
                    yield Mutant(module, name, getattr(node, "lineno", function.lineno), what, code)


def _running(function: ast.FunctionDef) -> list[ast.AST]:
    """What runs when the function is called: neither decorators nor annotations."""
    written = [
        one.annotation for one in ast.walk(function) if isinstance(one, ast.AnnAssign | ast.arg) and one.annotation
    ]
    beside = {id(node) for root in written for node in ast.walk(root)}
    return [node for statement in function.body for node in ast.walk(statement) if id(node) not in beside]


def _named(tree: ast.Module, name: str) -> ast.FunctionDef:
    return next(node for found, node in functions(tree) if found == name)


def _put(function: ast.FunctionDef, place: int, number: int) -> None:
    node = _running(function)[place]
    fault = list(_faults(node))[number][1]
    for parent in ast.walk(function):
        for field, value in ast.iter_fields(parent):
            if value is node:
                setattr(parent, field, fault)
            elif isinstance(value, list) and node in value:
                value[value.index(node)] = fault


def _code(code: CodeType, name: str) -> CodeType | None:
    for part in name.split("."):
        code = next((one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == part), code)
    return code if code.co_name == name.split(".")[-1] else None


def _faults(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """(what is wrong now, the node with it)."""
    if isinstance(node, ast.Compare):
        yield from _compared(node)
    elif isinstance(node, ast.BinOp) and type(node.op) in SUMS:
        other = SUMS[type(node.op)]
        yield f"{type(node.op).__name__} → {other.__name__}", _with(node, op=other())
    elif isinstance(node, ast.BoolOp):
        other_bool = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"{type(node.op).__name__} → {other_bool.__name__}", _with(node, op=other_bool())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not 去掉", node.operand
    elif isinstance(node, ast.Constant):
        yield from _constants(node)
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "return → return None", _with(node, value=ast.Constant(None))
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        yield "条件取反", _with(node, test=ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield "语句去掉", ast.Pass()


def _compared(node: ast.Compare) -> Iterator[tuple[str, ast.AST]]:
    for index, operator in enumerate(node.ops):
        other = COMPARISONS[type(operator)]
        ops = [*node.ops[:index], other(), *node.ops[index + 1 :]]
        yield f"{type(operator).__name__} → {other.__name__}", _with(node, ops=ops)


def _constants(node: ast.Constant) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node.value, bool):
        yield f"{node.value} → {not node.value}", ast.Constant(not node.value)
    elif isinstance(node.value, int):
        for other in (node.value + 1, node.value - 1):
            yield f"{node.value} → {other}", ast.Constant(other)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _with(node: ast.AST, **changes: object) -> ast.AST:
    other = copy.copy(node)
    for name, value in changes.items():
        setattr(other, name, value)
    return other
