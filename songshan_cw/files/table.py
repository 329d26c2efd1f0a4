"""One declaration of a table, from which a page is drawn and xlsx and csv are written.

A column says its head and which value of a row it holds; the three take both from here, so they cannot differ.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any, Generic, NamedTuple, TypeVar

from django.utils import timezone
from xlsxwriter import Workbook

from songshan_cw.files import figures
from songshan_cw.files.styles import FONT, ROW_HEIGHT, across, make_styles, on_a4, write_column_heads
from songshan_cw.files.text import harmless, width_of

R = TypeVar("R")
Cell = str | int | Decimal  # of a file
HEAD_ROW = 1  # below the title
NARROWEST, WIDEST = 8, 40
LONGEST_NAME = 31  # of a worksheet


class Form(NamedTuple):
    """How values are written for readers, and the class of their cells: ``k`` keeps one line, ``t`` does where there is
    room, ``n`` is a number at the right, ``p`` and ``w`` are text in several lines."""

    write: Callable[[Any], str]
    css: str = "k"


TEXT = Form(figures.text, "t")
WRAPPED = Form(figures.text, "p")
WIDE = Form(figures.text, "w")
WHOLE = Form(figures.whole, "n")
NUMBER = Form(figures.short, "n")
MONEY = Form(figures.money, "n")
FACTOR = Form(figures.factor, "n")
SIGNED = Form(figures.signed, "n")
DAY = Form(figures.day)
MOMENT = Form(figures.moment)
MONTH = Form(figures.month_zh)


@dataclass(frozen=True)
class Column(Generic[R]):
    """A head and the value of each row.

    ``value``: what files hold and pages write by ``form``; without it the column is for acting, on pages only.
    ``show``: what a page draws instead of the plain value, made of ``songshan_cw.site.parts``.
    ``link``: the address the page's cell leads to; ``head_link``: its head's. ``total``: whether values are summed.
    ``sort``: the key a page orders by. ``permission``: the right without which the column appears nowhere.
    ``names_row``: whether it heads the row for readers who do not see. ``unit``: in brackets behind the head.
    ``width``: on a formal sheet, in characters.
    """

    head: str
    value: Callable[[R], Any] | None = None
    form: Form = TEXT
    show: Callable[[R], str] | None = None
    link: Callable[[R], str] | None = None
    head_link: str = ""
    total: bool = False
    sort: str = ""
    permission: str = ""
    names_row: bool = False
    unit: str = ""
    width: float = 0

    @property
    def title(self) -> str:
        return f"{self.head}({self.unit})" if self.unit else self.head

    @property
    def css(self) -> str:
        return self.form.css if self.value else f"{self.form.css} sw-noprint"

    def written(self, row: R) -> str:
        """Write the value for readers."""
        return self.form.write(self.value(row) if self.value else None)

    def cell(self, row: R) -> Cell:
        """Return the value as a file holds it: dates as text, an empty text for nothing."""
        value = self.value(row) if self.value else None
        if isinstance(value, datetime):
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        if value is None or isinstance(value, date):
            return "" if value is None else str(value)
        return value if isinstance(value, int | Decimal) else str(value)


@dataclass(frozen=True)
class Table(Generic[R]):
    """``title`` names it. ``empty`` is said where there are no rows; ``row_class`` marks a row; ``css``: ``sw-dense``
    for many narrow columns, ``sw-narrow`` to break their heads; ``long``: whether it scrolls in a frame of its own."""

    title: str
    columns: Sequence[Column[R]]
    empty: str = "没有记录。"
    row_class: Callable[[R], str] | None = None
    css: str = ""
    long: bool = False

    def seen_by(self, may: Callable[[str], bool]) -> "Table[R]":
        """Return the table with the columns that a user with the rights ``may`` sees."""
        return self._only(lambda column: not column.permission or may(column.permission))

    def without(self, *heads: str) -> "Table[R]":
        return self._only(lambda column: column.head not in heads)

    def on_page(self, head: str, **look: Any) -> "Table[R]":
        """Return the table with a column that pages draw by another ``show`` or ``link``."""
        columns = (replace(column, **look) if column.head == head else column for column in self.columns)
        return replace(self, columns=tuple(columns))

    def _only(self, wanted: Callable[[Column[R]], bool]) -> "Table[R]":
        return replace(self, columns=tuple(column for column in self.columns if wanted(column)))

    @property
    def filed(self) -> list[Column[R]]:
        """The columns with values, which files hold."""
        return [column for column in self.columns if column.value]

    @property
    def heads(self) -> list[str]:
        """The heads of files."""
        return [column.title for column in self.filed]

    def lines(self, rows: Iterable[R]) -> list[list[Cell]]:
        """The cells of files."""
        return [[column.cell(row) for column in self.filed] for row in rows]


class Listed(NamedTuple):
    """A table with its rows, as a file takes it. ``name``: of the worksheet; ``title``: printed above."""

    table: Table[Any]
    rows: Iterable[Any]
    name: str
    title: str


def csv_of(one: Listed) -> bytes:
    """Write UTF-8 with a mark, so that spreadsheets read it, and without formulas."""
    target = StringIO()
    writer = csv.writer(target)
    writer.writerow(one.table.heads)
    writer.writerows([_plain(cell) for cell in line] for line in one.table.lines(one.rows))
    return target.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    return harmless(cell) if isinstance(cell, str) else cell


def xlsx_of(tables: Iterable[Listed]) -> bytes:
    """Build printable sheets with repeated heads."""
    target = BytesIO()
    with Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        styles = make_styles(book)
        figure = book.add_format(
            {"font_name": FONT, "font_size": 10, "border": 1, "align": "center", "valign": "vcenter"}
        )
        for table, rows, name, title in tables:
            sheet, lines = book.add_worksheet(name[:LONGEST_NAME]), table.lines(rows)
            on_a4(sheet, landscape=True, repeat_to=HEAD_ROW)
            sheet.set_row(0, ROW_HEIGHT)
            across(sheet, 0, (0, len(table.heads) - 1), title, styles.title)
            write_column_heads(
                sheet, styles, HEAD_ROW, list(zip(table.heads, _widths(table.heads, lines), strict=True))
            )
            for number, line in enumerate(lines, start=HEAD_ROW + 1):
                for column, cell in enumerate(line):
                    sheet.write(number, column, cell, styles.wrapped if isinstance(cell, str) else figure)
            sheet.freeze_panes(HEAD_ROW + 1, 0)
    return target.getvalue()


def _widths(heads: Sequence[str], lines: Sequence[Sequence[Cell]]) -> list[float]:
    """Fit columns to the longest content within the page. Heads may break into two lines."""
    longest = [
        max([width_of(head) // 2 + 1, *(width_of(str(line[place])) for line in lines)])
        for place, head in enumerate(heads)
    ]
    return [min(max(width + 2, NARROWEST), WIDEST) for width in longest]
