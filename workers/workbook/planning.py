"""Plan an import: what a workbook would do to the database, or every fault that keeps it out."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path

from django.utils import timezone

from songshan_cw.words.regions import DIGITS
from songshan_cw.words.terms import RegionLevel
from workers.models import User
from workers.rules.dossier import KINDS
from workers.rules.identity import is_masked
from workers.selectors.numbers import current_numbers
from workers.workbook.cells import Context
from workers.workbook.checking import Checker
from workers.workbook.faults import Fault, Notice, Skipped
from workers.workbook.header import find_header
from workers.workbook.mending import Mended
from workers.workbook.merging import CREATED, UNCHANGED, UPDATED, Merger, Outcome, Writes
from workers.workbook.people import StoredPerson
from workers.workbook.places import Places
from workers.workbook.progress import Progress, silent
from workers.workbook.questions import Answers, Question
from workers.workbook.reading import Reading, read_workbook
from workers.workbook.rows import Sections, sections_of
from workers.workbook.scene import Scene
from workers.workbook.settle import hidden_rows_told, settle
from workers.workbook.sharing import KINDS as SHARED_KINDS
from workers.workbook.sharing import Shared
from workers.workbook.sheets import ROSTER, Sheet, all_sheets, known_sheet
from workers.workbook.sniffing import Limits
from workers.workbook.sources import Found, Source, find_sources
from workers.workbook.spooling import BUCKETS, Rows
from workers.workbook.stored import load_stored, namesakes
from workers.workbook.tables import Builder, Memos, Row, Table

MASKED_EXPORT = (
    "这是隐去号码的导出文件，不能导入：身份证号中间是星号，认不出是谁。"
    "请导出含完整号码的工作簿，改好再导入；没有这项权限的，请用空白模板填写，或请系统管理员授权。"
)

FORMER_NUMBER = "这是更正前的身份证号，已按更正后的号码认出这个人；请在名册里改用新号码。"
STREET_DIGITS = DIGITS[RegionLevel.STREET]
BATCH_ROWS = 10_000  # rows of all sheets planned together; a large workbook is planned batch by batch of its people


@dataclass(frozen=True, slots=True)
class Batch:
    """What the workbook does to some of its people; ``outcomes`` leaves unchanged rows out."""

    outcomes: list[Outcome]
    writes: Writes
    places: Places


Taker = Callable[[Batch], None]


@dataclass(slots=True)
class ImportPlan:
    """What a workbook does as a whole; ``tally``: sheet → created, updated, unchanged.

    With faults or open ``questions`` it does nothing. ``answered``: questions with the answers they were given.
    """

    reading: Reading
    rows: int = 0
    faults: tuple[Fault, ...] = ()
    notices: tuple[Notice, ...] = ()
    questions: tuple[Question, ...] = ()
    answered: tuple[tuple[Question, str], ...] = ()
    skipped: tuple[Skipped, ...] = ()
    sources: tuple[Source, ...] = ()
    tally: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def blocked(self) -> bool:
        return bool(self.faults or self.questions)

    def count(self, kind: str) -> int:
        return sum(counter[kind] for counter in self.tally.values())

    @property
    def created(self) -> int:
        return self.count(CREATED)

    @property
    def updated(self) -> int:
        return self.count(UPDATED)

    @property
    def unchanged(self) -> int:
        return self.count(UNCHANGED)


def open_workbook(path: str | Path, *, file_name: str = "", limits: Limits | None = None) -> Reading:
    """Read a personnel workbook so that it can be planned batch by batch of its people."""
    return read_workbook(path, file_name=file_name, limits=limits, by=_id_column)


def plan_import(
    reading: Reading,
    *,
    actor: User | None,
    at: datetime,
    writing: bool = False,
    take: Taker | None = None,
    progress: Progress = silent,
    answers: Mapping[str, str] | None = None,
    suggestions: bool = False,
    mended: Mended | None = None,
) -> ImportPlan:
    """Check everything and compare it with what is stored; write nothing. ``actor`` None is the operations command.

    ``answers``: question key → answer; ``suggestions`` takes every suggestion where no answer is given. ``mended``:
    cells corrected in the page.

    Give ``take`` every batch that changes something, as long as no fault was found. ``writing`` locks the people
    stored, so that the caller can write what was planned.
    """
    plan = ImportPlan(reading, faults=reading.faults)
    if not reading.faults:
        today = timezone.localtime(at).date()
        given = Answers(answers or {}, suggestions)
        planner = Planner(plan, actor=actor, today=today, writing=writing, answers=given, mended=mended or {})
        planner.plan(take, progress)
    return plan


def _id_column(name: str, head: Rows) -> int | None:
    header = find_header(known_sheet(name) or ROSTER, head)
    return header.fields.get("id_number") if header else None


class Planner:
    """Goes through the workbook once, batch by batch."""

    def __init__(
        self, plan: ImportPlan, *, actor: User | None, today: date, writing: bool, answers: Answers, mended: Mended
    ) -> None:
        self.result, self.actor, self.today, self.writing, self.answers = plan, actor, today, writing, answers
        self.mended = mended
        self.memos = Memos(Context(plan.reading.date1904, today))
        self.found: Found = find_sources(plan.reading, answers)
        self.faults, self.notices, self.skipped = self.found.faults, self.found.notices, self.found.skipped
        self.sources = self.found.sources
        self.notices += hidden_rows_told(self.sources)
        if masked := next((source for source in self.sources if _is_masked(source)), None):
            self.faults[:] = [Fault(masked.raw.name, 0, "", "", "numbers_masked", MASKED_EXPORT)]
            self.sources = []  # no row can be matched to a person, so there is nothing more to check
        self.places = Places()
        self.sections = {source.raw.name: self._sections(source) for source in self.sources}
        self.shared = [Shared(actor, kind) for kind in SHARED_KINDS]

    def _sections(self, source: Source) -> Sections:
        return sections_of(source.raw.sparse, source.header, self.places) if source.sheet is ROSTER else Sections()

    def plan(self, take: Taker | None, progress: Progress) -> None:
        in_order = all(source.plain for source in self.sources)
        batches = self.result.reading.batches(BATCH_ROWS) if in_order else [range(BUCKETS)]
        for number, buckets in enumerate(batches if self.sources else []):
            progress("正在检查和比对", number, len(batches))
            self._plan_batch(buckets, take, whole=len(batches) == 1)
        roster = next((source.raw.name for source in self.sources if source.sheet is ROSTER), None)
        if roster is not None:
            self.notices += [notice for shared in self.shared for notice in shared.notices(roster)]
        place = {raw.name: index for index, raw in enumerate(self.result.reading.sheets)}
        in_place = partial(_place, place)
        self.result.faults = tuple(sorted(dict.fromkeys(self.faults), key=in_place))
        self.result.notices = tuple(sorted(dict.fromkeys(self.notices), key=in_place))
        self.result.skipped = tuple(sorted(dict.fromkeys(self.skipped), key=in_place))
        self.result.questions = tuple(sorted(self.answers.unanswered(), key=in_place))
        self.result.answered = tuple(self.answers.answered())
        self.result.sources = tuple(self.sources)
        if self.result.blocked:
            self.result.tally.clear()

    def _plan_batch(self, buckets: Collection[int], take: Taker | None, *, whole: bool) -> None:
        tables = self._tables(buckets, whole=whole)
        own = self.actor.region_id or "" if self.actor and len(self.actor.region_id or "") == STREET_DIGITS else ""
        settle(
            Scene(
                tables,
                self.sources,
                self.answers,
                self.places,
                own,
                self.result.reading.file_name,
                self.memos.context,
                partial(namesakes, actor=self.actor),
            )
        )
        for table in tables.values():
            self.result.rows += len(table.rows)
            self.faults += table.faults
            self.notices += table.notices
            self.skipped += table.skipped
        if ROSTER.name not in tables:
            return
        renumbered = _take_current_numbers(tables)
        checker = Checker(tables, self._stored(tables), self.places, self.actor, self.today, self.answers)
        checker.check()
        for sheet, row in renumbered:
            if row.values["id_number"] in checker.people and row.values["id_number"] not in checker.foreign:
                checker.notice(sheet, row, "id_number", "former_number", FORMER_NUMBER)
        self.faults += checker.faults
        self.notices += checker.notices
        for shared in self.shared:
            shared.add(tables[ROSTER.name].rows, checker.stored)
        if not self.faults and not self.answers.open:
            self._merge(tables, checker, take)

    def _tables(self, buckets: Collection[int], *, whole: bool) -> dict[str, Table]:
        """Read the sources, those of one sheet into one table."""
        tables: dict[str, Table] = {}
        for source in self.sources:
            table = tables.setdefault(source.sheet.name, Table(source.sheet, source.raw.name))
            Builder(table, source, self.memos, self.answers, self.mended).build(
                buckets, self.sections[source.raw.name], whole=whole
            )
        return tables

    def _stored(self, tables: dict[str, Table]) -> dict[str, StoredPerson]:
        """What is stored of the people the tables name, as far as these sheets and the judge need it."""
        named = {row.values["id_number"] for table in tables.values() for row in table.rows} - {None}
        sheets = [table.sheet for table in tables.values() if table.sheet is not ROSTER and table.rows]
        sheets += [
            sheet for sheet in all_sheets() if sheet.name in KINDS and sheet is not ROSTER and sheet not in sheets
        ]
        return load_stored(named, sheets, lock=self.writing)

    def _merge(self, tables: dict[str, Table], checker: Checker, take: Taker | None) -> None:
        merger = _merged(tables, checker)
        for name, counted in merger.tally.items():
            self.result.tally[name] += counted
        if take is not None and merger.outcomes:
            take(Batch(merger.outcomes, merger.writes, self.places))


def _take_current_numbers(tables: dict[str, Table]) -> list[tuple[Sheet, Row]]:
    """Put the present ID number where a row has a corrected one (rules 9.8); return these rows."""
    rows = [(table.sheet, row) for table in tables.values() for row in table.rows]
    current = current_numbers({row.values["id_number"] for _, row in rows} - {None})
    found = [(sheet, row) for sheet, row in rows if row.values["id_number"] in current]
    for _, row in found:
        row.values["id_number"] = current[row.values["id_number"]]
    return found


def _merged(tables: dict[str, Table], checker: Checker) -> Merger:
    merger = Merger()
    for person in checker.people.values():
        if person.roster is not None:
            merger.merge_roster(person)
    for name, table in tables.items():
        if table.sheet is not ROSTER:
            for person in checker.people.values():
                for row in person.rows.get(name, ()):
                    merger.merge_fact(table.sheet, person, row)
    return merger


def _is_masked(source: Source) -> bool:
    """Whether the roster's first people all have the masked numbers of an export that is only to be read."""
    place = source.fields.get("id_number")
    if source.sheet is not ROSTER or place is None:
        return False
    rows = [cells for number, cells in source.raw.head if number > source.header.last_row and place < len(cells)]
    numbers = [cells[place] for cells in rows if cells[place] is not None]
    return bool(numbers) and all(isinstance(cell, str) and is_masked(cell.strip()) for cell in numbers)


def _place(sheets: dict[str, int], found: Fault | Notice | Skipped | Question) -> tuple[int, int]:
    return sheets.get(found.sheet, -1), found.row
