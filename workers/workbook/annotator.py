"""Mark faults in a copy of a workbook. Run as a script in a limited process."""

import json
import resource
import sys
from collections import defaultdict
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

FILL = PatternFill("solid", start_color="FFFFC7CE", end_color="FFFFC7CE")
AUTHOR = "人事工作簿检查"
LIST_HEADER = ("表", "行", "列", "现在的值", "问题和改法")
LIST_WIDTHS = (14, 8, 18, 26, 90)
MOST_COMMENTS = 20_000


def main() -> None:
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    task = json.load(sys.stdin)
    if task["source"]:
        book = openpyxl.load_workbook(task["source"], keep_links=False)
        mark(book, task["marks"])
    else:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
    list_faults(book, task["title"], task["faults"])
    book.save(task["target"])


def mark(book: Any, marks: list[list[Any]]) -> None:
    by_cell: dict[tuple[str, int, int], list[str]] = defaultdict(list)
    for sheet, row, column, message in marks[:MOST_COMMENTS]:
        by_cell[sheet, row, column].append(message)
    for (name, row, column), messages in by_cell.items():
        cell = whole_cell(book[name], row, column)
        cell.fill = FILL
        comment = Comment("\n".join(messages), AUTHOR)
        comment.width, comment.height = 320, 60 + 40 * len(messages)
        cell.comment = comment


def whole_cell(sheet: Any, row: int, column: int) -> Any:
    """Return the cell, or the merged cell it belongs to."""
    cell = sheet.cell(row, column)
    if not isinstance(cell, MergedCell):
        return cell
    area = next(area for area in sheet.merged_cells.ranges if cell.coordinate in area)
    return sheet.cell(area.min_row, area.min_col)


def list_faults(book: Any, title: str, faults: list[list[Any]]) -> None:
    if title in book.sheetnames:
        del book[title]
    sheet = book.create_sheet(title)
    sheet.append(LIST_HEADER)
    for row in faults:
        sheet.append([None] * len(row))
        for column, value in enumerate(row, 1):
            cell = sheet.cell(sheet.max_row, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
                cell.quotePrefix = True
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in zip("ABCDE", LIST_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
        sheet[f"{letter}1"].font = Font(bold=True)
    sheet.freeze_panes = "A2"


if __name__ == "__main__":
    main()
