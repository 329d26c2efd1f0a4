"""Reads one workbook in a process of its own, with its own limits: a hostile file can only take this process down.

Run as a script; imports nothing of the project. Writes pickles of plain values to standard output, each behind its
length: ("sheet", name, visible), then ("rows", [(Excel row number, cells), …]) as often as it takes, a cell being str,
float, None or (kind, text) where the value alone would lie; in the end ("done", date1904) or ("refused", code).
"""

import datetime
import pickle
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any
from xml.parsers import expat

import python_calamine

Cell = Any
Cells = dict[tuple[int, int], Cell]
EXACT_LIMIT = 10**15
PIECE, OVERLAP = 1 << 20, 128  # bytes of a sheet looked at together, and those looked at twice
BLOCK = 2_000  # rows handed over at a time
MOST_KEPT = 20_000  # distinct cells remembered, so that equal ones are one object
SUSPICIOUS_MARKS = (b't="e"', b"t='e'")
FORMULA_MARKS = ((b"<f", (b"<f>", b"<f ", b"<f/")), (b":f", (b":f>", b":f ")))  # each with what tells it from others
MERGE_MARK = b"mergeCell "
FLAT_MERGE = re.compile(rb'mergeCell ref="[A-Z]{1,3}(\d{1,7}):[A-Z]{1,3}\1"')  # within one row, as titles are
SUSPICIOUS_NUMBER = re.compile(rb"v>(?:-?\d{16}|[^<]{0,40}[EeNn])")
REFERENCE = re.compile(r"^([A-Z]{1,3})(\d+)$")
RELATION_PART = "xl/_rels/workbook.xml.rels"


class TooMuch(Exception):
    """The message is a code of reading.MESSAGES."""


def limit_process(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def parse(path: str, max_cells: int) -> Iterator[tuple[Any, ...]]:
    with zipfile.ZipFile(path) as archive, ThreadPoolExecutor(1) as aside:
        parts = sheet_parts(archive)
        date1904 = parts.pop("", "") == "1904"
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        left = max_cells
        for index, meta in enumerate(workbook.sheets_metadata):
            if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            special = aside.submit(special_cells, archive, parts.get(meta.name, ""))
            try:
                sheet = workbook.get_sheet_by_index(index)  # lets go of the interpreter meanwhile
            finally:
                found = special.result()
            left -= sheet.height * sheet.width
            if left < 0:
                raise TooMuch("too_many_cells")
            yield "sheet", meta.name, meta.visible == python_calamine.SheetVisibleEnum.Visible
            rows = sheet_rows(sheet, found)
            while block := list(islice(rows, BLOCK)):
                yield "rows", block
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


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → its part; under "" the date system."""
    targets: dict[str, str] = {}
    names: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("Relationship"):
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def book(tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "workbookPr" and attributes.get("date1904", "0").lower() in {"1", "true"}:
            names[""] = "1904"
        if tag == "sheet":
            key = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id"), "")
            target = targets.get(key, "")
            names[attributes.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    present = set(archive.namelist())
    for part, handler in ((RELATION_PART, relation), ("xl/workbook.xml", book)):
        if part in present:
            with archive.open(part) as file:
                walk(file, handler)
    return names


def walk(data: Any, start: Any, end: Any = None, text: Any = None) -> None:
    """Parse XML that may declare nothing of its own."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse_declarations
    parser.ParseFile(data)


def refuse_declarations(*_: Any) -> None:
    raise TooMuch("entities")


def special_cells(archive: zipfile.ZipFile, part: str) -> Cells:
    """Cells whose plain value would mislead: errors, formulas never calculated, long numbers, merged downwards."""
    if part not in archive.NameToInfo or not looks_special(archive, part):
        return {}
    scan = Scan()
    with archive.open(part) as file:
        walk(file, scan.start, scan.end, scan.text)
    scan.spread_merged()
    return scan.found


def looks_special(archive: zipfile.ZipFile, part: str) -> bool:
    """Whether the sheet holds any mark of such a cell; it is looked through piece by piece, never unpacked whole."""
    found, rest = False, b""
    with archive.open(part) as file:
        while piece := file.read(PIECE):
            data = rest + piece
            if b"<!" in data and (b"<!DOCTYPE" in data or b"<!ENTITY" in data):
                raise TooMuch("entities")
            found = found or is_special(data)
            rest = data[-OVERLAP:]
    return found


def is_special(data: bytes) -> bool:
    return (
        any(mark in data for mark in SUSPICIOUS_MARKS)
        or any(first in data and any(mark in data for mark in marks) for first, marks in FORMULA_MARKS)
        or SUSPICIOUS_NUMBER.search(data) is not None
        or (MERGE_MARK in data and data.count(MERGE_MARK) != len(FLAT_MERGE.findall(data)))
    )


class Scan:
    """One pass over a sheet's XML."""

    def __init__(self) -> None:
        self.found: Cells = {}
        self.at: tuple[int, int] | None = None
        self.kind = ""
        self.formula = False
        self.inside = ""
        self.value = ""
        self.merged: list[tuple[tuple[int, int], tuple[int, int]]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "c":
            self.at = position(attributes.get("r", ""))
            self.kind, self.formula, self.value = attributes.get("t", "n"), False, ""
        elif tag == "mergeCell":
            first, _, last = attributes.get("ref", "").partition(":")
            corners = position(first), position(last)
            if corners[0] and corners[1]:
                self.merged.append((corners[0], corners[1]))
        elif tag == "f":
            self.formula = True
        self.inside = tag

    def text(self, data: str) -> None:
        if self.inside in {"v", "t"}:
            self.value += data

    def end(self, tag: str) -> None:
        self.inside = ""
        if tag.rpartition(":")[2] == "c" and self.at is not None:
            special = self.judge()
            if special is not None:
                self.found[self.at] = special

    def judge(self) -> Cell:
        if self.kind == "e":
            return ("error", self.value)
        if self.formula and not self.value:
            return ("formula", "")
        if self.kind == "n" and self.value:
            return judge_number(self.value.strip())
        return None

    def spread_merged(self) -> None:
        """A cell merged over several rows stands in each of them: marked here, filled in by the reader."""
        for (top, left), (bottom, _) in self.merged:
            for row in range(top + 1, min(bottom, top + 20_000) + 1):
                self.found.setdefault((row, left), ("merged", str(top)))


def judge_number(text: str) -> Cell:
    """Numbers a float cannot hold: exact digits where the file has them all, else marked as lost."""
    try:
        value = float(text)
    except ValueError:
        return ("error", text[:40])
    if value != value or value in (float("inf"), float("-inf")):
        return ("error", text[:40])
    if abs(value) < EXACT_LIMIT:
        return None
    return ("digits", text) if text.isascii() and text.isdigit() and not text.endswith("000") else ("lost", text[:40])


def position(reference: str) -> tuple[int, int] | None:
    """``B5`` → (5, 1); None for what lies outside a worksheet."""
    found = REFERENCE.match(reference.replace("$", ""))
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    row = int(found[2])
    return (row, column - 1) if 0 < row <= 1_048_576 and column <= 16_384 else None


def told(path: str, max_cells: int) -> Iterator[tuple[Any, ...]]:
    try:
        yield from parse(path, max_cells)
    except TooMuch as reason:
        yield "refused", str(reason)
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
