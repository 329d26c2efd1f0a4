"""Look through the parts of an .xlsx for cells whose plain value would mislead, in the limited process of ``parser``.

Imports nothing of the project.
"""

import re
import zipfile
from typing import Any
from xml.parsers import expat

Cell = Any
Cells = dict[tuple[int, int], Cell]
PIECE, OVERLAP = 1 << 20, 128  # bytes of a sheet looked at together, and those looked at twice
HIDDEN_ROW = b' hidden="1"'
YEAR_AND_TENTH = re.compile(r"^(19|20)\d\d\.\d$")
SUSPICIOUS_MARKS = (b't="e"', b"t='e'")
FORMULA_MARKS = ((b"<f", (b"<f>", b"<f ", b"<f/")), (b":f", (b":f>", b":f ")))  # each with what tells it from others
MERGE_MARK = b"mergeCell "
FLAT_MERGE = re.compile(rb'mergeCell ref="[A-Z]{1,3}(\d{1,7}):[A-Z]{1,3}\1"')  # within one row, as titles are
SUSPICIOUS_NUMBER = re.compile(rb"v>(?:-?\d{16}|[^<]{0,40}[EeNn])")
REFERENCE = re.compile(r"^([A-Z]{1,3})(\d+)$")
RELATION_PART = "xl/_rels/workbook.xml.rels"
EXACT_LIMIT = 10**15


class TooMuch(Exception):
    """The message is a code of reading.MESSAGES."""


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Map sheet names to their parts, and "" to the date system."""
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
    """Parse XML, and refuse declarations of its own."""
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
    """Return cells whose plain value misleads: errors, uncalculated formulas, long numbers, merges downwards."""
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
    """Return whether the sheet may hold such a cell. It is searched piece by piece, never unpacked whole."""
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
        """Mark the cells below a merged cell, so that the reader fills in its value."""
        for (top, left), (bottom, _) in self.merged:
            for row in range(top + 1, min(bottom, top + 20_000) + 1):
                self.found.setdefault((row, left), ("merged", str(top)))


def judge_number(text: str) -> Cell:
    """Return the exact digits of a number too long for a float, or a mark where the file has lost them."""
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
    """Return row and column of a reference, ``B5`` as (5, 1), or None outside a worksheet."""
    found = REFERENCE.match(reference.replace("$", ""))
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    row = int(found[2])
    return (row, column - 1) if 0 < row <= 1_048_576 and column <= 16_384 else None
