"""Reads one file in a process of its own, with its own limits: a hostile file can only take this process down.

Run as a script; imports only ``plain_parser`` beside it. Writes pickles of plain values to standard output, each behind
its length: ("sheet", file in the archive, name, visible, hidden rows, struck rows), then ("rows", [(Excel row number,
cells), …]) as often as it takes, a cell being str, float, None or (kind, text) where the value alone would lie; in the
end ("done", date1904) or ("refused", code).
"""

import datetime
import io
import pickle
import re
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

sys.path.append(str(Path(__file__).parent))
import plain_parser

Cell = Any
Cells = dict[tuple[int, int], Cell]
EXACT_LIMIT = 10**15
PIECE, OVERLAP = 1 << 20, 128  # bytes of a sheet looked at together, and those looked at twice
BLOCK = 2_000  # rows handed over at a time
MOST_KEPT = 20_000  # distinct cells remembered, so that equal ones are one object
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
KINDS = (".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods", ".csv", ".txt", ".html", ".htm", ".xml")
HIDDEN_ROW = b' hidden="1"'
YEAR_AND_TENTH = re.compile(r"^(19|20)\d\d\.\d$")
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
    for name, rows in plain_parser.tables_of(data):
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


class Styles:
    """Cell styles that change what a reader sees: struck through, or two decimals (2018.1 shown as 2018.10)."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.struck: set[str] = set()
        self.two_decimals: set[str] = set()
        self._fonts: list[bool] = []
        self._section = ""
        self._styles = 0
        if "xl/styles.xml" in archive.NameToInfo:
            with archive.open("xl/styles.xml") as file:
                walk(file, self.start)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag in {"fonts", "cellXfs", "cellStyleXfs", "dxfs", "fills", "borders"}:
            self._section = tag
        elif tag == "font" and self._section == "fonts":
            self._fonts.append(False)
        elif tag == "strike" and self._section == "fonts" and self._fonts:
            self._fonts[-1] = attributes.get("val", "1") not in {"0", "false"}
        elif tag == "xf" and self._section == "cellXfs":
            font = attributes.get("fontId", "0")
            if font.isdigit() and int(font) < len(self._fonts) and self._fonts[int(font)]:
                self.struck.add(str(self._styles))
            if attributes.get("numFmtId") == "2":
                self.two_decimals.add(str(self._styles))
            self._styles += 1


def special_cells(archive: zipfile.ZipFile, part: str, styles: Styles) -> "Scan":
    """Cells whose plain value would mislead: errors, formulas never calculated, long numbers, merged downwards."""
    scan = Scan(styles)
    if part not in archive.NameToInfo:
        return scan
    if not looks_special(archive, part) and not styles.struck and not styles.two_decimals:
        return scan
    with archive.open(part) as file:
        walk(file, scan.start, scan.end, scan.text)
    scan.spread_merged()
    return scan


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
        or HIDDEN_ROW in data
        or SUSPICIOUS_NUMBER.search(data) is not None
        or (MERGE_MARK in data and data.count(MERGE_MARK) != len(FLAT_MERGE.findall(data)))
    )


class Scan:
    """One pass over a sheet's XML."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.hidden: list[int] = []
        self.struck: set[int] = set()
        self.style = ""
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
            self.style = attributes.get("s", "")
        elif tag == "row" and attributes.get("hidden") in {"1", "true"} and attributes.get("r", "").isdigit():
            self.hidden.append(int(attributes["r"]))
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
            if self.value and self.style in self.styles.struck:
                self.struck.add(self.at[0])
            special = self.judge()
            if special is not None:
                self.found[self.at] = special

    def judge(self) -> Cell:
        if self.kind == "e":
            return ("error", self.value)
        if self.formula and not self.value:
            return ("formula", "")
        if self.style in self.styles.two_decimals and YEAR_AND_TENTH.match(self.value):
            return ("shown", f"{self.value}0")
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
