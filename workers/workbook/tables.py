"""A sheet's rows, cleaned column by column; every fault of a cell is kept with its place."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workers.rules.dossier import ahead_fault, latest_day
from workers.workbook.cells import Clean, Context, Noted
from workers.workbook.columns import Column
from workers.workbook.faults import CellFault, Fault, Notice
from workers.workbook.header import Header, normal
from workers.workbook.reading import RawSheet
from workers.workbook.sheets import Sheet
from workers.workbook.spooling import Rows

FOOTER = re.compile(
    r"^(合计|总计|小计|共计|总人数|制表|填表|填报|编制|审核|复核|审批|负责人|单位负责人|经办|联系人|单位盖章|备注:|说明:|注:|填写说明)"
)
EXAMPLE = "示例"
NOTHING: Set[str] = frozenset()
ID_DIGITS = 10
MOST_KEPT = 20_000  # distinct cells remembered of one kind


@dataclass(slots=True)
class Row:
    """One data row: its Excel row number, its values by field (None: left blank), and the cells as they stood."""

    number: int
    values: dict[str, Any]
    unread: Set[str] = NOTHING


@dataclass(slots=True)
class Table:
    sheet: Sheet
    name: str
    header: Header
    rows: list[Row]
    shown: dict[str, list[Any]]
    faults: list[Fault] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Bad:
    code: str
    message: str


class _Memo(dict[Any, Any]):
    """Cleans each distinct cell once."""

    def __init__(self, clean: Clean, latest: date | None, context: Context) -> None:
        super().__init__()
        self.clean, self.latest, self.context = clean, latest, context
        self.exceptional = False

    def __missing__(self, raw: Any) -> Any:
        try:
            value = self.clean(raw, self.context)
            self._check_range(value.value if isinstance(value, Noted) else value)
        except CellFault as fault:
            value = _Bad(fault.code, fault.message)
        if isinstance(value, _Bad | Noted):
            self.exceptional = True
        self[raw] = value
        return value

    def _check_range(self, value: Any) -> None:
        if self.latest and isinstance(value, date) and (fault := ahead_fault(value, self.latest)):
            raise CellFault("date_range", fault)


class Memos:
    """What cells of the workbook came to, for columns of all sheets that are read in the same way."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._found: dict[tuple[Clean, date | None], _Memo] = {}

    def of(self, column: Column) -> _Memo:
        key = column.clean, _latest(column, self._context.today)
        memo = self._found.get(key)
        if memo is None or len(memo) > MOST_KEPT:
            memo = self._found[key] = _Memo(*key, self._context)
        return memo


def _latest(column: Column, today: date) -> date | None:
    return latest_day(today, column.ahead) if column.kind == "date" else None


def build_table(sheet: Sheet, raw: RawSheet, buckets: Collection[int], header: Header, memos: Memos) -> Table:
    """Clean every column of some of the sheet's data rows."""
    data = list(_data_rows(raw.part(buckets), header))
    table = Table(sheet, raw.name, header, [Row(number, {}) for number, _ in data], {})
    rows = [cells for _, cells in data]
    columns = [_cleaned(table, column, header.fields.get(column.field), rows, memos) for column in sheet.columns]
    names = [column.field for column in sheet.columns]
    for row, values in zip(table.rows, zip(*columns, strict=True), strict=True):
        row.values = dict(zip(names, values, strict=True))
    return table


def _cleaned(table: Table, column: Column, index: int | None, rows: list[list[Any]], memos: Memos) -> list[Any]:
    """One column's values, row by row; nothing but blanks where the sheet does not have it."""
    if index is None:
        return [None] * len(rows)
    raws = [cells[index] if index < len(cells) else None for cells in rows]
    memo = memos.of(column)
    values = [memo[raw] for raw in raws]
    table.shown[column.field] = raws
    if memo.exceptional:
        _settle(table, column, raws, values)
    if column.required and None in values:
        _require(table, column, raws, values)
    return values


def _settle(table: Table, column: Column, raws: list[Any], values: list[Any]) -> None:
    """Turn unreadable cells into faults and doubtful ones into notices."""
    for index, value in enumerate(values):
        row = table.rows[index]
        if isinstance(value, _Bad):
            values[index] = None
            row.unread |= {column.field}
            table.faults.append(
                Fault(table.name, row.number, column.header, shown(raws[index]), value.code, value.message)
            )
        elif isinstance(value, Noted):
            values[index] = value.value
            table.notices.append(Notice(table.name, row.number, column.header, value.message))


def _require(table: Table, column: Column, raws: list[Any], values: list[Any]) -> None:
    for index, value in enumerate(values):
        row = table.rows[index]
        if value is None and column.field not in row.unread:
            row.unread |= {column.field}
            message = f"“{column.header}”必须填写，这里是空的。"
            table.faults.append(Fault(table.name, row.number, column.header, shown(raws[index]), "required", message))


def report_header(sheet: Sheet, name: str, header: Header, faults: list[Fault], notices: list[Notice]) -> None:
    for column in sheet.columns:
        if column.required and column.field not in header.fields:
            message = f"缺少必需的列“{column.header}”。请在第{header.last_row}行表头补上这一列。"
            faults.append(Fault(name, header.last_row, column.header, "", "column_missing", message))
        if column.field in header.repeated:
            message = f"“{column.header}”列出现了不止一次，不知道以哪一列为准。请只留一列。"
            faults.append(Fault(name, header.last_row, column.header, column.header, "column_repeated", message))
    for written in header.unknown:
        notices.append(Notice(name, header.last_row, written, f"“{written[:30]}”列不在人事工作簿中，未读取。"))


def _data_rows(rows: Rows, header: Header) -> Iterator[tuple[int, list[Any]]]:
    """What lies below the header without blank, footer, example and repeated header rows."""
    known = sorted(header.fields.values())
    id_index = header.fields.get("id_number", -1)
    name_index = header.fields.get("name" if header.fields.get("person_name") is None else "person_name", -1)
    for number, cells in rows:
        if number <= header.last_row:
            continue
        width = len(cells)
        id_cell = cells[id_index] if 0 <= id_index < width else None
        if not _looks_like_id(id_cell) and (
            _is_blank(cells, known) or _is_footer(cells) or _repeats_header(cells, header)
        ):
            continue
        name = cells[name_index] if 0 <= name_index < width else None
        if isinstance(name, str) and name.startswith(EXAMPLE):
            continue
        yield number, cells


def _looks_like_id(cell: Any) -> bool:
    if isinstance(cell, str) and cell[:ID_DIGITS].isdigit():
        return len(cell) >= ID_DIGITS
    return cell is not None and sum(c.isdigit() for c in shown(cell)) >= ID_DIGITS


def _is_blank(cells: list[Any], known: list[int]) -> bool:
    return all(index >= len(cells) or cells[index] is None for index in known)


def _is_footer(cells: list[Any]) -> bool:
    first = next((cell for cell in cells if isinstance(cell, str) and not cell.strip().isdigit()), "")
    return bool(FOOTER.match("".join(unicodedata.normalize("NFKC", first).split())))


def _repeats_header(cells: list[Any], header: Header) -> bool:
    given = [(index, normal(cell)) for index, cell in enumerate(cells) if cell is not None]
    return all(index < len(header.names) and header.names[index] == name for index, name in given)


def shown(raw: Any) -> str:
    """The cell as the clerk sees it, shortened."""
    if raw is None:
        return ""
    if isinstance(raw, tuple):
        raw = raw[1]
    if isinstance(raw, float):
        raw = str(int(raw)) if raw == raw and abs(raw) < 1e18 and raw == int(raw) else repr(raw)
    return "".join(c for c in str(raw)[:60] if c.isprintable())
