"""What can be wrong with one node of a syntax tree: (what was done, the node with the fault)."""

import ast
import copy
from collections.abc import Iterator
from typing import Any, TypeVar

Node = TypeVar("Node", bound=ast.AST)
Fault = tuple[str, ast.AST]

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    **{ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq},
    **{ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In},
}
SUMS: dict[type[ast.operator], type[ast.operator]] = {
    **{ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult},
    **{ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr},
}
OPPOSITES = {"min": "max", "max": "min", "any": "all", "all": "any"}
ORDERED = {"min", "max", "sorted"}
FEWEST_ITEMS = 3


def faults(node: ast.AST) -> Iterator[Fault]:
    for writer in _WRITERS.get(type(node), ()):
        yield from writer(node)


def _compared(node: ast.Compare) -> Iterator[Fault]:
    for index, operator in enumerate(node.ops):
        ops = [*node.ops[:index], COMPARISONS[type(operator)](), *node.ops[index + 1 :]]
        yield "比较", _with(node, ops=ops)


def _summed(node: ast.BinOp | ast.AugAssign) -> Iterator[Fault]:
    if type(node.op) in SUMS:
        yield "加减乘除", _with(node, op=SUMS[type(node.op)]())


def _joined(node: ast.BoolOp) -> Iterator[Fault]:
    yield "与或互换", _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for index in range(len(node.values)):
        rest = [*node.values[:index], *node.values[index + 1 :]]
        yield "少一个条件", _with(node, values=rest) if len(rest) > 1 else rest[0]


def _signed(node: ast.UnaryOp) -> Iterator[Fault]:
    if isinstance(node.op, ast.Not | ast.USub):
        yield "去掉非或负号", node.operand


def _constant(node: ast.Constant) -> Iterator[Fault]:
    if isinstance(node.value, bool):
        yield "真假互换", ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield from (("常数", ast.Constant(other)) for other in (node.value + 1, node.value - 1))
    elif isinstance(node.value, str) and node.value and node.value.isascii():
        yield "名称", ast.Constant(f"{node.value}X")


def _decimal(node: ast.Call) -> Iterator[Fault]:
    """``Decimal("0.20")`` one up in its last digit."""
    if _called(node) == "Decimal" and node.args and isinstance(node.args[0], ast.Constant):
        text = str(node.args[0].value)
        if text[-1:].isdigit():
            yield "常数", _with(node, args=[ast.Constant(f"{text[:-1]}{(int(text[-1]) + 1) % 10}")])


def _opposite(node: ast.Call) -> Iterator[Fault]:
    name = _called(node)
    if name in OPPOSITES:
        yield "最大最小、任一全部互换", _with(node, func=ast.Name(OPPOSITES[name], ast.Load()))
    if name == "abs":
        yield "去掉绝对值", node.args[0]
    if isinstance(node.func, ast.Attribute) and node.func.attr == "strip" and not node.args:
        yield "去掉 strip", node.func.value


def _unordered(node: ast.Call) -> Iterator[Fault]:
    for keyword in node.keywords:
        if _called(node) in ORDERED and keyword.arg == "key":
            yield "少了排序依据", _with(node, keywords=[one for one in node.keywords if one is not keyword])


def _items(node: ast.Tuple | ast.List | ast.Set) -> Iterator[Fault]:
    if isinstance(node, ast.Tuple) and (len(node.elts) < FEWEST_ITEMS or not isinstance(node.ctx, ast.Load)):
        return
    for index in range(len(node.elts)):
        yield "少一项", _with(node, elts=[*node.elts[:index], *node.elts[index + 1 :]])


def _pairs(node: ast.Dict) -> Iterator[Fault]:
    for index in range(len(node.keys)):
        keys, values = ([*all_[:index], *all_[index + 1 :]] for all_ in (node.keys, node.values))
        yield "少一项", _with(node, keys=keys, values=values)


def _filtered(node: ast.comprehension) -> Iterator[Fault]:
    for index in range(len(node.ifs)):
        yield "去掉筛选", _with(node, ifs=[*node.ifs[:index], *node.ifs[index + 1 :]])


def _returned(node: ast.Return) -> Iterator[Fault]:
    """Nothing for False would be the same in a condition."""
    empty = isinstance(node.value, ast.Constant) and node.value.value in (None, False)
    if node.value is not None and not empty:
        yield "什么也不返回", _with(node, value=ast.Constant(None))


def _negated(node: ast.If | ast.IfExp | ast.While) -> Iterator[Fault]:
    yield "条件取反", _with(node, test=ast.UnaryOp(ast.Not(), node.test))


def _said(node: ast.Expr) -> Iterator[Fault]:
    if isinstance(node.value, ast.Call | ast.Yield | ast.YieldFrom):
        yield "去掉语句", ast.Pass()


def _dropped(_: ast.stmt) -> Iterator[Fault]:
    yield "去掉语句", ast.Pass()


def _assigned(node: ast.Assign) -> Iterator[Fault]:
    """What is written into an object or a mapping; of several at once, each by itself."""
    target = node.targets[0]
    if isinstance(target, ast.Attribute | ast.Subscript):
        yield "去掉语句", ast.Pass()
    elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
        for index, one in enumerate(target.elts):
            if isinstance(one, ast.Attribute):
                yield "少赋一个值", _without_pair(node, target, node.value, index)


def _without_pair(node: ast.Assign, target: ast.Tuple, value: ast.Tuple, index: int) -> ast.Assign:
    targets, values = ([*all_[:index], *all_[index + 1 :]] for all_ in (target.elts, value.elts))
    return _with(node, targets=[_with(target, elts=targets)], value=_with(value, elts=values))


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _with(node: Node, **changes: object) -> Node:
    other = copy.copy(node)
    for name, value in changes.items():
        setattr(other, name, value)
    return other


_WRITERS: dict[type[ast.AST], tuple[Any, ...]] = {
    ast.Compare: (_compared,),
    ast.BinOp: (_summed,),
    ast.AugAssign: (_summed, _dropped),
    ast.BoolOp: (_joined,),
    ast.UnaryOp: (_signed,),
    ast.Constant: (_constant,),
    ast.Call: (_decimal, _opposite, _unordered),
    ast.Tuple: (_items,),
    ast.List: (_items,),
    ast.Set: (_items,),
    ast.Dict: (_pairs,),
    ast.comprehension: (_filtered,),
    ast.Return: (_returned,),
    ast.If: (_negated,),
    ast.IfExp: (_negated,),
    ast.While: (_negated,),
    ast.Expr: (_said,),
    ast.Raise: (_dropped,),
    ast.Break: (_dropped,),
    ast.Continue: (_dropped,),
    ast.Assign: (_assigned,),
}
