"""Find the head of a sheet between titles and data: one to three lines, and what each column's head may mean."""

import re
from dataclasses import dataclass
from typing import Any

from workers.workbook.lexicon import DERIVED, bare, helper_of, normal, perhaps, spellings
from workers.workbook.sheets import Sheet
from workers.workbook.spooling import Rows

LEAST_RECOGNISED = 2
SEARCHED = 60  # rows in which the head may stand
MOST_LINES = 3
LONGEST_HEAD = 40
LETTERS = 26
YEAR = re.compile(r"(20\d\d)")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one column: its text, with its group before it, and both normalised."""

    index: int
    text: str
    whole: str
    name: str

    @property
    def letter(self) -> str:
        return letter_of(self.index)


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a sheet. ``fields`` maps fields to column indexes, ``found`` to all possible ones.

    ``names`` are all heads, ``texts`` all texts of its lines, ``last_row`` is the Excel row of its last line. ``exact``
    holds the fields that have the workbook's own name.
    """

    first_row: int
    last_row: int
    fields: dict[str, int]
    found: dict[str, tuple[int, ...]]
    exact: dict[str, tuple[int, ...]]
    unknown: tuple[Head, ...]
    heads: tuple[Head, ...]
    helpers: dict[str, int]
    texts: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(head.name for head in self.heads)

    def head(self, index: int) -> Head:
        return self.heads[index] if index < len(self.heads) else Head(index, "", "", "")


def letter_of(index: int) -> str:
    """Return the letters of a column, from index 0."""
    letters, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, LETTERS)
        letters = chr(65 + rest) + letters
    return letters


def find_header(sheet: Sheet, rows: Rows) -> Header | None:
    """Return the lines that name the most columns of the sheet, fewer lines preferred."""
    window = rows[:SEARCHED]
    best: Header | None = None
    for index, (number, cells) in enumerate(window):
        if sum(isinstance(cell, str) for cell in cells) < LEAST_RECOGNISED:
            continue
        for lines in range(1, MOST_LINES + 1):
            following = window[index : index + lines]
            if len(following) < lines or following[-1][0] != number + lines - 1:
                break
            found = _read(sheet, number, [cells for _, cells in following])
            if best is None or _rank(found) > _rank(best):
                best = found
    return best if best and len(best.fields) >= LEAST_RECOGNISED else None


def header_at(sheet: Sheet, rows: Rows, number: int) -> Header | None:
    """Read the row that a clerk named as the head, whatever it says."""
    return next((_read(sheet, number, [cells]) for row, cells in rows if row == number), None)


def _rank(header: Header) -> tuple[int, int, int]:
    named = len(header.fields) + len(header.helpers)
    return named, sum(map(len, header.found.values())), header.first_row - header.last_row


def _read(sheet: Sheet, number: int, lines: list[list[Any]]) -> Header:
    heads = _heads(lines)
    found: dict[str, list[int]] = {}
    exact: dict[str, list[int]] = {}
    unknown, helpers = [], dict[str, int]()
    if not _is_head(lines):
        return Header(number, number, {}, {}, {}, (), (), {})
    for head in heads:
        column = _column(sheet, head)
        helper = helper_of(bare(head.name))
        if column is not None:
            found.setdefault(column.field, []).append(head.index)
            if column.header and normal(column.header) in {head.name, bare(head.name), head.whole}:
                exact.setdefault(column.field, []).append(head.index)
        elif helper is not None:
            helpers.setdefault(helper, head.index)
        elif head.name and not DERIVED.match(head.name):
            unknown.append(head)
    texts = frozenset(normal(cell) for cells in lines for cell in cells if cell is not None)
    fields = {field: indexes[0] for field, indexes in found.items()}
    kept = {field: tuple(indexes) for field, indexes in found.items()}
    sure = {field: tuple(indexes) for field, indexes in exact.items()}
    return Header(number, number + len(lines) - 1, fields, kept, sure, tuple(unknown), tuple(heads), helpers, texts)


def _is_head(lines: list[list[Any]]) -> bool:
    """Return whether a row may be a head: it has no ID number and is not one long sentence."""
    for cells in lines:
        texts = [cell for cell in cells if cell is not None]
        if any(isinstance(cell, str) and cell.strip()[:17].isdigit() and len(cell.strip()) >= 15 for cell in texts):
            return False
        if any(isinstance(cell, float) and cell > 10**7 for cell in texts):
            return False
    return True


def _column(sheet: Sheet, head: Head) -> Any:
    """Return the workbook's column for a head, by group and name together, else by name alone."""
    for name in dict.fromkeys((head.whole, head.name, bare(head.whole), bare(head.name))):
        for column in sheet.columns:
            if name and name in spellings(column.header):
                return column
    return None


def _heads(lines: list[list[Any]]) -> list[Head]:
    """Join the lines of a head; a group's name goes before those of its parts."""
    width = max(map(len, lines))
    heads, groups = [], [""] * (len(lines) - 1)
    for index in range(width):
        texts = [_text(cells[index]) if index < len(cells) else "" for cells in lines]
        for level, text in enumerate(texts[:-1]):
            if text:
                groups[level:] = [text] + [""] * (len(groups) - level - 1)
        own = next((text for text in reversed(texts) if text), "")
        above = [] if texts[-1] == "" else [group for group in groups if group and group != own]
        whole = normal("".join((*above, own)))
        heads.append(Head(index, own, whole, normal(own)))
    return heads


def _text(cell: Any) -> str:
    text = "".join(cell.split()) if isinstance(cell, str) else ""
    return text if len(text) <= LONGEST_HEAD else ""


def perhaps_meant(head: Head) -> str | None:
    """Return the workbook's head that this one may mean."""
    return perhaps(head.name) or perhaps(bare(head.name)) or perhaps(head.whole)


def year_of(head: Head) -> int | None:
    """Return the year a head names, such as 年度考核（2025）."""
    found = YEAR.search(head.text)
    return int(found[1]) if found else None
