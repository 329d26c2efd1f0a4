"""Open a workbook safely: sniffed first, parsed in a limited process, its rows kept in a temporary file."""

import hashlib
import io
import pickle
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import IO, Any

from songshan_cw.security.masking import mask_numbers
from workers.workbook.faults import Fault, Unreadable
from workers.workbook.sniffing import Limits, check_file
from workers.workbook.spooling import BUCKETS, Rows, Spool

PARSER = Path(__file__).with_name("parser.py")
TOO_BIG = "表格内容异常大，或在远离数据的地方有单元格，无法安全读取。请新建工作簿，只粘贴有数据的区域后再导入。"
MESSAGES = {
    "too_many_cells": TOO_BIG,
    "too_big": TOO_BIG,
    "entities": "工作簿里有不安全的声明（DTD或实体），不予读取。请新建工作簿，只粘贴数据后再导入。",
    "empty": "文件里没有表格。请选择装有人员名单的工作簿。",
    "damaged": "工作簿已损坏，无法读取。请在Excel或WPS中打开，另存为新的.xlsx后再导入。",
    "crashed": TOO_BIG,
    "slow": "读取工作簿用时过长，已停止。请按街道分成几个工作簿，或新建工作簿只粘贴数据。",
}
HEAD = 120  # rows kept for finding the head and for samples below it
MOST_SPARSE = 5_000  # rows kept that may be sections
PATIENCE = 4  # times its CPU seconds, by the clock: it shares the machine, and waits for us to take its rows
LARGEST_MESSAGE = 256 * 1024 * 1024
FindColumn = Callable[[str, Rows], int | None]


@dataclass(frozen=True, slots=True, repr=False)
class RawSheet:
    """A sheet as it was found: rows with anything in them, each with its Excel row number.

    ``name`` is unique in the file, ``title`` as the sheet is called, ``file`` the archive's part it comes from,
    ``hidden`` and ``struck`` the numbers of rows that are hidden or struck through, ``sparse`` the rows with one or two
    cells only, in order.
    """

    name: str
    visible: bool
    head: Rows
    place: int
    spool: Spool
    title: str = ""
    file: str = ""
    hidden: frozenset[int] = frozenset()
    struck: frozenset[int] = frozenset()
    sparse: Rows = field(default_factory=list)

    @property
    def rows(self) -> Rows:
        """All rows; read a large sheet batch by batch with ``part``."""
        return self.part(range(BUCKETS))

    def part(self, buckets: Collection[int]) -> Rows:
        return self.spool.rows(self.place, buckets)

    def __repr__(self) -> str:
        return f"RawSheet({self.name!r}, {self.rows!r})"


@dataclass(frozen=True, slots=True)
class Reading:
    """The sheets of a file, or none where the whole file has a fault."""

    file_name: str
    path: Path
    sha256: str
    sheets: tuple[RawSheet, ...] = ()
    date1904: bool = False
    faults: tuple[Fault, ...] = field(default=())

    def batches(self, most: int) -> list[Collection[int]]:
        """The people in groups of about ``most`` rows: which buckets of every sheet belong together."""
        return self.sheets[0].spool.batches(most) if self.sheets else []


class _PlainUnpickler(pickle.Unpickler):
    """Load lists, strings and numbers only, because a hostile file may control the parser."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name}")


def read_workbook(
    path: str | Path, *, file_name: str = "", limits: Limits | None = None, by: FindColumn | None = None
) -> Reading:
    """Read a file. A problem with the whole file is returned as its only fault, not raised.

    ``by`` returns the column that identifies people, from a sheet's name and first rows.
    """
    path = Path(path)
    limits = limits or Limits()
    name = clean_file_name(file_name or path.name)
    digest = ""
    try:
        if not path.is_file():
            raise Unreadable("missing_file", f"找不到文件“{name}”。请核对路径。")
        check_file(path, limits)
        digest = _sha256(path)
        sheets, date1904 = _collect(_parsed(path, limits), by)
    except Unreadable as reason:
        fault = Fault("", 0, "", name, reason.code, reason.message)
        return Reading(name, path, digest, faults=(fault,))
    return Reading(name, path, digest, sheets, date1904)


def clean_file_name(name: str) -> str:
    """Return the last part of the name, without misleading characters and with long numbers masked."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*')[-120:]
    return mask_numbers(plain) or "workbook.xlsx"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _collect(messages: Iterator[Any], by: FindColumn | None) -> tuple[tuple[RawSheet, ...], bool]:
    """Store the rows sheet by sheet as the parser sends them."""
    spool, sheets = Spool(), list[RawSheet]()
    column: int | None = None
    for kind, *values in messages:
        if kind == "sheet":
            sheets.append(_sheet(values, sheets, spool))
        elif kind == "rows":
            sheet = sheets[-1]
            if not sheet.head:
                sheet.head.extend(values[0][:HEAD])
                column = by(sheet.name, sheet.head) if by else None
            if len(sheet.sparse) < MOST_SPARSE:
                sheet.sparse.extend(row for row in values[0] if len(row[1]) - row[1].count(None) <= 2)
            spool.add(sheet.place, values[0], column)
        elif kind == "refused":
            raise Unreadable(values[0], MESSAGES[values[0]])
        else:
            spool.flush()
            if not sheets:
                raise Unreadable("empty_file", MESSAGES["empty"])
            return tuple(sheets), values[0]
    raise Unreadable("too_big", MESSAGES["crashed"])


def _sheet(values: list[Any], before: list[RawSheet], spool: Spool) -> RawSheet:
    """Name a sheet for the clerk: with its file in an archive, and by its number without a name."""
    file, title, visible, hidden, struck = values
    name = f"{file}：{title}" if file and title else title or file or f"表{len(before) + 1}"
    if any(sheet.name == name for sheet in before):
        name = f"{name}（{len(before) + 1}）"
    return RawSheet(name, visible, [], len(before), spool, title, file, frozenset(hidden), frozenset(struck))


def _parsed(path: Path, limits: Limits) -> Iterator[Any]:
    """Yield the parser's messages. It is stopped when it takes too long or the caller stops reading."""
    command = [sys.executable, "-I", str(PARSER), str(path), str(limits.memory), str(limits.seconds), str(limits.cells)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        late = list[bool]()

        def stop() -> None:
            late.append(True)
            process.kill()

        timer = Timer(limits.seconds * PATIENCE, stop)
        timer.start()
        try:
            while (message := _message(process.stdout)) is not None:
                yield message
        finally:
            timer.cancel()
            process.kill()
        if late:
            raise Unreadable("slow", MESSAGES["slow"])


def _message(source: IO[bytes]) -> Any:
    """Return the next message, or None where the parser ended."""
    size = int.from_bytes(source.read(4), "little")
    if not 0 < size <= LARGEST_MESSAGE or len(data := source.read(size)) < size:
        return None
    return _PlainUnpickler(io.BytesIO(data)).load()
