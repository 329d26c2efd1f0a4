"""A table as a page draws it, by the template ``pages/table.html``."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.paginator import Page as Sheet

from songshan_cw.files.table import Column, Table
from songshan_cw.site.parts import link
from songshan_cw.words.money import total as money_total

TOTAL = "合计"


class Head(NamedTuple):
    """``order``: ``ascending`` or ``descending`` where the rows are ordered by it; ``href`` orders them by it."""

    title: str
    css: str
    href: str = ""
    order: str = ""

    @property
    def mark(self) -> str:
        return {"ascending": "▲", "descending": "▼"}.get(self.order, "")


class DrawnCell(NamedTuple):
    content: str
    css: str
    names_row: bool = False


class DrawnRow(NamedTuple):
    """``record``: the row that was drawn; None for sums."""

    record: Any
    cells: list[DrawnCell]
    css: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """``page``: the sheet of rows for the pager, whose links carry ``parameter``, ``query`` and ``anchor``."""

    declared: Table[Any]
    heads: list[Head]
    rows: list[DrawnRow]
    foot: list[DrawnRow]
    page: Sheet | None
    parameter: str
    query: str
    anchor: str

    @property
    def count(self) -> int:
        """How many rows there are on all sheets."""
        return self.page.paginator.count if self.page else len(self.rows)


def drawn(
    table: Table[Any],
    rows: Iterable[Any],
    *,
    foot: Sequence[Any] = (),
    totals: Mapping[str, Any] | None = None,
    ordering: tuple[str, Callable[[str], str]] | None = None,
    parameter: str = "page",
    query: str = "",
    anchor: str = "",
) -> Drawn:
    """Draw rows, or a sheet of them with its pager.

    ``foot``: rows of sums. ``totals``: sums by head; by default columns with ``total`` are summed over the rows.
    ``ordering``: the order in use, a column's ``sort`` with ``-`` before it for falling, and the address of another.
    """
    shown = list(rows)
    body = [_row(table, row, table.row_class(row) if table.row_class else "") for row in shown]
    feet = [_row(table, row, "total") for row in foot]
    if totals is not None or (shown and any(column.total for column in table.columns)):
        feet.append(_totals(table, _sums(table, shown) if totals is None else totals))
    page = rows if isinstance(rows, Sheet) else None
    heads = [_head(column, ordering) for column in table.columns]
    return Drawn(table, heads, body, feet, page, parameter, query, anchor)


def _head(column: Column[Any], ordering: tuple[str, Callable[[str], str]] | None) -> Head:
    if not column.sort or ordering is None:
        return Head(column.title, column.css, column.head_link)
    order, address = ordering
    falling = order == f"-{column.sort}"
    direction = "ascending" if order == column.sort else "descending" if falling else ""
    turned = f"-{column.sort}" if order == column.sort else column.sort
    return Head(column.title, column.css, address(turned), direction)


def _row(table: Table[Any], row: Any, css: str) -> DrawnRow:
    cells = [DrawnCell(_content(column, row), column.css, column.names_row) for column in table.columns]
    return DrawnRow(row, cells, css)


def _content(column: Column[Any], row: Any) -> str:
    content = column.show(row) if column.show else column.written(row)
    address = column.link(row) if column.link else ""
    return link(content, address) if address else content


def _sums(table: Table[Any], rows: Sequence[Any]) -> dict[str, Any]:
    return {column.head: _sum(map(column.value, rows)) for column in table.columns if column.total and column.value}


def _sum(values: Iterable[Any]) -> Any:
    found = [value for value in values if value is not None]
    return money_total(found) if any(isinstance(value, Decimal) for value in found) else sum(found)


def _totals(table: Table[Any], sums: Mapping[str, Any]) -> DrawnRow:
    first, *others = table.columns
    cells = [DrawnCell(_total(one, sums[one.head]) if one.head in sums else "", one.css) for one in others]
    return DrawnRow(None, [DrawnCell(sums.get(first.head, TOTAL), first.css, names_row=True), *cells], "total")


def _total(column: Column[Any], value: Any) -> str:
    return value if isinstance(value, str) else column.form.write(value)
