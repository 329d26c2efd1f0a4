"""Opens a workbook safely: sniffed first, parsed in a limited process, returned as plain rows."""

import hashlib
import io
import pickle
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workers.workbook.faults import Fault, Unreadable
from workers.workbook.sniffing import Limits, check_file

PARSER = Path(__file__).with_name("parser.py")
TOO_BIG = "表格内容异常大，或在远离数据的地方有单元格，无法安全读取。请新建工作簿，只粘贴有数据的区域后再导入。"
MESSAGES = {
    "too_many_cells": TOO_BIG,
    "too_big": TOO_BIG,
    "entities": "工作簿里有不安全的声明（DTD或实体），不予读取。请新建工作簿，只粘贴数据后再导入。",
    "damaged": "工作簿已损坏，无法读取。请在Excel或WPS中打开，另存为新的.xlsx后再导入。",
    "crashed": TOO_BIG,
    "slow": "读取工作簿用时过长，已停止。请按街道分成几个工作簿，或新建工作簿只粘贴数据。",
}
Rows = list[tuple[int, list[Any]]]


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as it was found: rows with anything in them, each with its Excel row number."""

    name: str
    visible: bool
    rows: Rows


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one file; with a file-level fault there are no sheets."""

    file_name: str
    path: Path
    sha256: str
    sheets: tuple[RawSheet, ...] = ()
    date1904: bool = False
    faults: tuple[Fault, ...] = field(default=())


class _PlainUnpickler(pickle.Unpickler):
    """Lists, strings and numbers only: the parser's word is not trusted with more."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name}")


def read_workbook(path: str | Path, *, file_name: str = "", limits: Limits | None = None) -> Reading:
    """Read the file; whatever is wrong with it as a whole comes back as its one fault, never as an exception."""
    path = Path(path)
    limits = limits or Limits()
    name = clean_file_name(file_name or path.name)
    digest = ""
    try:
        if not path.is_file():
            raise Unreadable("missing_file", f"找不到文件“{name}”。请核对路径。")
        check_file(path, limits)
        digest = _sha256(path)
        found = _parse(path, limits)
    except Unreadable as reason:
        fault = Fault("", 0, "", name, reason.code, reason.message)
        return Reading(name, path, digest, faults=(fault,))
    sheets = tuple(RawSheet(s["name"], s["visible"], fill_merged(s["rows"])) for s in found["sheets"])
    return Reading(name, path, digest, sheets, found["date1904"])


def clean_file_name(name: str) -> str:
    """The last part of the name, without what could mislead whoever reads it later."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable() and c not in '<>:"|?*')[-120:] or "workbook.xlsx"


def fill_merged(rows: Rows) -> Rows:
    """Give each row of a cell merged downwards that cell's value."""
    by_number = dict(rows)
    for _, cells in rows:
        for column, cell in enumerate(cells):
            if type(cell) is tuple and cell[0] == "merged":
                above = by_number.get(int(cell[1]), [])
                cells[column] = above[column] if column < len(above) else None
    return [(number, cells) for number, cells in rows if any(cell is not None for cell in cells)]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _parse(path: Path, limits: Limits) -> dict[str, Any]:
    command = [sys.executable, "-I", str(PARSER), str(path), str(limits.memory), str(limits.seconds), str(limits.cells)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=limits.seconds * 2, check=False)
    except subprocess.TimeoutExpired as fault:
        raise Unreadable("slow", MESSAGES["slow"]) from fault
    if done.returncode:
        raise Unreadable("too_big", MESSAGES["crashed"])
    result: dict[str, Any] = _PlainUnpickler(io.BytesIO(done.stdout)).load()
    if "refused" in result:
        raise Unreadable(result["refused"], MESSAGES[result["refused"]])
    return result
