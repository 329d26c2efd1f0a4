"""Decide which column of a sheet is which field, asking where two columns or an unknown head leave it open."""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from workers.rules.identity import fault_of
from workers.workbook.cells import Context, squeezed
from workers.workbook.columns import Column
from workers.workbook.faults import CellFault, Fault, Notice
from workers.workbook.header import Head, Header, perhaps_meant
from workers.workbook.lexicon import bare, spellings
from workers.workbook.questions import HIGHER, NOT_READ, Answers, Choice, Question, key_of
from workers.workbook.reading import RawSheet
from workers.workbook.sheets import ROSTER

if TYPE_CHECKING:
    from workers.workbook.sources import Found, Source

UPDATABLE = frozenset({"phone", "ethnicity", "political_status", "bank_name", "bank_account", "note"})
FOLLOWING_FROM_POSITION = frozenset({"post", "category"})
ASKED_BY_ROW = frozenset({"street", "community_id"})
SAMPLES = 8
MOST_HEAD_ROWS = 5
PLACE_NAMES = {
    "community_id": re.compile(r"(社区|居委会|居委)$"),
    "street": re.compile(r"(街道|镇|乡|苏木|办事处)$"),
}
PERSONAL = re.compile(r"^[\u3400-\u9fff·]{2,6}$")
ALIKE = 0.7
SAMPLE_DAY = Context(False, date(2100, 1, 1))


def samples(raw: RawSheet, header: Header, index: int) -> list[Any]:
    """Return the first values of a column below the head."""
    cells = [row[index] for number, row in raw.head if number > header.last_row and index < len(row)]
    return [cell for cell in cells if cell is not None]


def written(cells: list[Any]) -> tuple[str, ...]:
    """Return distinct sample values as text, numbers of a person's own left out."""
    texts = dict.fromkeys(str(cell[1] if isinstance(cell, tuple) else cell)[:30] for cell in cells)
    return tuple(text for text in texts if sum(map(str.isdigit, text)) < 10)[:SAMPLES]


def with_numbers(header: Header, raw: RawSheet, notices: list[Notice]) -> Header:
    """Find the column of ID numbers by its values, where no head names it."""
    if "id_number" in header.fields:
        return header
    for head in header.unknown:
        cells = samples(raw, header, head.index)
        if cells and all(_is_number(cell) for cell in cells[:SAMPLES]):
            fields = header.fields | {"id_number": head.index}
            unknown = tuple(other for other in header.unknown if other is not head)
            message = f"第{head.index + 1}列“{head.text}”里都是身份证号，按“身份证号”列读取。"
            notices.append(Notice(raw.name, header.last_row, head.text, message))
            return replace(header, fields=fields, found=header.found | {"id_number": (head.index,)}, unknown=unknown)
    return header


def rows_above_numbers(raw: RawSheet) -> list[tuple[int, str]]:
    """Return the rows before the first ID number that may be a head, each with its text; none without a number."""
    rows: list[tuple[int, str]] = []
    for number, cells in raw.head:
        if any(isinstance(cell, str) and _is_number(cell) for cell in cells):
            return rows
        texts = [cell for cell in cells if isinstance(cell, str)]
        if len(texts) > 1:
            rows = [*rows, (number, "、".join(texts)[:60])][-MOST_HEAD_ROWS:]
    return []


def _is_number(cell: Any) -> bool:
    try:
        return not fault_of(squeezed(cell).upper())
    except CellFault:
        return False


def resolved(source: "Source", answers: Answers, found: "Found", *, other: Collection[int] = ()) -> None:
    """Choose the column of each field. A missing one is a fault, or is derived from other columns.

    ``other``: columns that are read as another sheet.
    """
    source.header = _with_headless(source.raw, source.header)
    for field in source.header.found:
        _choose(source, field, answers, found)
    unknown = [head for head in source.header.unknown if head.index not in other]
    for column in (*_missing(source), *_places(source)):
        unknown = _look_for(source, column, unknown, answers)
    if source.sheet is ROSTER:
        _ask_update_only(source, answers)
    if not source.partial:
        missing = [column for column in _missing(source) if column.field not in source.asked]
        found.faults += [_missing_fault(source, column) for column in missing]
    for head in unknown:
        if head.index not in source.fields.values():
            message = f"“{head.text[:30]}”列不在人事工作簿中，未读取。"
            found.notices.append(Notice(source.raw.name, source.header.last_row, head.text, message))


def _with_headless(raw: RawSheet, header: Header) -> Header:
    """Give a headless column of degrees the head on its left, which was merged over both."""
    more = dict(header.found)
    for index in header.found.get("education", ()):
        right = header.head(index + 1)
        cells = samples(raw, header, index + 1)
        if not right.text and cells and readable(ROSTER.column("education"), cells):
            more["education"] = (*more["education"], index + 1)
    return replace(header, found=more)


def readable(column: Column, cells: list[Any]) -> bool:
    """Return whether there are values and the column can read all of them."""
    try:
        return bool(cells) and all(column.clean(cell, SAMPLE_DAY) is not None for cell in cells[: SAMPLES * 4])
    except CellFault:
        return False


def _choose(source: "Source", field: str, answers: Answers, found: "Found") -> None:
    """Choose among possible columns: the workbook's own name, else the only one with values, else ask."""
    header, column = source.header, _column(source, field)
    indexes = header.found[field]
    exact = [index for index in header.exact.get(field, ()) if header.head(index).text]
    filled = [index for index in indexes if samples(source.raw, header, index)] or [indexes[0]]
    merged = any(not header.head(index).text for index in indexes)
    if len(indexes) == 1:
        source.fields[field] = indexes[0]
    elif len(exact) == 1 and not merged:
        source.fields[field] = exact[0]
    elif len(filled) == 1:
        source.fields[field] = filled[0]
    else:
        _which(source, column, tuple(filled), answers)
        return
    for index in indexes:
        if index != source.fields[field]:
            head, read = header.head(index), header.head(source.fields[field])
            message = f"“{column.header}”读的是{read.letter}列“{read.text}”，同义的{head.letter}列“{head.text}”未读取。"
            found.notices.append(Notice(source.raw.name, header.last_row, head.text, message))


def _column(source: "Source", field: str) -> Column:
    return next(column for column in source.sheet.columns if column.field == field)


def _which(source: "Source", column: Column, indexes: tuple[int, ...], answers: Answers) -> None:
    """Ask which of several columns counts. For degrees a choice is the higher one of each person."""
    header = source.header
    labels: list[Choice] = []
    for index in indexes:
        head = header.head(index)
        examples = "、".join(written(samples(source.raw, header, index))[:3])
        labels.append((head.letter, f"{head.letter}列“{head.whole or '（无列名）'}”，如{examples}"))
    if column.field == "education":
        labels.append((HIGHER, "每个人取两列中较高的学历"))
    labels.append((NOT_READ, "都不导入"))
    question = Question(
        key_of("column", column.header, *(header.head(index).letter for index in indexes)),
        "column",
        source.raw.name,
        header.last_row,
        header.head(indexes[0]).text or column.header,
        written([cell for index in indexes for cell in samples(source.raw, header, index)[:3]]),
        tuple(labels),
        None,
        f"有{len(indexes)}列都像是“{column.header}”，以哪一列为准？",
    )
    answer = answers.ask(question)
    by_letter = {header.head(index).letter: index for index in indexes}
    if answer == HIGHER:
        source.both[column.field] = indexes
        source.fields[column.field] = indexes[0]
    elif answer in by_letter:
        source.fields[column.field] = by_letter[answer]
    elif answer is None:
        source.asked.add(column.field)


def _missing(source: "Source") -> list[Column]:
    """Return the required columns the sheet lacks, except those derived or asked by row."""
    wanted = [column for column in source.sheet.columns if column.required and column.field not in source.fields]
    if source.sheet is not ROSTER:
        return wanted
    derived = ASKED_BY_ROW | (FOLLOWING_FROM_POSITION if "position" in source.fields else frozenset())
    return [column for column in wanted if column.field not in derived]


def _places(source: "Source") -> list[Column]:
    """Find the columns of street and community, and ask row by row where there are none."""
    if source.sheet is not ROSTER:
        return []
    return [column for column in ROSTER.columns if column.field in ASKED_BY_ROW and column.field not in source.fields]


def _look_for(source: "Source", column: Column, unknown: list[Head], answers: Answers) -> list[Head]:
    """Ask about heads that may mean a column that is missing: by their words, else by the values below them."""
    having = [head for head in unknown if samples(source.raw, source.header, head.index)]
    alike = [head for head in having if perhaps_meant(head) == column.header]
    if len(alike) > 1 and column.field == "education":
        _which(source, column, tuple(head.index for head in alike), answers)
        return [head for head in unknown if head not in alike]
    alike = alike or [head for head in having if _near(head, column)]
    alike = alike or [head for head in having if _bears_out(column, samples(source.raw, source.header, head.index))]
    for head in alike:
        if column.field in source.fields or column.field in source.asked:
            break
        _ask_column(source, column, head, answers)
    return unknown


def _bears_out(column: Column, cells: list[Any]) -> bool:
    """Return whether the values below a head can only be this column's."""
    if column.field == "name":
        return _like_names(cells)
    if column.field in PLACE_NAMES:
        return bool(cells) and all(isinstance(cell, str) and PLACE_NAMES[column.field].search(cell) for cell in cells)
    return (bool(column.choices) or column.kind == "date") and readable(column, cells)


def _like_names(cells: list[Any]) -> bool:
    """Return whether these may be people's names: short, Chinese, and seldom repeated."""
    texts = [cell for cell in cells if isinstance(cell, str) and PERSONAL.match(cell)]
    return 0 < len(texts) == len(cells) and len(set(texts)) * 2 > len(texts)


def _near(head: Head, column: Column) -> bool:
    name = bare(head.name)
    return len(name) > 1 and any(
        SequenceMatcher(None, name, other).ratio() >= ALIKE for other in spellings(column.header)
    )


def _ask_column(source: "Source", column: Column, head: Head, answers: Answers) -> None:
    """Ask what a head means. The column is suggested where its values bear it out."""
    cells = samples(source.raw, source.header, head.index)
    question = Question(
        key_of("column", head.whole or head.name),
        "column",
        source.raw.name,
        source.header.last_row,
        head.text,
        written(cells),
        (*(other.header for other in source.sheet.columns), NOT_READ),
        column.header if _bears_out(column, cells) else None,
        f"第{head.index + 1}列“{head.text}”像是“{column.header}”。这一列是什么？",
    )
    answer = answers.ask(question)
    if answer is None:
        source.asked.add(column.field)
    elif answer != NOT_READ:
        meant = next(other for other in source.sheet.columns if other.header == answer)
        source.fields.setdefault(meant.field, head.index)


def _missing_fault(source: "Source", column: Column) -> Fault:
    row = source.header.last_row
    message = f"缺少必需的列“{column.header}”。请在第{row}行表头补上这一列。"
    return Fault(source.raw.name, row, column.header, "", "column_missing", message)


def _ask_update_only(source: "Source", answers: Answers) -> None:
    """A sheet of ID numbers and telephone numbers alone updates people already stored, if the clerk says so."""
    given = set(source.fields) - {"name", "id_number"} - ASKED_BY_ROW
    if source.asked or not given or not given <= UPDATABLE:
        return
    what = "、".join(column.header for column in ROSTER.columns if column.field in given)
    question = Question(
        key_of("update_only", source.raw.title or source.raw.name),
        "update_only",
        source.raw.name,
        source.header.last_row,
        "",
        (what,),
        ("是", "否"),
        "是",
        f"“{source.raw.name}”只有{what}，没有职务、学历等列。只用它更新已登记人员的{what}吗？",
    )
    source.partial = answers.ask(question) != "否"
