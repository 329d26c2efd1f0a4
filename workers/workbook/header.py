"""Find the header row between titles and data."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from workers.workbook.reading import HEAD
from workers.workbook.sheets import Sheet
from workers.workbook.spooling import Rows

LEAST_RECOGNISED = 2
NOISE = re.compile(r"[\s*:：、_.。★※\"'“”]+")
BRACKETED = re.compile(r"\([^()]*\)")
DERIVED = re.compile(r"^(序号|序|行号|no|性别|年龄|出生.*|.*街道代码|.*社区代码)$")


@dataclass(frozen=True, slots=True)
class Header:
    """``fields``: field → column index. ``last_row``: Excel row of the header's last line."""

    first_row: int
    last_row: int
    fields: dict[str, int]
    repeated: tuple[str, ...]
    unknown: tuple[str, ...]
    names: tuple[str, ...]


def normal(cell: Any) -> str:
    """Normalise a header: no spaces, line breaks, marks or full-width forms."""
    return NOISE.sub("", unicodedata.normalize("NFKC", cell)).lower() if isinstance(cell, str) else ""


def find_header(sheet: Sheet, rows: Rows) -> Header | None:
    """Return the row (or two rows, for grouped headers) that names the most columns."""
    names = _names(sheet)
    best: Header | None = None
    window = rows[:HEAD]
    for index, (number, cells) in enumerate(window):
        lines = [(number, number, [normal(cell) for cell in cells])]
        if index + 1 < len(window) and window[index + 1][0] == number + 1:
            lines.append((number, number + 1, _joined(cells, window[index + 1][1], names)))
        for first, last, line in lines:
            found = _read(first, last, line, names)
            if best is None or _rank(found) > _rank(best):
                best = found
    return best if best and len(best.fields) >= LEAST_RECOGNISED else None


def _rank(header: Header) -> tuple[int, bool]:
    """Prefer more columns, then a single line."""
    return len(header.fields), header.first_row == header.last_row


def _names(sheet: Sheet) -> dict[str, str]:
    """Map every spelling of a header to its field."""
    names: dict[str, str] = {}
    for column in sheet.columns:
        for header in (column.header, *column.synonyms):
            names.setdefault(normal(header), column.field)
    return names


def _field(name: str, names: dict[str, str]) -> str | None:
    return names.get(name) or names.get(BRACKETED.sub("", name))


def _joined(upper: list[Any], lower: list[Any], names: dict[str, str]) -> list[str]:
    """Join two header lines, with a group's name before its parts."""
    line, group = [], ""
    for index in range(max(len(upper), len(lower))):
        top = normal(upper[index]) if index < len(upper) else ""
        below = normal(lower[index]) if index < len(lower) else ""
        group = top or group
        whole = below if not group or top == below else group + below
        line.append(whole if below and _field(whole, names) else below or top)
    return line


def _read(first: int, last: int, line: list[str], names: dict[str, str]) -> Header:
    fields: dict[str, int] = {}
    repeated, unknown = [], []
    for index, name in enumerate(line):
        field = _field(name, names)
        if field is None:
            if name and not DERIVED.match(name):
                unknown.append(name)
        elif field in fields:
            repeated.append(field)
        else:
            fields[field] = index
    return Header(first, last, fields, tuple(dict.fromkeys(repeated)), tuple(unknown), tuple(line))
