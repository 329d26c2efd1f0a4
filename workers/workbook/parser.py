"""Reads one file in a process of its own, with its own limits: a hostile file can only take this process down.

Run as a script; of the project it imports only ``plain_parser`` and ``xlsx_parser``, which import nothing of it. Writes
pickles of plain values to standard output, each behind its length: ("sheet", file in the archive, name, visible, hidden
rows, struck rows), then ("rows", [(Excel row number, cells), …]) as often as it takes, a cell being str, float, None or
(kind, text) where the value alone would lie; in the end ("done", date1904) or ("refused", code).
"""

import datetime
import io
import pickle
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any
from xml.parsers import expat

import python_calamine

sys.path.append(str(Path(__file__).resolve().parents[2]))

from workers.workbook.plain_parser import tables_of
from workers.workbook.xlsx_parser import (
    EXACT_LIMIT,
    Cell,
    Cells,
    Styles,
    TooMuch,
    sheet_parts,
    special_cells,
)

BLOCK = 2_000  # rows handed over at a time
MOST_KEPT = 20_000  # distinct cells remembered, so that equal ones are one object
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
KINDS = (".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods", ".csv", ".txt", ".html", ".htm", ".xml")


def limit_process(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def parse(data: bytes, left: int, inside: str = "") -> Iterator[tuple[Any, ...]]:
    """Read a file by what its bytes say; ``inside``: the file's name in the archive it comes from."""
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                yield from parse_xlsx(data, archive, left, inside)
            elif names & {"xl/workbook.bin", "content.xml"}:
                yield from parse_other(data, left, inside)
            elif not inside:
                yield from parse_members(archive, left)
    elif data.startswith(OLE):
        yield from parse_other(data, left, inside)
    else:
        yield from parse_plain(data, left, inside)


def parse_members(archive: zipfile.ZipFile, left: int) -> Iterator[tuple[Any, ...]]:
    """Read each workbook of an archive, those of another kind passed over."""
    for entry in archive.infolist():
        name = member_name(entry)
        last = name.rpartition("/")[2]
        if not last.lower().endswith(KINDS) or last.startswith(("~$", ".")) or "__MACOSX" in name:
            continue
        yield from parse(archive.read(entry), left, name)


def member_name(entry: zipfile.ZipInfo) -> str:
    """Return the name of a part; Windows writes Chinese names in GBK without saying so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return entry.filename


def parse_plain(data: bytes, left: int, inside: str) -> Iterator[tuple[Any, ...]]:
    for name, rows in tables_of(data):
        if sum(len(cells) for _, cells in rows) > left:
            raise TooMuch("too_many_cells")
        yield "sheet", inside, name, True, [], []
        for start in range(0, len(rows), BLOCK):
            yield "rows", rows[start : start + BLOCK]


def parse_other(data: bytes, left: int, inside: str) -> Iterator[tuple[Any, ...]]:
    """Read .xls, .et, .xlsb and .ods, whose cells are as calamine gives them."""
    workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    for index, meta in enumerate(workbook.sheets_metadata):
        if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_index(index)
        left -= sheet.height * sheet.width
        if left < 0:
            raise TooMuch("too_many_cells")
        yield "sheet", inside, meta.name, meta.visible == python_calamine.SheetVisibleEnum.Visible, [], []
        rows = sheet_rows(sheet, merged_downwards(sheet.merged_cell_ranges or ()))
        while block := list(islice(rows, BLOCK)):
            yield "rows", block


def merged_downwards(ranges: Iterable[Any]) -> Cells:
    """Mark the cells of the first column of every area merged over several rows."""
    found: Cells = {}
    for (top, left), (bottom, _) in ranges:
        for row in range(top + 2, min(bottom, top + 20_000) + 2):
            found[row, left] = ("merged", str(top + 1))
    return found


def parse_xlsx(data: bytes, archive: zipfile.ZipFile, left: int, inside: str) -> Iterator[tuple[Any, ...]]:
    with ThreadPoolExecutor(1) as aside:
        parts = sheet_parts(archive)
        date1904 = parts.pop("", "") == "1904"
        styles = Styles(archive)
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for index, meta in enumerate(workbook.sheets_metadata):
            if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            special = aside.submit(special_cells, archive, parts.get(meta.name, ""), styles)
            try:
                sheet = workbook.get_sheet_by_index(index)  # lets go of the interpreter meanwhile
            finally:
                found = special.result()
            left -= sheet.height * sheet.width
            if left < 0:
                raise TooMuch("too_many_cells")
            visible = meta.visible == python_calamine.SheetVisibleEnum.Visible
            yield "sheet", inside, meta.name, visible, found.hidden, sorted(found.struck)
            rows = sheet_rows(sheet, found.found)
            while block := list(islice(rows, BLOCK)):
                yield "rows", block
    if not inside:
        yield "done", date1904


def sheet_rows(sheet: Any, special: Cells) -> Iterator[tuple[int, list[Cell]]]:
    """Rows with anything in them, each cell merged over it included; cells start at column A."""
    fill = Fill(special)
    rows = plain_rows(sheet)
    for number, cells in with_missing(rows, fill.rows) if fill.rows else rows:
        if number in fill.rows:
            fill.row(number, cells)
        if cells.count(None) != len(cells):
            yield number, cells


def plain_rows(sheet: Any) -> Iterator[tuple[int, list[Cell]]]:
    if sheet.start is None:
        return
    top, left = sheet.start
    padding = [None] * left
    plain = PlainCells({"": None})
    for number, cells in enumerate(sheet.iter_rows(), top + 1):
        if cells.count("") != len(cells):
            yield number, padding + [plain[value] for value in cells]
        if len(plain) > MOST_KEPT:
            plain = PlainCells({"": None})


def with_missing(rows: Iterator[tuple[int, list[Cell]]], wanted: Iterable[int]) -> Iterator[tuple[int, list[Cell]]]:
    """The rows, and empty ones for wanted numbers that are not among them."""
    waiting = iter(sorted(wanted))
    due = next(waiting, None)
    for number, cells in rows:
        while due is not None and due <= number:
            if due < number:
                yield due, []
            due = next(waiting, None)
        yield number, cells
    while due is not None:
        yield due, []
        due = next(waiting, None)


class Fill:
    """Puts special cells into their rows; a cell merged downwards takes the value of the one it hangs from."""

    def __init__(self, special: Cells) -> None:
        self.rows: dict[int, list[tuple[int, Cell]]] = {}
        self.held: Cells = {}
        for (row, column), cell in special.items():
            self.rows.setdefault(row, []).append((column, cell))
            if cell[0] == "merged":
                top = int(cell[1])
                self.held[top, column] = None
                self.rows.setdefault(top, [])
        self.tops = {row for row, _ in self.held}

    def row(self, number: int, cells: list[Cell]) -> None:
        for column, cell in self.rows[number]:
            cells.extend([None] * (column + 1 - len(cells)))
            cells[column] = self.held[int(cell[1]), column] if cell[0] == "merged" else cell
        if number in self.tops:
            for column, cell in enumerate(cells):
                if (number, column) in self.held:
                    self.held[number, column] = cell


class PlainCells(dict[Any, Any]):
    """A cell as str, float or None; equal cells share one object, and true is 1 as it is for Python."""

    def __missing__(self, value: Any) -> Cell:
        if isinstance(value, str):
            result: Cell = value if value.strip() else None
        elif isinstance(value, int | float):
            result = float(value)
            if abs(result) >= EXACT_LIMIT:
                result = ("lost", f"{result:.15g}")
        elif isinstance(value, datetime.datetime):
            result = value.isoformat(" ")
        elif isinstance(value, datetime.date):
            result = value.isoformat()
        else:
            result = str(value)
        if result == result:
            self[value] = result
        return result


def told(path: str, max_cells: int) -> Iterator[tuple[Any, ...]]:
    try:
        done = False
        for message in parse(Path(path).read_bytes(), max_cells):
            done = message[0] == "done"
            yield message
        if not done:
            yield "done", False
    except TooMuch as reason:
        yield "refused", str(reason)
    except PermissionError:
        yield "refused", "entities"
    except (
        python_calamine.CalamineError,
        zipfile.BadZipFile,
        expat.ExpatError,
        KeyError,
        ValueError,
        OSError,
    ):
        yield "refused", "damaged"
    except (MemoryError, OverflowError):
        yield "refused", "too_big"


def main() -> None:
    path, memory, seconds, max_cells = sys.argv[1], *map(int, sys.argv[2:5])
    limit_process(memory, seconds)
    for message in told(path, max_cells):
        data = pickle.dumps(message, protocol=5)
        sys.stdout.buffer.write(len(data).to_bytes(4, "little"))
        sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
