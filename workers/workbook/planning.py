"""Plan an import: what a workbook would do to the database, or every fault that keeps it out."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path

from django.utils import timezone

from workers.models import User
from workers.rules.identity import is_masked
from workers.workbook.accounts import SharedAccounts
from workers.workbook.cells import Context
from workers.workbook.checking import Checker
from workers.workbook.faults import Fault, Notice
from workers.workbook.header import Header, find_header
from workers.workbook.merging import CREATED, UNCHANGED, UPDATED, Merger, Outcome, Writes
from workers.workbook.people import StoredPerson
from workers.workbook.places import Places
from workers.workbook.progress import Progress, silent
from workers.workbook.reading import RawSheet, Reading, read_workbook
from workers.workbook.sheets import ASSIGNMENTS, DEGREES, EXITS, ROSTER, Sheet, all_sheets
from workers.workbook.sniffing import Limits
from workers.workbook.spooling import Rows
from workers.workbook.stored import load_stored
from workers.workbook.tables import Memos, Table, build_table, report_header

SHEET_NOISE = re.compile(r"\(.*?\)|[\s\d.、_:：\-]+")
FAULT_LIST = "问题清单"
MASKED_EXPORT = (
    "这是隐去号码的导出文件，不能导入：身份证号中间是星号，认不出是谁。"
    "请导出含完整号码的工作簿，改好再导入；没有这项权限的，请用空白模板填写，或请系统管理员授权。"
)

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
    """What a workbook does as a whole; ``tally``: sheet → created, updated, unchanged. With faults it does nothing."""

    reading: Reading
    rows: int = 0
    faults: tuple[Fault, ...] = ()
    notices: tuple[Notice, ...] = ()
    tally: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

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
) -> ImportPlan:
    """Check everything and compare it with what is stored; write nothing. ``actor`` None is the operations command.

    Give ``take`` every batch that changes something, as long as no fault was found. ``writing`` locks the people
    stored, so that the caller can write what was planned.
    """
    plan = ImportPlan(reading, faults=reading.faults)
    if not reading.faults:
        today = timezone.localtime(at).date()
        Planner(plan, actor=actor, today=today, writing=writing).plan(take, progress)
    return plan


def _id_column(name: str, head: Rows) -> int | None:
    sheet = known_sheet(name)
    header = find_header(sheet, head) if sheet else None
    return header.fields.get("id_number") if header else None


class Planner:
    """Goes through the workbook once, batch by batch."""

    def __init__(self, plan: ImportPlan, *, actor: User | None, today: date, writing: bool) -> None:
        self.result, self.actor, self.today, self.writing = plan, actor, today, writing
        self.memos = Memos(Context(plan.reading.date1904, today))
        self.faults: list[Fault] = []
        self.notices: list[Notice] = []
        self.sheets = _known(plan.reading, self.faults, self.notices)
        self.headers = dict(_headers(self.sheets, self.faults))
        if self._numbers_are_masked():
            self.faults.append(Fault(self.sheets[ROSTER].name, 0, "", "", "numbers_masked", MASKED_EXPORT))
            self.headers.clear()  # no row can be matched to a person, so there is nothing more to check
        self.places = Places()
        self.accounts = SharedAccounts(actor)

    def plan(self, take: Taker | None, progress: Progress) -> None:
        for sheet, header in self.headers.items():
            report_header(sheet, self.sheets[sheet].name, header, self.faults, self.notices)
        batches = self.result.reading.batches(BATCH_ROWS) if self.headers else []
        for number, buckets in enumerate(batches):
            progress("正在检查和比对", number, len(batches))
            self._plan_batch(buckets, take)
        if ROSTER in self.headers:
            self.notices += self.accounts.notices(self.sheets[ROSTER].name)
        place = {raw.name: index for index, raw in enumerate(self.result.reading.sheets)}
        in_place = partial(_place, place)
        self.result.faults = tuple(sorted(self.faults, key=in_place))
        self.result.notices = tuple(sorted(self.notices, key=in_place))
        if self.faults:
            self.result.tally.clear()

    def _numbers_are_masked(self) -> bool:
        """Whether the roster's first people all have the masked numbers of an export that is only to be read."""
        header = self.headers.get(ROSTER)
        if header is None or "id_number" not in header.fields:
            return False
        place = header.fields["id_number"]
        found = [
            cells[place] for row, cells in self.sheets[ROSTER].head if row > header.last_row and place < len(cells)
        ]
        numbers = [cell for cell in found if cell is not None]
        return bool(numbers) and all(isinstance(cell, str) and is_masked(cell.strip()) for cell in numbers)

    def _plan_batch(self, buckets: Collection[int], take: Taker | None) -> None:
        tables = {
            sheet.name: build_table(sheet, self.sheets[sheet], buckets, header, self.memos)
            for sheet, header in self.headers.items()
        }
        for table in tables.values():
            self.result.rows += len(table.rows)
            self.faults += table.faults
            self.notices += table.notices
        if ROSTER.name not in tables:
            return
        checker = Checker(tables, self._stored(tables), self.places, self.actor, self.today)
        checker.check()
        self.faults += checker.faults
        self.notices += checker.notices
        self.accounts.add(tables[ROSTER.name].rows)
        if not self.faults:
            self._merge(tables, checker, take)

    def _stored(self, tables: dict[str, Table]) -> dict[str, StoredPerson]:
        """What is stored of the people the tables name, as far as these sheets and their checks need it."""
        named = {row.values["id_number"] for table in tables.values() for row in table.rows} - {None}
        sheets = [table.sheet for table in tables.values() if table.sheet is not ROSTER and table.rows]
        sheets += [sheet for sheet in (ASSIGNMENTS, DEGREES, EXITS) if sheet not in sheets]
        return load_stored(named, sheets, lock=self.writing)

    def _merge(self, tables: dict[str, Table], checker: Checker, take: Taker | None) -> None:
        merger = _merged(tables, checker)
        for name, counted in merger.tally.items():
            self.result.tally[name] += counted
        if take is not None and merger.outcomes:
            take(Batch(merger.outcomes, merger.writes, self.places))


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


def _known(reading: Reading, faults: list[Fault], notices: list[Notice]) -> dict[Sheet, RawSheet]:
    """The sheets of the workbook in its order, each with the one of the file that means it."""
    found: dict[Sheet, RawSheet] = {}
    for raw in reading.sheets:
        sheet = known_sheet(raw.name)
        if sheet is None:
            if raw.visible and raw.head and raw.name != FAULT_LIST:
                notices.append(Notice(raw.name, 0, "", f"“{raw.name[:31]}”不是人事工作簿的表，未读取。"))
        elif sheet in found:
            message = f"“{sheet.name}”表有两张（“{found[sheet].name}”和“{raw.name}”），不知道以哪张为准。请只留一张。"
            faults.append(Fault(raw.name, 0, "", raw.name, "sheet_repeated", message))
        else:
            found[sheet] = raw
    if ROSTER not in found:
        message = "缺少“花名册”表。请用本系统下载的模板填写，或把人员名单所在的表改名为“花名册”。"
        faults.append(Fault(ROSTER.name, 0, "", "", "sheet_missing", message))
    return {sheet: found[sheet] for sheet in all_sheets() if sheet in found}


def _headers(found: dict[Sheet, RawSheet], faults: list[Fault]) -> Iterator[tuple[Sheet, Header]]:
    for sheet, raw in found.items():
        header = find_header(sheet, raw.head)
        if header is not None:
            yield sheet, header
        elif raw.head or sheet is ROSTER:
            wanted = "、".join(column.header for column in sheet.columns if column.required)
            message = f"“{raw.name}”表没有找到表头。请在一行里写出列名：{wanted}。"
            faults.append(Fault(raw.name, 1, "", "", "header_missing", message))


def known_sheet(name: str) -> Sheet | None:
    """The sheet a name means; numbering, brackets and spaces aside."""
    plain = SHEET_NOISE.sub("", unicodedata.normalize("NFKC", name))
    for sheet in all_sheets():
        if plain == sheet.name or plain in sheet.synonyms:
            return sheet
    inside = [sheet for sheet in all_sheets() if sheet.name in plain]
    return inside[0] if len(inside) == 1 and plain.endswith(inside[0].name) else None


def _place(sheets: dict[str, int], found: Fault | Notice) -> tuple[int, int]:
    return sheets.get(found.sheet, -1), found.row
