"""Small files, short functions, names that say something, and no shortcuts where money is."""

import ast
from collections.abc import Iterator

from tests.house.source import Module, is_migration, modules

MOST_FILE_LINES = 400
MOST_FUNCTION_LINES = 55
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "stuff", "shared"}
# Here no float at all. Elsewhere a column width or a demo's chance may be one, but nothing of pay is turned into one;
# cells of foreign workbooks are read as what they are.
MONEY = ("payroll.rules", "payroll.models", "payroll.selectors", "payroll.services", "payroll.services.table_file")
MONEY += ("songshan_cw.words.money", "songshan_cw.words.periods", "songshan_cw.words.terms")
TIMELESS_ROOMS = {"rules", "selectors", "services"}
CLOCKS = {("date", "today"), ("datetime", "now"), ("datetime", "today"), ("timezone", "localdate"), ("timezone", "now")}
UNFINISHED = ("TODO", "FIXME", "raise NotImplementedError", "pragma: no cover")


def written() -> list[Module]:
    return [module for module in modules() if not is_migration(module)]


def about_money(module: Module) -> bool:
    return any(module.name == prefix or module.name.startswith(f"{prefix}.") for prefix in MONEY)


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_files_are_short() -> None:
    long = [(module.path, lines) for module in written() if (lines := len(module.text.splitlines())) > MOST_FILE_LINES]
    assert not long, f"超过{MOST_FILE_LINES}行，请按职责拆成几个文件：{long}"


def test_functions_are_short() -> None:
    long = [
        f"{module.path}:{node.lineno} {node.name}（{length}行）"
        for module in written()
        for node in functions(module)
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > MOST_FUNCTION_LINES
    ]
    assert not long, f"函数超过{MOST_FUNCTION_LINES}行，请一事一函数：{long}"


def test_names_say_what_is_inside() -> None:
    empty = [module.path for module in written() if EMPTY_NAMES & set(module.name.split("."))]
    assert not empty, f"文件名没有说出内容，请按所做的事命名：{empty}"


def cell_arguments(module: Module) -> set[ast.AST]:
    """What is handed to a spreadsheet's number cell, a double by its format."""
    calls = [node for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    return {argument for call in calls if getattr(call.func, "attr", "") == "write_number" for argument in call.args}


def test_money_is_never_a_float() -> None:
    faults = []
    for module in modules():
        cells = cell_arguments(module)
        for node in ast.walk(module.tree):
            is_literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
            name = getattr(node, "id", None) or getattr(node, "attr", None)
            is_conversion = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "float" and node not in cells
            is_conversion = is_conversion and not module.name.startswith("workers.workbook.")
            if is_conversion or name == "FloatField" or (about_money(module) and (is_literal or name == "float")):
                faults.append(f"{module.path}:{node.lineno}")
    assert not faults, f"金额只用 Decimal，不用二进制小数：{faults}"


def test_no_blanket_except() -> None:
    faults = []
    for module in written():
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.ExceptHandler):
                continue
            kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            if any(kind is None or getattr(kind, "id", "") in {"Exception", "BaseException"} for kind in kinds):
                faults.append(f"{module.path}:{node.lineno}")
    assert not faults, f"不要笼统地捕获所有异常，写明料到的那几种：{faults}"


def test_rules_and_services_never_ask_the_clock() -> None:
    faults = []
    for module in written():
        if not TIMELESS_ROOMS & set(module.name.split(".")[1:2]):
            continue
        for node in ast.walk(module.tree):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if is_call and (getattr(node.func.value, "id", ""), node.func.attr) in CLOCKS - {("timezone", "now")}:
                faults.append(f"{module.path}:{node.lineno}")
    assert not faults, f"日期由命令或页面传入，规则和服务不看钟：{faults}"


def test_nothing_is_left_unfinished() -> None:
    faults = [
        f"{module.path}:{number} {word}"
        for module in written()
        for number, line in enumerate(module.text.splitlines(), start=1)
        for word in UNFINISHED
        if word in line
    ]
    assert not faults, f"还有没做完的地方：{faults}"
