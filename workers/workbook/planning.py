"""The plan in the middle: what a workbook would do to the database, or every fault that keeps it out."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from workers.models import User
from workers.workbook.cells import Context
from workers.workbook.checking import Checker
from workers.workbook.faults import Fault, Notice
from workers.workbook.header import find_header
from workers.workbook.merging import CREATED, UNCHANGED, UPDATED, Merger, Outcome, Writes
from workers.workbook.places import Places
from workers.workbook.reading import RawSheet, Reading
from workers.workbook.sheets import ASSIGNMENTS, DEGREES, EXITS, ROSTER, Sheet, all_sheets
from workers.workbook.stored import load_facts, load_people
from workers.workbook.tables import Table, build_table

SHEET_NOISE = re.compile(r"\(.*?\)|[\s\d.、_:：\-]+")
FAULT_LIST = "问题清单"


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """``tally``: sheet → created, updated, unchanged; ``outcomes`` leaves the unchanged rows out."""

    reading: Reading
    rows: int
    faults: tuple[Fault, ...]
    notices: tuple[Notice, ...]
    tally: dict[str, Counter[str]] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()
    writes: Writes = field(default_factory=Writes)
    places: Places | None = None

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


def plan_import(reading: Reading, *, actor: User | None, at: datetime, lock: bool = False) -> ImportPlan:
    """Check everything and compare with what is stored; writes nothing. ``actor`` None is the operations command."""
    if reading.faults:
        return ImportPlan(reading, 0, reading.faults, ())
    today = timezone.localtime(at).date()
    faults: list[Fault] = []
    notices: list[Notice] = []
    tables = _tables(reading, Context(reading.date1904, today), faults, notices)
    rows = sum(len(table.rows) for table in tables.values())
    for table in tables.values():
        faults += table.faults
        notices += table.notices
    if ROSTER.name not in tables:
        return ImportPlan(reading, rows, _in_order(faults, reading), tuple(notices))
    places = Places()
    checker = _checked(tables, places, actor, today, lock)
    faults += checker.faults
    notices += checker.notices
    if faults:
        return ImportPlan(reading, rows, _in_order(faults, reading), tuple(notices))
    merger = _merged(tables, checker)
    return ImportPlan(reading, rows, (), tuple(notices), merger.tally, tuple(merger.outcomes), merger.writes, places)


def _checked(tables: dict[str, Table], places: Places, actor: User | None, today: object, lock: bool) -> Checker:
    named = {row.values["id_number"] for table in tables.values() for row in table.rows}
    stored = load_people(named - {None}, lock=lock)
    wanted = [table.sheet for table in tables.values() if table.sheet is not ROSTER and table.rows]
    wanted += [sheet for sheet in (ASSIGNMENTS, DEGREES, EXITS) if sheet not in wanted]
    load_facts(stored.values(), wanted)
    checker = Checker(tables, stored, places, actor, today)
    checker.check()
    return checker


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


def _tables(reading: Reading, context: Context, faults: list[Fault], notices: list[Notice]) -> dict[str, Table]:
    found: dict[str, RawSheet] = {}
    for raw in reading.sheets:
        sheet = known_sheet(raw.name)
        if sheet is None:
            if raw.visible and raw.rows and raw.name != FAULT_LIST:
                notices.append(Notice(raw.name, 0, "", f"“{raw.name[:31]}”不是人事工作簿的表，未读取。"))
        elif sheet.name in found:
            message = (
                f"“{sheet.name}”表有两张（“{found[sheet.name].name}”和“{raw.name}”），不知道以哪张为准。请只留一张。"
            )
            faults.append(Fault(raw.name, 0, "", raw.name, "sheet_repeated", message))
        else:
            found[sheet.name] = raw
    if ROSTER.name not in found:
        message = "缺少“花名册”表。请用本系统下载的模板填写，或把人员名单所在的表改名为“花名册”。"
        faults.append(Fault(ROSTER.name, 0, "", "", "sheet_missing", message))
    return dict(_built((sheet for sheet in all_sheets() if sheet.name in found), found, context, faults))


def _built(
    sheets: Iterable[Sheet], found: dict[str, RawSheet], context: Context, faults: list[Fault]
) -> Iterable[tuple[str, Table]]:
    for sheet in sheets:
        raw = found[sheet.name]
        header = find_header(sheet, raw.rows)
        if header is not None:
            yield sheet.name, build_table(sheet, raw.name, raw.rows, header, context)
        elif raw.rows or sheet is ROSTER:
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


def _in_order(faults: list[Fault], reading: Reading) -> tuple[Fault, ...]:
    place = {raw.name: index for index, raw in enumerate(reading.sheets)}
    return tuple(sorted(faults, key=lambda fault: (place.get(fault.sheet, -1), fault.row)))
