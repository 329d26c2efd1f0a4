"""Export the workbook from the database. Importing it again changes nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from songshan_cw.data.refusal import NotAllowed
from songshan_cw.words import periods
from workers.models import Contract, User, Worker
from workers.rules.identity import masked, masked_account, masked_phone
from workers.rules.rights import who_may
from workers.selectors.categories import category_on
from workers.selectors.scope import visible
from workers.services.privacy import record_private_access
from workers.workbook.columns import Column
from workers.workbook.dates import serial_of
from workers.workbook.places import Places
from workers.workbook.sheets import ASSIGNMENTS, CATEGORIES, ROSTER, Sheet, all_sheets

PERMISSION = "workers.export_workbook"
CHUNK = 2_000
MASKS = {"id_number": masked, "bank_account": masked_account, "phone": masked_phone}
STANDING_FIELDS = {
    "street": "standing__street_id",
    "community_id": "standing__community_id",
    "post": "standing__post",
    "position": "standing__position",
    "dual": "standing__dual",
    "education": "standing__education",
    "category": "category_now",
}

Value = str | int | float | Decimal
Cells = tuple[str, Callable[[Any], Value]]


@dataclass(frozen=True, slots=True)
class Exported:
    people: int
    rows: int


def require_export_right(actor: User | None) -> None:
    if actor is not None and not actor.has_perm(PERMISSION):
        raise NotAllowed(who_may(PERMISSION))


def export_workbook(
    target: str | Path,
    *,
    actor: User | None,
    street: str = "",
    only: QuerySet[Worker] | None = None,
    purpose: str = "",
    whole: bool = True,
) -> Exported:
    """Write the people the actor may see (None: everybody), of one street or ``only`` some where asked.

    Memory stays constant.

    Whole ID and account numbers need the right to see them, and it is recorded (rules 10.6). Without ``whole`` they
    are masked: a file to read, not to import again.
    """
    require_export_right(actor)
    people = _people(actor, street)
    if only is not None:
        people = people.filter(pk__in=only.order_by().values("pk"))
    if actor is not None and whole:
        record_private_access(actor=actor, what="导出人事工作簿", purpose=purpose, people=people.count(), region=street)
    places = Places()
    counts: dict[str, int] = {}
    with xlsxwriter.Workbook(str(target), {"constant_memory": True, "strings_to_formulas": False}) as book:
        writer = SheetWriter(book, whole=whole)
        for sheet in all_sheets():
            rows = _roster_rows(people, places) if sheet is ROSTER else _fact_rows(sheet, people, places)
            counts[sheet.name] = writer.write(sheet, rows)
    return Exported(counts[ROSTER.name], sum(counts.values()))


class SheetWriter:
    """Header and rows of one sheet after another, text always as text; a number in a column of numbers stays one when
    it is typed over."""

    def __init__(self, book: xlsxwriter.Workbook, *, whole: bool = True) -> None:
        self.book = book
        self.whole = whole
        self.head: Format = book.add_format({"bold": True, "bg_color": "#E7EEF7", "border": 1, "text_wrap": True})
        self.formats: dict[str, Format] = {
            "text": book.add_format({"num_format": "@"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "number": book.add_format({"num_format": "General"}),
        }

    def write(self, sheet: Sheet, rows: Iterable[tuple[Any, ...]]) -> int:
        page = self.open(sheet)
        columns = [(self._format(column), self._maker(column)) for column in sheet.columns]
        line = 0
        for line, row in enumerate(rows, 1):
            for index, ((style, make), value) in enumerate(zip(columns, row, strict=True)):
                _write_cell(page, line, index, None if value is None else make(value), style)
        return line

    def open(self, sheet: Sheet) -> Worksheet:
        page: Worksheet = self.book.add_worksheet(sheet.name)
        for index, column in enumerate(sheet.columns):
            page.set_column(index, index, column.width, self._format(column))
        for index, column in enumerate(sheet.columns):
            page.write_string(0, index, column.header, self.head)
        page.freeze_panes(1, 2)
        return page

    def _format(self, column: Column) -> Format:
        return self.formats[CELLS.get(column.kind, TEXT)[0]]

    def _maker(self, column: Column) -> Callable[[Any], Value]:
        if column.field in MASKS and not self.whole:
            return MASKS[column.field]
        return CELLS.get(column.kind, TEXT)[1]


def _write_cell(page: Worksheet, line: int, index: int, value: Value | None, style: Format) -> None:
    if value is None or value == "":
        page.write_blank(line, index, None, style)
    elif isinstance(value, str):
        page.write_string(line, index, value, style)
    else:
        page.write_number(line, index, value, style)


def years(months: int) -> Decimal:
    """Convert credited months to years. Two decimals identify the month."""
    return (Decimal(months) / 12).quantize(Decimal("0.01"), ROUND_HALF_UP)


def truth(value: bool) -> str:
    return "是" if value else "否"


def safe_text(value: Any) -> str:
    """Prefix text that a spreadsheet could run as a formula. The import removes the apostrophe."""
    text = str(value)
    bare = text.lstrip("'")
    return f"'{text}" if bare[:1] and bare[0] in settings.FORMULA_PREFIXES else text


# A kind of column: the format of its cells, and what a stored value becomes in one.
TEXT: Cells = ("text", safe_text)
CELLS: Mapping[str, Cells] = {
    "date": ("date", serial_of),
    "decimal": ("number", Decimal),
    "month": ("text", periods.label),
    "number": ("number", int),
    "truth": ("text", truth),
    "years": ("number", years),
}


def _people(actor: User | None, street: str) -> QuerySet[Worker]:
    people = Worker.objects.all() if actor is None else visible(Worker.objects.all(), actor)
    return people.filter(standing__street_id=street) if street else people.exclude(standing=None)


def _roster_rows(people: QuerySet[Worker], places: Places) -> Iterator[tuple[Any, ...]]:
    newest = Contract.objects.filter(worker=OuterRef("pk")).order_by("-start")
    paths = [STANDING_FIELDS.get(column.field, column.field) for column in ROSTER.columns]
    annotated = people.annotate(
        contract_start=Subquery(newest.values("start")[:1]),
        contract_end=Subquery(newest.values("end")[:1]),
        category_now=category_on(date.max),
    )
    rows = annotated.order_by("standing__community_id", "id_number").values_list(*paths)
    street_at = paths.index(STANDING_FIELDS["street"])
    community_at = paths.index(STANDING_FIELDS["community_id"])
    for row in rows.iterator(chunk_size=CHUNK):
        cells = list(row)
        street, community = cells[street_at], cells[community_at]
        cells[street_at] = places.written_street(street)
        cells[community_at] = places.written(community, street)
        yield tuple(cells)


def _fact_rows(sheet: Sheet, people: QuerySet[Worker], places: Places) -> Iterator[tuple[Any, ...]]:
    rows = sheet.model._default_manager.filter(sheet.exported, worker__in=people.order_by().values("pk"))
    rows = rows.order_by("worker__standing__community_id", "worker__id_number", *sheet.key)
    found = rows.values_list("worker__standing__street_id", "worker__name", "worker__id_number", *sheet.fields)
    place = sheet.fields.index("community_id") + 2 if sheet is ASSIGNMENTS else None
    if sheet is CATEGORIES:
        yield from _from_hiring(rows)
        return
    for street, *cells in found.iterator(chunk_size=CHUNK):
        if place is not None:
            cells[place] = places.written(cells[place], street)
        yield tuple(cells)


def _from_hiring(rows: QuerySet[Any]) -> Iterator[tuple[Any, ...]]:
    """Put the category of the hiring before each person's changes."""
    about = ("worker__hired_on", "worker__category", "worker__name", "worker__id_number", *CATEGORIES.fields)
    person = None
    for hired_on, at_hiring, name, number, start, *rest in rows.values_list(*about).iterator(chunk_size=CHUNK):
        if number != person and start != hired_on:
            yield name, number, hired_on, at_hiring, ""
        person = number
        yield name, number, start, *rest
