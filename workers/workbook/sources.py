"""Decide which sheets of a file are read as which sheets of the workbook, asking where the file leaves it open."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from workers.workbook import heads
from workers.workbook.faults import Fault, Notice, Skipped
from workers.workbook.header import Header, find_header, header_at
from workers.workbook.lexicon import mentions, pay_heads
from workers.workbook.other_columns import of_people, other_sheets, with_since
from workers.workbook.questions import LEAVE, TAKE, Answers, Question, key_of
from workers.workbook.reading import RawSheet, Reading
from workers.workbook.sheets import ROSTER, Sheet, all_sheets, known_sheet

FAULT_LIST = "问题清单"
PAY_HEADS = 2
SHEET_MISSING = (
    "没有找到人员名单：要有一张表，表头里有“姓名”和“身份证号”两列（在前60行内）。请补上表头，或用本系统下载的模板填写。"
)
PAY_SHEET = "“{}”是工资表，不是花名册，没有读取。旧工资表请用“核对工资表”（import_paid）核对；这里请导入人员名单。"


@dataclass(slots=True)
class Source:
    """A sheet of the file, or a block of its columns, read as a sheet of the workbook.

    ``fields``: field → column index. ``fixed``: values for every row. ``both``: fields whose highest value of several
    columns counts. ``asked``: fields whose column is an open question. ``wanted``: a row without this field says
    nothing (columns of a roster read as another sheet). ``partial``: a list of changes, for people already stored.
    """

    sheet: Sheet
    raw: RawSheet
    header: Header
    fields: dict[str, int]
    fixed: dict[str, Any] = field(default_factory=dict)
    both: dict[str, tuple[int, ...]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    wanted: str = ""
    partial: bool = False

    @property
    def plain(self) -> bool:
        """Whether its rows can be read in any order: the workbook's own sheet with every required column."""
        own = known_sheet(self.raw.title) is self.sheet and not self.both and not self.fixed and not self.wanted
        return own and all(column.field in self.fields for column in self.sheet.columns if column.required)


@dataclass(slots=True)
class Found:
    """What the sheets of a file came to."""

    sources: list[Source] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    rosters: list[tuple[RawSheet, Header]] = field(default_factory=list)
    lists: list[tuple[RawSheet, Header]] = field(default_factory=list)
    pay: list[RawSheet] = field(default_factory=list)


def find_sources(reading: Reading, answers: Answers) -> Found:
    """Go over the sheets of the file once."""
    found = Found()
    for raw in reading.sheets:
        sheet = known_sheet(raw.title)
        if raw.title == FAULT_LIST:
            continue
        if sheet is None or sheet is ROSTER:
            _find_people(found, sheet, raw, answers)
        elif raw.head and _shown(raw, "", answers):
            _add_facts(found, sheet, raw, answers)
    _add_rosters(found, answers)
    _tell_pay_sheets(found)
    if not any(source.sheet is ROSTER for source in found.sources) and not found.faults and not answers.open:
        found.faults.append(Fault(ROSTER.name, 0, "", "", "sheet_missing", SHEET_MISSING))
    order = [sheet.name for sheet in all_sheets()]
    found.sources.sort(key=lambda source: order.index(source.sheet.name))
    return found


def _find_people(found: Found, sheet: Sheet | None, raw: RawSheet, answers: Answers) -> None:
    """Note a sheet that lists people, or one that pays them."""
    header = find_header(ROSTER, raw.head)
    if header is None and (rows := heads.rows_above_numbers(raw)):
        row = answers.ask(_head_row_question(raw, rows))
        if row is None:
            return
        header = header_at(ROSTER, raw.head, int(row))
    header = heads.with_numbers(header, raw, found.notices) if header is not None else None
    if header is not None and _is_pay_sheet(header):
        found.pay.append(raw)
    elif header is not None and _names_people(header, sheet):
        found.rosters.append((raw, header))
    elif header is not None and {"name", "phone"} <= set(header.fields):
        found.lists.append((raw, header))
    elif sheet is ROSTER:
        found.faults.append(_no_head(raw, ROSTER))
    elif raw.head:
        _pass_over(found, raw, "不是人事工作簿的表，未读取。")


def _head_row_question(raw: RawSheet, rows: list[tuple[int, str]]) -> Question:
    return Question(
        key_of("head_row", raw.title or raw.name),
        "head_row",
        raw.name,
        rows[-1][0],
        "",
        tuple(text for _, text in rows),
        tuple((str(number), f"第{number}行：{text}") for number, text in rows),
        str(rows[-1][0]),
        f"“{raw.name}”表里有身份证号，但没有认得的列名。哪一行是表头？",
    )


def _names_people(header: Header, sheet: Sheet | None) -> bool:
    return sheet is ROSTER or "id_number" in header.fields


def _is_pay_sheet(header: Header) -> bool:
    return pay_heads(header.names) >= PAY_HEADS and not {"education", "hired_on"} <= set(header.fields)


def _add_facts(found: Found, sheet: Sheet, raw: RawSheet, answers: Answers) -> None:
    header = find_header(sheet, raw.head)
    if header is None:
        found.faults.append(_no_head(raw, sheet))
        return
    before = next((source.raw for source in found.sources if source.sheet is sheet), None)
    if before is not None and before.file == raw.file:
        message = f"“{sheet.name}”表有两张（“{before.name}”和“{raw.name}”），不知道以哪张为准。请只留一张。"
        found.faults.append(Fault(raw.name, 0, "", raw.name, "sheet_repeated", message))
        return
    source = Source(sheet, raw, header, {})
    heads.resolved(source, answers, found)
    found.sources.append(source)


def _no_head(raw: RawSheet, sheet: Sheet) -> Fault:
    wanted = "、".join(column.header for column in sheet.columns if column.required)
    message = f"“{raw.name}”表没有找到表头。请在一行里写出列名：{wanted}。"
    return Fault(raw.name, 1, "", "", "header_missing", message)


def _pass_over(found: Found, raw: RawSheet, reason: str) -> None:
    if raw.visible:
        found.notices.append(Notice(raw.name, 0, "", f"“{raw.name[:31]}”{reason}"))
        found.skipped.append(Skipped(raw.name, 0, _first_text(raw), reason.rstrip("。")))


def _first_text(raw: RawSheet) -> str:
    return next((str(cell)[:60] for _, cells in raw.head for cell in cells if isinstance(cell, str)), "")


def _shown(raw: RawSheet, other: str, answers: Answers, *, another: bool = False) -> bool:
    """Whether a sheet is read: a hidden one, or one whose name says it holds others, only where a clerk says so."""
    if raw.visible and not other:
        return True
    why = "是隐藏的工作表" if not raw.visible else f"从名称看是“{other}”的名单"
    question = Question(
        key_of("sheet", raw.title or raw.name),
        "sheet",
        raw.name,
        0,
        "",
        (raw.name,),
        (TAKE, LEAVE),
        "leave" if another else None,
        f"“{raw.name}”{why}。要把这张表里的人作为社区工作者导入吗？",
    )
    return answers.ask(question) == "take"


def _add_rosters(found: Found, answers: Answers) -> None:
    """Every visible sheet of people is part of the roster; names with telephones alone, where there is no roster."""
    rosters = found.rosters or found.lists
    for raw, _ in found.lists if found.rosters else ():
        _pass_over(found, raw, "没有身份证号列，未读取。")
    said = {raw.name: mentions("others", raw.title) for raw, _ in rosters}
    sure = [raw for raw, _ in rosters if raw.visible and not said[raw.name]]
    for raw, header in rosters:
        if not _shown(raw, said[raw.name], answers, another=bool(sure)):
            if f"sheet:{raw.title or raw.name}" not in answers.open:
                found.skipped.append(Skipped(raw.name, 0, raw.name, "按回答不导入这张表"))
            continue
        for block in _blocks(header):
            source = Source(ROSTER, raw, with_since(block), {})
            parts = other_sheets(source)
            heads.resolved(source, answers, found, other={index for part in parts for index in part.fields.values()})
            found.sources += [source, *(of_people(part, source) for part in parts)]


def _blocks(header: Header) -> Iterator[Header]:
    """Split a head that names people twice, side by side, into one head for each."""
    names, numbers = header.found.get("name", ()), header.found.get("id_number", ())
    if len(names) < 2 or len(names) != len(numbers):
        yield header
        return
    first = next(head for head in header.heads if head.name)
    starts = [head.index for head in header.heads if head.name == first.name]
    if len(starts) != len(names):
        starts = [min(pair) for pair in zip(names, numbers, strict=True)]
    for start, end in zip(starts, [*starts[1:], len(header.heads)], strict=True):
        yield _part(header, range(start, end))


def _part(header: Header, columns: range) -> Header:
    def within(groups: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
        kept = {name: tuple(index for index in indexes if index in columns) for name, indexes in groups.items()}
        return {name: indexes for name, indexes in kept.items() if indexes}

    found = within(header.found)
    unknown = tuple(head for head in header.unknown if head.index in columns)
    helpers = {name: index for name, index in header.helpers.items() if index in columns}
    fields = {name: indexes[0] for name, indexes in found.items()}
    return replace(header, fields=fields, found=found, exact=within(header.exact), unknown=unknown, helpers=helpers)


def _tell_pay_sheets(found: Found) -> None:
    has_roster = any(source.sheet is ROSTER for source in found.sources)
    for raw in found.pay:
        message = PAY_SHEET.format(raw.name[:31])
        if has_roster:
            found.notices.append(Notice(raw.name, 0, "", message))
            found.skipped.append(Skipped(raw.name, 0, _first_text(raw), "工资表"))
        else:
            found.faults.append(Fault(raw.name, 0, "", raw.name, "pay_sheet", message))
