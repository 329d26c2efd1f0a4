"""Mark faults in a copy of a workbook. Run as a script in a limited process.

The clerk's package stays as it was, formulas with their values, links, pictures and comments: only the styles of the
marked cells, comments on them and a sheet that lists the faults are added to its parts.
"""

import io
import json
import resource
import sys
from bisect import bisect_right
from collections import defaultdict
from pathlib import Path
from typing import Any

import xlsxwriter

sys.path.append(str(Path(__file__).resolve().parents[2]))

from workers.workbook.package_edits import (
    RELATIONS,
    Edit,
    Element,
    Package,
    appended,
    applied,
    elements,
    prefixed,
    text_of,
    with_attribute,
)

AUTHOR = "人事工作簿检查"
LIST_HEADER = ("表", "行", "列", "现在的值", "问题和改法")
LIST_WIDTHS = (14, 8, 18, 26, 90)
MOST_COMMENTS = 20_000
FILL = '<fill><patternFill patternType="solid"><fgColor rgb="FFFFC7CE"/><bgColor rgb="FFFFC7CE"/></patternFill></fill>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml."
AFTER_COMMENTS = {
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
}  # fmt: skip
WRAPPED = (
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf>'
)
PANE = '<pane ySplit="1" topLeftCell="A2" state="frozen"/>'
SHAPE_TYPE = '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"/>'
SHAPE = (
    '<v:shape id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;width:240pt;height:90pt;visibility:hidden"'
    ' fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><x:ClientData ObjectType="Note">'
    "<x:MoveWithCells/>"
    "<x:SizeWithCells/><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData>"
    "</v:shape>"
)
DRAWING = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"></xml>'
)
Marks = dict[tuple[int, int], list[str]]


def main() -> None:
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    task = json.load(sys.stdin)
    data = Path(task["source"]).read_bytes() if task["source"] else empty_book(task["title"])
    package = Package(data)
    marks: dict[str, Marks] = defaultdict(lambda: defaultdict(list))
    for sheet, row, column, message in task["marks"][:MOST_COMMENTS]:
        marks[sheet][row, column - 1].append(message)
    for sheet, found in marks.items():
        SheetMarks(package, package.sheets[sheet]).mark(found)
    list_faults(package, task["title"], task["faults"])
    Path(task["target"]).write_bytes(package.saved())


def empty_book(title: str) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet(title)
    return out.getvalue()


class Styles:
    """Adds styles to the workbook's: those of marked cells, coloured."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.part = package.related(package.book, "styles") or "xl/styles.xml"
        self.coloured: dict[int, int] = {}

    def new(self, content: str, group: str) -> int:
        """Append an element to a group, and return its index."""
        parent = next(one for one in elements(self.package.parts[self.part]) if one.plain == group)
        return self.add(prefixed(content, parent.prefix).encode(), group)

    def add(self, content: bytes, group: str) -> int:
        data = self.package.parts[self.part]
        found = elements(data)
        parent = next(one for one in found if one.plain == group)
        count = sum(one.parent is parent for one in found)
        self.package.parts[self.part] = applied(data, appended(data, parent, content, count + 1))
        return count

    def with_fill(self, style: int, fill: int) -> int:
        """Return the index of a copy of the style with another fill."""
        if style not in self.coloured:
            data = self.package.parts[self.part]
            found = elements(data)
            parent = next(one for one in found if one.plain == "cellXfs")
            own = [one for one in found if one.parent is parent]
            element = own[style if style < len(own) else 0]
            tag = with_attribute(data[element.start : element.inside], "fillId", str(fill))
            tag = with_attribute(tag, "applyFill", "1")
            self.coloured[style] = self.add(tag + data[element.inside : element.after], "cellXfs")
        return self.coloured[style]


class SheetMarks:
    """Colours and comments cells of one sheet."""

    def __init__(self, package: Package, part: str) -> None:
        self.package, self.part = package, part

    def mark(self, marks: Marks) -> None:
        data = self.package.parts[self.part]
        found = elements(data)
        marks = self._whole_cells(found, marks)
        styles = Styles(self.package)
        fill = styles.new(FILL, "fills")
        self.package.parts[self.part] = applied(data, list(self._colours(data, found, marks, styles, fill)))
        self._comment(marks)

    @staticmethod
    def _whole_cells(found: list[Element], marks: Marks) -> Marks:
        """Move marks within a merged area to its first cell, the only one Excel shows."""
        areas = [corners(one.attributes["ref"]) for one in found if one.plain == "mergeCell"]
        moved: Marks = defaultdict(list)
        for (row, column), messages in marks.items():
            inside = (a for a in areas if a[0] <= row <= a[2] and a[1] <= column <= a[3])
            top, left, *_ = next(inside, (row, column))
            moved[top, left] += messages
        return moved

    def _colours(self, data: bytes, found: list[Element], marks: Marks, styles: Styles, fill: int) -> list[Edit]:
        wanted: dict[int, dict[int, list[str]]] = defaultdict(dict)
        for (row, column), messages in marks.items():
            wanted[row][column] = messages
        sheet_data = next(one for one in found if one.plain == "sheetData")
        rows = [one for one in found if one.parent is sheet_data]
        if any("r" not in one.attributes for one in rows):
            raise ValueError("rows without numbers")  # the list of faults alone is given out then
        numbers = {int(one.attributes["r"]): one for one in rows if one.attributes.get("r", "").isdigit()}
        cells: dict[Element, list[Element]] = defaultdict(list)
        for one in found:
            if one.plain == "c" and one.parent is not None:
                cells[one.parent].append(one)
        edits: list[Edit] = []
        lines: dict[int, bytes] = {}
        for number, columns in sorted(wanted.items()):
            row = numbers.get(number)
            if row is None:
                style = styles.with_fill(0, fill)
                made = "".join(new_cell(sheet_data.prefix, number, column, style) for column in sorted(columns))
                lines[number] = f'<{sheet_data.prefix}row r="{number}">{made}</{sheet_data.prefix}row>'.encode()
            else:
                edits += self._row_edits(data, row, cells[row], number, sorted(columns), styles, fill)
        ordered = sorted(numbers)
        for number, line in lines.items():
            place = bisect_right(ordered, number)
            if place < len(ordered):
                start = numbers[ordered[place]].start
                edits.append((start, start, line))
        last = b"".join(line for number, line in lines.items() if number > max(numbers, default=0))
        return edits + (appended(data, sheet_data, last) if last else [])

    @staticmethod
    def _row_edits(
        data: bytes, row: Element, cells: list[Element], number: int, columns: list[int], styles: Styles, fill: int
    ) -> list[Edit]:
        by_column = {corners(one.attributes["r"])[1]: one for one in cells if "r" in one.attributes}
        edits: list[Edit] = []
        new = b""
        for column in columns:
            cell = by_column.get(column)
            if cell is not None:
                style = cell.attributes.get("s", "0")
                coloured = styles.with_fill(int(style) if style.isdigit() else 0, fill)
                tag = with_attribute(data[cell.start : cell.inside], "s", str(coloured))
                edits.append((cell.start, cell.inside, tag))
                continue
            made = new_cell(row.prefix, number, column, styles.with_fill(0, fill)).encode()
            after = next((one for key, one in sorted(by_column.items()) if key > column), None)
            if after is None:
                new += made
            else:
                edits.insert(0, (after.start, after.start, made))
        return edits + (appended(data, row, new) if new else [])

    def _comment(self, marks: Marks) -> None:
        part = self.package.related(self.part, "comments")
        if part is None:
            empty = (
                f'<?xml version="1.0" encoding="UTF-8"?><comments xmlns="{MAIN}"><authors/><commentList/></comments>'
            )
            part = self.package.new_part("xl/comments{}.xml", empty, TYPES + "comments+xml")
            self.package.relate(self.part, "comments", part)
        data = self.package.parts[part]
        found = elements(data)
        author = sum(one.plain == "author" for one in found)
        prefix = found[0].prefix
        texts = {one.parent.attributes["ref"]: one for one in found if one.plain == "text" and one.parent is not None}
        edits: list[Edit] = []
        new = ""
        fresh = []
        for (row, column), messages in sorted(marks.items()):
            reference = reference_of(row, column)
            run = (
                f'<{prefix}r><{prefix}t xml:space="preserve">{text_of(chr(10).join(messages))}</{prefix}t></{prefix}r>'
            )
            if reference in texts:
                edits += appended(data, texts[reference], run.replace('preserve">', 'preserve">\n').encode())
            else:
                fresh.append((row, column))
                text = f"<{prefix}text>{run}</{prefix}text>"
                new += f'<{prefix}comment ref="{reference}" authorId="{author}">{text}</{prefix}comment>'
        authors = next(one for one in found if one.plain == "authors")
        listed = next(one for one in found if one.plain == "commentList")
        edits += appended(data, authors, f"<{prefix}author>{AUTHOR}</{prefix}author>".encode())
        edits += appended(data, listed, new.encode())
        self.package.parts[part] = applied(data, edits)
        self._draw(fresh)

    def _draw(self, cells: list[tuple[int, int]]) -> None:
        """Draw the boxes of new comments, without which Excel shows none."""
        part = self.package.related(self.part, "vmlDrawing")
        if part is None:
            content_type = "application/vnd.openxmlformats-officedocument.vmlDrawing"
            part = self.package.new_part("xl/drawings/vmlDrawingCheck{}.vml", DRAWING, content_type)
            self._refer(self.package.relate(self.part, "vmlDrawing", part))
        data = self.package.parts[part]
        shapes = "" if b'id="_x0000_t202"' in data else SHAPE_TYPE
        shapes += "".join(
            SHAPE.format(id=900_000 + number, row=row - 1, column=column) for number, (row, column) in enumerate(cells)
        )
        place = data.rfind(b"</xml>")
        self.package.parts[part] = data[:place] + shapes.encode() + data[place:]

    def _refer(self, key: str) -> None:
        """Refer from the sheet to its drawing of comments, in the place the format wants."""
        data = self.package.parts[self.part]
        found = elements(data)
        line = f'<{found[0].prefix}legacyDrawing xmlns:r="{RELATIONS}" r:id="{key}"/>'.encode()
        later = next((one for one in found if one.parent is found[0] and one.plain in AFTER_COMMENTS), None)
        place = later.start if later is not None else found[0].end
        self.package.parts[self.part] = applied(data, [(place, place, line)])


def list_faults(package: Package, title: str, faults: list[list[Any]]) -> None:
    """Write the sheet that lists the faults, in place of an earlier one."""
    styles = Styles(package)
    bold = styles.new('<font><b/><sz val="11"/><name val="Calibri"/></font>', "fonts")
    head = styles.new(f'<xf numFmtId="0" fontId="{bold}" fillId="0" borderId="0" xfId="0" applyFont="1"/>', "cellXfs")
    wrapped = styles.new(WRAPPED, "cellXfs")
    lines = [line(1, LIST_HEADER, head), *(line(number, row, wrapped) for number, row in enumerate(faults, 2))]
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(LIST_WIDTHS, 1)
    )
    sheet = (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetViews>'
        f'<sheetView workbookViewId="0">{PANE}</sheetView></sheetViews><cols>{widths}</cols>'
        f"<sheetData>{''.join(lines)}</sheetData></worksheet>"
    )
    if title in package.sheets:
        package.parts[package.sheets[title]] = sheet.encode()
        return
    part = package.new_part("xl/worksheets/sheetCheck{}.xml", sheet, TYPES + "worksheet+xml")
    key = package.relate(package.book, "worksheet", part)
    used = [one.attributes.get("sheetId", "0") for one in elements(package.parts[package.book]) if one.plain == "sheet"]
    number = max(map(int, used), default=0) + 1
    sheet_line = f'<sheet xmlns:r="{RELATIONS}" name="{title}" sheetId="{number}" r:id="{key}"/>'
    package.append(package.book, "sheets", sheet_line)


def line(number: int, values: Any, style: int) -> str:
    cells = []
    for column, value in enumerate(values):
        reference = reference_of(number, column)
        if isinstance(value, int):
            cells.append(f'<c r="{reference}" s="{style}"><v>{value}</v></c>')
        elif value:
            text = text_of(str(value))
            cells.append(
                f'<c r="{reference}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
            )
    return f'<row r="{number}">{"".join(cells)}</row>'


def new_cell(prefix: str, row: int, column: int, style: int) -> str:
    return f'<{prefix}c r="{reference_of(row, column)}" s="{style}"/>'


def reference_of(row: int, column: int) -> str:
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def corners(reference: str) -> tuple[int, int, int, int]:
    """``B5:C7`` → rows and columns of both corners, columns from 0."""
    first, _, last = reference.replace("$", "").partition(":")
    return (*cell_of(first), *cell_of(last or first))


def cell_of(reference: str) -> tuple[int, int]:
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :] or 0), column - 1


if __name__ == "__main__":
    main()
