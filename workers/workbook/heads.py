"""Decide which column of a sheet is which field, asking where two columns or an unknown head leave it open."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from workers.rules.identity import fault_of
from workers.workbook.cells import Context, squeezed
from workers.workbook.columns import Column
from workers.workbook.faults import CellFault, Fault, Notice
from workers.workbook.header import Head, Header, perhaps_meant, year_of
from workers.workbook.lexicon import bare, spellings
from workers.workbook.questions import HIGHER, NOT_READ, Answers, Choice, Question, key_of
from workers.workbook.reading import RawSheet
from workers.workbook.sheets import ASSIGNMENTS, ROSTER, Sheet, all_sheets

if TYPE_CHECKING:
    from workers.workbook.sources import Found, Source

UPDATABLE = frozenset({"phone", "ethnicity", "political_status", "bank_name", "bank_account", "note"})
GRADING = frozenset({"position", "education", "hired_on", "community_id", "street", "category", "post"})
SAMPLES = 8
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
    """Find the column of ID numbers by what stands in it, where no head says so."""
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


def _is_number(cell: Any) -> bool:
    try:
        return not fault_of(squeezed(cell).upper())
    except CellFault:
        return False


def resolved(source: "Source", answers: Answers, found: "Found") -> "Source":
    """Fill in which column each field is read from; what stays missing is a fault or is derived from other columns."""
    header = _with_since(_with_headless(source.raw, source.header))
    source.header = header
    for field in header.found:
        _choose(source, field, answers, found)
    unknown = list(header.unknown)
    for column in _missing(source):
        unknown = _look_for(source, column, unknown, answers)
    _ask_update_only(source, answers)
    if not source.partial:
        found.faults += [_missing_fault(source, column) for column in _missing(source) if not _asked(source, column)]
    taken = {index for _, index in _other_columns(source)}
    for head in unknown:
        if head.index not in taken and head.index not in source.fields.values():
            message = f"“{head.text[:30]}”列不在人事工作簿中，未读取。"
            found.notices.append(Notice(source.raw.name, header.last_row, head.text, message))
    return source


def _with_headless(raw: RawSheet, header: Header) -> Header:
    """A column of degrees without a head, right of one with it, belongs to it: the head was merged over both."""
    more = dict(header.found)
    for index in header.found.get("education", ()):
        right = header.head(index + 1)
        cells = samples(raw, header, index + 1)
        if not right.text and cells and _readable(ROSTER.column("education"), cells):
            more["education"] = (*more["education"], index + 1)
    return replace(header, found=more)


def _with_since(header: Header) -> Header:
    """Note the column of the present appointment's date, which a roster has beside its own columns."""
    head = _one(list(header.unknown), ASSIGNMENTS, "start")
    if head is None:
        return header
    unknown = tuple(other for other in header.unknown if other is not head)
    return replace(header, unknown=unknown, helpers=header.helpers | {"since": head.index})


def _readable(column: Column, cells: list[Any]) -> bool:
    try:
        return all(column.clean(cell, SAMPLE_DAY) is not None for cell in cells[: SAMPLES * 4])
    except CellFault:
        return False


def _choose(source: "Source", field: str, answers: Answers, found: "Found") -> None:
    """One column is taken; of several, the workbook's own word, else the only one with values, else it is asked."""
    header, column = source.header, next(column for column in ROSTER.columns if column.field == field)
    indexes = header.found[field]
    exact = [index for index in header.exact.get(field, ()) if header.head(index).text]
    filled = [index for index in indexes if samples(source.raw, header, index)] or [indexes[0]]
    if len(indexes) == 1:
        source.fields[field] = indexes[0]
    elif len(exact) == 1 and (field != "education" or not _merged_over(header, indexes)):
        source.fields[field] = exact[0]
    elif len(filled) == 1:
        source.fields[field] = filled[0]
    else:
        _which(source, column, tuple(filled), answers)
        return
    for index in indexes:
        if index != source.fields[field]:
            head = header.head(index)
            read = header.head(source.fields[field])
            message = f"“{column.header}”读的是{read.letter}列“{read.text}”，同义的{head.letter}列“{head.text}”未读取。"
            found.notices.append(Notice(source.raw.name, header.last_row, head.text, message))


def _merged_over(header: Header, indexes: tuple[int, ...]) -> bool:
    return any(not header.head(index).text for index in indexes)


def _which(source: "Source", column: Column, indexes: tuple[int, ...], answers: Answers) -> None:
    """Ask which of several columns counts; of degrees, the higher of each person can."""
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
        key_of("column", column.header, "".join(header.head(index).letter for index in indexes)),
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
        source.fixed[f"?{column.field}"] = True


def _missing(source: "Source") -> list[Column]:
    wanted = [column for column in ROSTER.columns if column.required and column.field not in source.fields]
    if "position" in source.fields:
        wanted = [column for column in wanted if column.field not in {"post", "category"}]
    return [column for column in wanted if column.field not in {"street", "community_id"}]


def _asked(source: "Source", column: Column) -> bool:
    return f"?{column.field}" in source.fixed


def _look_for(source: "Source", column: Column, unknown: list[Head], answers: Answers) -> list[Head]:
    """Ask about heads that may mean a column that is missing."""
    alike = [head for head in unknown if perhaps_meant(head) == column.header]
    alike = [head for head in alike if samples(source.raw, source.header, head.index)]
    if len(alike) > 1 and column.field == "education":
        _which(source, column, tuple(head.index for head in alike), answers)
        return [head for head in unknown if head not in alike]
    alike = alike or [head for head in unknown if _near(head, column)]
    for head in alike:
        if column.field in source.fields or _asked(source, column):
            break
        _ask_column(source, column, head, answers)
    return unknown


def _near(head: Head, column: Column) -> bool:
    name = bare(head.name)
    return len(name) > 1 and any(
        SequenceMatcher(None, name, other).ratio() >= ALIKE for other in spellings(column.header)
    )


def _ask_column(source: "Source", column: Column, head: Head, answers: Answers) -> None:
    cells = samples(source.raw, source.header, head.index)
    evidence = bool(cells) and column.kind != "text" and _readable(column, cells)
    question = Question(
        key_of("column", head.whole or head.name),
        "column",
        source.raw.name,
        source.header.last_row,
        head.text,
        written(cells),
        (*(other.header for other in ROSTER.columns), NOT_READ),
        column.header if evidence or (column.field not in GRADING and cells and _readable(column, cells)) else None,
        f"第{head.index + 1}列“{head.text}”像是“{column.header}”。这一列是什么？",
    )
    answer = answers.ask(question)
    if answer is None:
        source.fixed[f"?{column.field}"] = True
    elif answer != NOT_READ:
        meant = next(other for other in ROSTER.columns if other.header == answer)
        source.fields.setdefault(meant.field, head.index)


def _missing_fault(source: "Source", column: Column) -> Fault:
    row = source.header.last_row
    message = f"缺少必需的列“{column.header}”。请在第{row}行表头补上这一列。"
    return Fault(source.raw.name, row, column.header, "", "column_missing", message)


def _ask_update_only(source: "Source", answers: Answers) -> None:
    """A sheet of ID numbers and telephone numbers alone updates people already stored, if the clerk says so."""
    given = set(source.fields) - {"name", "id_number"}
    if given & GRADING or any(key.startswith("?") for key in source.fixed) or not given <= UPDATABLE or not given:
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
    answer = answers.ask(question)
    source.partial = answer != "否"


def _other_columns(source: "Source") -> list[tuple[str, int]]:
    """Columns of a roster that belong to other sheets: certificate, assessment, appointment."""
    return [
        (f"{part.sheet.name}.{field}", index)
        for part in other_sheets(source, None)
        for field, index in part.fields.items()
    ]


def other_sheets(source: "Source", found: "Found | None") -> list["Source"]:
    """Return the columns of a roster that are rows of other sheets, as sources of those sheets."""
    person = (
        {"person_name": source.fields["name"], "id_number": source.fields["id_number"]}
        if {
            "name",
            "id_number",
        }
        <= set(source.fields)
        else None
    )
    if person is None:
        return []
    return [replace(part, fields=person | part.fields) for part in _parts(source)]


def _parts(source: "Source") -> Iterator["Source"]:
    sheets = {sheet.name: sheet for sheet in all_sheets()}
    heads = [head for head in source.header.unknown if head.index not in source.fields.values()]
    level = _one(heads, sheets["职业资格"], "level")
    if level is not None:
        fields = {"level": level.index}
        approved = _one([head for head in heads if head.index > level.index], sheets["职业资格"], "approved_on")
        if approved is not None:
            fields["approved_on"] = approved.index
        yield replace(source, sheet=sheets["职业资格"], fields=fields, fixed={}, both={}, wanted="level")
    for head in heads:
        if "年度考核" in sheets and (year := year_of(head)) and _means(head, sheets["年度考核"], "result"):
            fixed = {"year": str(year)}
            yield replace(
                source, sheet=sheets["年度考核"], fields={"result": head.index}, fixed=fixed, both={}, wanted="result"
            )


def _one(heads: list[Head], sheet: Sheet, field: str) -> Head | None:
    return next((head for head in heads if _means(head, sheet, field)), None)


def _means(head: Head, sheet: Sheet, field: str) -> bool:
    known = spellings(sheet.column(field).header)
    names = {head.name, bare(head.name), head.whole}
    names |= {"".join(char for char in name if not char.isdigit()).removesuffix("年") for name in names}
    return bool(names & set(known))
