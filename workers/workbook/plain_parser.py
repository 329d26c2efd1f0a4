"""Read files that are no .xlsx, in the limited process of ``parser``: text, web pages, SpreadsheetML.

Imports nothing of the project. Each function yields (name, rows), a row being (row number, [text or None, …]).
"""

import csv
import html.parser
import io
import re
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

Row = tuple[int, list[Any]]
Table = tuple[str, list[Row]]
LONGEST_CELL = 100_000
MOST_SPANNED = 300
SCIENTIFIC = re.compile(r"^\d(\.\d+)?E\+?1[5-9]$", re.IGNORECASE)


class Undecodable(ValueError):
    """Text that no office program writes."""


def decoded(data: bytes) -> str:
    """Return the text of UTF-8, UTF-16 (with or without its mark) or GBK bytes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    if data[:400].count(0) > len(data[:400]) // 4:
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Undecodable


def tables_of(data: bytes) -> Iterator[Table]:
    """Yield the tables of a text, a web page or a SpreadsheetML workbook, by what the bytes say."""
    text = decoded(data)
    start = text[:2000].lstrip().lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in start and "<html" not in start:
        yield from spreadsheetml(text)
    elif start.startswith("<"):
        yield from web_page(text)
    else:
        yield "", separated(text)


def cell(text: str) -> Any:
    """Return the cell, None where it is blank; a number of an ID number's size in scientific form has lost digits."""
    if not text.strip():
        return None
    return ("lost", text.strip()) if SCIENTIFIC.match(text.strip()) else text


def separated(text: str) -> list[Row]:
    csv.field_size_limit(LONGEST_CELL)
    head = text[:5000]
    mark = max("\t,;，", key=head.count)
    rows = csv.reader(io.StringIO(text.replace("\0", "")), delimiter=mark)
    found = ((number, [cell(value) for value in row]) for number, row in enumerate(rows, 1))
    try:
        return [(number, cells) for number, cells in found if any(value is not None for value in cells)]
    except csv.Error as fault:
        raise Undecodable from fault


class WebPage(html.parser.HTMLParser):
    """Collects the cells of the outermost tables, with cells that span filled in as Excel shows them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[Row]] = []
        self.depth = self.number = self.column = 0
        self.cells: dict[int, Any] = {}
        self.below: dict[int, tuple[int, Any]] = {}
        self.text: list[str] | None = None
        self.span = (1, 1)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.tables.append([])
                self.number, self.below = 0, {}
        elif self.depth == 1 and tag == "tr":
            self._end_row()
            self.number += 1
            self.cells = {column: value for column, (left, value) in self.below.items() if left}
            self.below = {column: (left - 1, value) for column, (left, value) in self.below.items() if left}
            self.column = 0
        elif self.depth == 1 and tag in {"td", "th"}:
            self._end_cell()
            given = dict(attributes)
            self.span = (_span(given.get("rowspan")), _span(given.get("colspan")))
            self.text = []
        elif tag == "br" and self.text is not None:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            if self.depth == 1:
                self._end_row()
            self.depth = max(self.depth - 1, 0)
        elif self.depth == 1 and tag in {"td", "th"}:
            self._end_cell()
        elif self.depth == 1 and tag == "tr":
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def _end_cell(self) -> None:
        if self.text is None:
            return
        value, (down, across) = cell("".join(self.text).strip()), self.span
        self.text = None
        while self.column in self.cells:
            self.column += 1
        self.cells[self.column] = value
        for column in range(self.column, self.column + across):
            if down > 1:
                self.below[column] = (down - 1, value if column == self.column else None)
        for column in range(self.column + 1, self.column + across):
            self.cells[column] = None
        self.column += across

    def _end_row(self) -> None:
        self._end_cell()
        if any(value is not None for value in self.cells.values()):
            width = max(self.cells) + 1
            self.tables[-1].append((self.number, [self.cells.get(column) for column in range(width)]))
        self.cells = {}


def _span(text: str | None) -> int:
    return min(int(text), MOST_SPANNED) if text and text.isascii() and text.isdigit() and len(text) < 6 else 1


def web_page(text: str) -> Iterator[Table]:
    page = WebPage()
    page.feed(text)
    page.close()
    for rows in page.tables:
        if rows:
            yield "", rows


def spreadsheetml(text: str) -> Iterator[Table]:
    """Read the XML that Excel 2003 and many systems write; a declaration of its own is refused."""
    book = SpreadsheetML()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = book.start, book.end
    parser.CharacterDataHandler = book.data
    parser.StartDoctypeDeclHandler = _refuse
    parser.Parse(re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode(), True)
    yield from book.tables


def _refuse(*_: Any) -> None:
    raise PermissionError("entities")


class SpreadsheetML:
    def __init__(self) -> None:
        self.tables: list[Table] = []
        self.number = self.column = self.across = 0
        self.cells: dict[int, Any] = {}
        self.text: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(" ")[2]
        given = {name.rpartition(" ")[2]: value for name, value in attributes.items()}
        if tag == "Worksheet":
            self.tables.append((given.get("Name", ""), []))
            self.number = 0
        elif tag == "Row":
            self.number = _index(given, self.number + 1, 1_048_576)
            self.column, self.cells = -1, {}
        elif tag == "Cell":
            self.column = _index(given, self.column + 2, 16_384) - 1
            self.across = _span(given.get("MergeAcross")) if "MergeAcross" in given else 0
        elif tag == "Data":
            self.text = []

    def data(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def end(self, tag: str) -> None:
        tag = tag.rpartition(" ")[2]
        if tag == "Data" and self.text is not None:
            text = "".join(self.text)
            self.cells[self.column] = cell(text.removesuffix("T00:00:00.000"))
            self.text = None
        elif tag == "Cell":
            self.column += self.across
        elif tag == "Row" and self.tables and any(value is not None for value in self.cells.values()):
            row = [self.cells.get(column) for column in range(max(self.cells) + 1)]
            self.tables[-1][1].append((self.number, row))


def _index(given: dict[str, str], following: int, most: int) -> int:
    text = given.get("Index", "")
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 9 else following
