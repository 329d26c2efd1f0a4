"""A sheet's rows, cleaned column by column; every fault of a cell is kept with its place."""

from collections.abc import Collection, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from songshan_cw.words.terms import EDUCATION_RANK, Education
from workers.rules.bounds import ahead_fault, latest_day
from workers.workbook.cells import Clean, Context, Noted, blank_mark, squeezed
from workers.workbook.columns import Column
from workers.workbook.faults import CellFault, Fault, Notice, Skipped
from workers.workbook.lexicon import SECRETARY_AND_DIRECTOR, squeezed_word
from workers.workbook.mending import Mended, Place
from workers.workbook.questions import LEAVE_BLANK, Answers, Choice, Question, key_of
from workers.workbook.rows import RowJudge, Sections, shown
from workers.workbook.sheets import Sheet
from workers.workbook.sources import Source

NOTHING: Set[str] = frozenset()
MOST_KEPT = 20_000  # distinct cells remembered of one kind
SINCE = "任现职时间"
LONG_NUMBER = 8  # digits
BOTH_POSTS = "党组织书记（一肩挑）"


@dataclass(slots=True)
class Row:
    """One data row: its Excel row number, its values by field (None: left blank), and the fields not read.

    ``source``: the file's sheet; ``index``: its place among the table's rows. ``aside``: cells that say something about
    the person and are no column (sex, birth, state, section, struck). ``partial``: a row of a list of changes.
    """

    number: int
    values: dict[str, Any]
    unread: Set[str] = NOTHING
    source: str = ""
    index: int = 0
    aside: dict[str, Any] | None = None
    partial: bool = False


@dataclass(slots=True)
class Table:
    """The rows of all sources of one sheet; ``shown``: the cells as they stood, field by field."""

    sheet: Sheet
    name: str
    rows: list[Row] = field(default_factory=list)
    shown: dict[str, list[Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def cell(self, row: Row, name: str) -> Any:
        raws = self.shown.get(name)
        return raws[row.index] if raws and row.index < len(raws) else None


@dataclass(frozen=True, slots=True)
class _Bad:
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class _Unknown:
    """A word that only the clerk can explain; None as the answer: not yet."""

    word: str


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
            unknown = fault.code in {"unknown_value", "name_unclear"} and not holds_number(shown(raw))
            value = _Unknown(shown(raw)) if unknown else _Bad(fault.code, fault.message)
        if isinstance(value, _Bad | Noted | _Unknown):
            self.exceptional = True
        self[raw] = value
        return value

    def _check_range(self, value: Any) -> None:
        if self.latest and isinstance(value, date) and (fault := ahead_fault(value, self.latest)):
            raise CellFault("date_range", fault)


def holds_number(word: str) -> bool:
    """Whether a word holds a number of a person's own; such a cell is a slip, not a word to be explained."""
    return sum(char.isdigit() for char in word) >= LONG_NUMBER


class Memos:
    """What cells of the workbook came to, for columns of all sheets that are read in the same way."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._found: dict[tuple[Clean, date | None], _Memo] = {}

    def of(self, column: Column) -> _Memo:
        key = column.clean, _latest(column, self.context.today)
        memo = self._found.get(key)
        if memo is None or len(memo) > MOST_KEPT:
            memo = self._found[key] = _Memo(*key, self.context)
        return memo


def _latest(column: Column, today: date) -> date | None:
    return latest_day(today, column.ahead) if column.kind == "date" else None


@dataclass(slots=True)
class Builder:
    """Reads one source into its table."""

    table: Table
    source: Source
    memos: Memos
    answers: Answers
    mended: Mended

    def build(self, buckets: Collection[int], sections: Sections, *, whole: bool) -> None:
        """Add the source's rows of these buckets; ``whole``: they are all its rows, in order."""
        judge = RowJudge(self.source.raw.name, self.source.header, self.source.fields, sections)
        data = list(judge.people(self.source.raw.part(buckets)))
        if self.source.wanted:
            wanted = self.source.fields[self.source.wanted]
            data = [row for row in data if wanted < len(row[1]) and not _blank(row[1][wanted])]
        else:
            self.table.skipped += judge.skipped
        first = len(self.table.rows)
        rows = [
            Row(number, {}, NOTHING, self.source.raw.name, first + place, None, self.source.partial)
            for place, (number, _) in enumerate(data)
        ]
        cells = [row for _, row in data]
        self._asides(rows, cells, sections)
        names = [column.field for column in self.table.sheet.columns]
        columns = [self._column(column, rows, cells, first, whole) for column in self.table.sheet.columns]
        for row, values in zip(rows, zip(*columns, strict=True), strict=True):
            row.values = dict(zip(names, values, strict=True))
        self.table.rows += rows

    def _asides(self, rows: list[Row], cells: list[list[Any]], sections: Sections) -> None:
        helpers, struck = self.source.header.helpers, self.source.raw.struck
        if self.source.wanted or not (helpers or struck or sections.numbers):
            return
        for row, line in zip(rows, cells, strict=True):
            aside = {name: line[index] for name, index in helpers.items() if index < len(line)}
            aside["section"] = sections.left_at(row.number)
            aside["community"] = sections.community_at(row.number)
            aside["struck"] = row.number in struck
            if "since" in aside:
                aside["since"] = self.mended.get(Place(row.source, row.number, SINCE), aside["since"])
            row.aside = aside

    def _column(self, column: Column, rows: list[Row], cells: list[list[Any]], first: int, whole: bool) -> list[Any]:
        """One column's values, row by row; nothing but blanks where the sheet does not have it."""
        index = self.source.fields.get(column.field)
        if index is None:
            raws = [self.source.fixed.get(column.field)] * len(rows)
            if column.field not in self.source.fixed:
                return raws
        elif column.field in self.source.both:
            raws = [_higher(line, self.source.both[column.field], self.memos.of(column)) for line in cells]
        else:
            raws = [line[index] if index < len(line) else None for line in cells]
        if self.mended:
            raws = [
                self.mended.get(Place(row.source, row.number, column.header), raw)
                for row, raw in zip(rows, raws, strict=True)
            ]
        if whole and column.field == "community_id":
            raws = self._filled_down(raws, column)
        kept = self.table.shown.setdefault(column.field, [])
        kept += [None] * (first - len(kept)) + raws
        memo = self.memos.of(column)
        values = [memo[raw] for raw in raws]
        if memo.exceptional:
            self._settle(column, rows, raws, values)
        if column.required and None in values and not self.source.partial:
            self._require(column, rows, raws, values)
        return values

    def _filled_down(self, raws: list[Any], column: Column) -> list[Any]:
        """A community written once above its people counts for those below; single blanks stay blank."""
        blanks = raws.count(None)
        if not raws or raws[0] is None or blanks * 2 < len(raws):
            return raws
        filled, last = [], None
        for raw in raws:
            last = raw if raw is not None else last
            filled.append(last)
        message = f"“{column.header}”列有{blanks}行没有填写，按上面最近一行读取。"
        self.table.notices.append(Notice(self.source.raw.name, self.source.header.last_row, column.header, message))
        return filled

    def _settle(self, column: Column, rows: list[Row], raws: list[Any], values: list[Any]) -> None:
        """Turn unreadable cells into faults, unknown words into questions and doubtful ones into notices."""
        for index, value in enumerate(values):
            row = rows[index]
            if isinstance(value, _Bad):
                values[index] = None
                row.unread |= {column.field}
                fault = Fault(row.source, row.number, column.header, shown(raws[index]), value.code, value.message)
                self.table.faults.append(fault)
            elif isinstance(value, _Unknown):
                values[index] = self._asked(column, row, raws[index])
            elif isinstance(value, Noted):
                values[index] = value.value
                self.table.notices.append(Notice(row.source, row.number, column.header, value.message))

    def _asked(self, column: Column, row: Row, raw: Any) -> Any:
        """Return what the clerk says a word means; unread until then."""
        answer = self.answers.ask(value_question(column, row, shown(raw)))
        if answer is None or answer == LEAVE_BLANK:
            row.unread |= {column.field}
            return None
        if column.kind == "truth":
            return answer == "是"
        return SECRETARY_AND_DIRECTOR if answer == BOTH_POSTS else answer

    def _require(self, column: Column, rows: list[Row], raws: list[Any], values: list[Any]) -> None:
        for index, value in enumerate(values):
            row = rows[index]
            if value is not None or column.field in row.unread or self._is_asked_elsewhere(column, row):
                continue
            row.unread |= {column.field}
            message = f"“{column.header}”必须填写，这里是空的。"
            self.table.faults.append(
                Fault(row.source, row.number, column.header, shown(raws[index]), "required", message)
            )

    def _is_asked_elsewhere(self, column: Column, row: Row) -> bool:
        """A row without a number or a certificate's date is asked as a whole; the post follows from the position."""
        if self.source.wanted:
            return True
        if column.field == "community_id" and row.aside is not None and row.aside["community"]:
            return True
        derived = column.field == "post" and "position" in self.source.fields
        return self.table.sheet.order == 0 and (derived or column.field == "id_number")


def value_question(column: Column, row: Row, word: str) -> Question:
    """Ask what a word of a column means."""
    choices: list[Choice] = list(column.choices)
    if column.field == "position":
        choices.append(BOTH_POSTS)
    if choices and not column.required:
        choices.append(LEAVE_BLANK)
    suggested = None
    if not choices:
        suggested = _plain_name(word)
    if choices:
        message = f"“{column.header}”列的“{word[:30]}”是什么意思？"
    else:
        message = f"“{column.header}”列的“{word[:30]}”里有姓名以外的内容，这个人的姓名是什么？"
    key = key_of("value", column.header, squeezed_word(word))
    return Question(key, "value", row.source, row.number, column.header, (word,), tuple(choices), suggested, message)


def _plain_name(word: str) -> str | None:
    """Return a name without a remark in brackets about the person's sex."""
    text = squeezed_word(word)
    for remark in ("(女)", "(男)"):
        if text.endswith(remark):
            return text.removesuffix(remark)
    return None


def _blank(cell: Any) -> bool:
    try:
        return cell is None or blank_mark(squeezed(cell))
    except CellFault:
        return False


def _higher(line: list[Any], indexes: tuple[int, ...], memo: _Memo) -> Any:
    """Return the cell with the higher degree; an unknown word counts first, so that it is asked."""
    cells = [line[index] for index in indexes if index < len(line)]
    return max(cells, key=lambda cell: _rank(memo[cell]), default=None)


def _rank(value: Any) -> int:
    if value is None:
        return -1
    return EDUCATION_RANK[Education(value)] if isinstance(value, str) else 99
