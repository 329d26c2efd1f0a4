"""The invented people as a personnel workbook, streamed to disk row by row."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from payroll.demo.person import Person, Seat
from workers.workbook.sheets import ROSTER, Sheet, all_sheets

Row = tuple[Any, ...]
TITLE = "社区工作者花名册"
PLACEMENT_MONTH = date(2022, 1, 1)
PLACEMENT_DOCUMENT = "演示〔2022〕2号"


def write_people(people: Iterable[Person], path: Path) -> int:
    """Write the workbook of all ten sheets; returns the number of people. Memory does not grow with them."""
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}
    count = 0
    with xlsxwriter.Workbook(str(path), options) as book:
        sheets = {sheet.name: _open_sheet(book, sheet) for sheet in all_sheets()}
        lines = {name: _header_line(name) for name in sheets}
        for person in people:
            count += 1
            for name, row in _rows(person):
                lines[name] += 1
                sheets[name].write_row(lines[name], 0, (person.name, person.id_number, *row))
    return count


def _open_sheet(book: xlsxwriter.Workbook, sheet: Sheet) -> Worksheet:
    page = book.add_worksheet(sheet.name)
    line = _header_line(sheet.name)
    page.freeze_panes(line + 1, 2)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
    if line:
        page.merge_range(0, 0, 0, len(sheet.columns) - 1, TITLE, book.add_format({"bold": True, "align": "center"}))
    page.write_row(line, 0, [column.header for column in sheet.columns], book.add_format({"bold": True}))
    return page


def _header_line(sheet_name: str) -> int:
    """The roster has a title above its header, as in offices; the other sheets begin with their header."""
    return 1 if sheet_name == ROSTER.name else 0


def _rows(person: Person) -> Iterator[tuple[str, Row]]:
    """Every row of a person with its sheet: the columns after 姓名 and 身份证号, in the order of the contract."""
    yield ROSTER.name, _roster(person)
    for post in person.posts:
        yield "岗位变动", (post.start, *_seat_columns(person, post.seat), post.document_no)
    for degree in person.degrees:
        yield "学历提升", degree
    for certificate in person.certificates:
        yield "职业资格", certificate
    for assessment in person.assessments.items():
        yield "年度考核", assessment
    if person.gap is not None:
        yield "中断服务", person.gap
    if person.placed_years is not None:
        yield "定级核定", (PLACEMENT_MONTH, person.placed_years, PLACEMENT_DOCUMENT)
    if person.left is not None:
        yield "离职", person.left
    for secondment in person.secondments:
        yield "借调", secondment
    for session in person.trainings:
        yield "培训", session


def _roster(person: Person) -> Row:
    seat = person.seat
    return (
        person.ethnicity,
        person.political_status,
        person.phone,
        seat.community.street_name,
        *(seat.community.name, seat.category, seat.post, seat.position, "是" if seat.dual else "否"),
        person.education,
        person.entry_education,
        person.hired,
        *(person.contract or ("", "")),
        person.bank_name,
        person.bank_account,
    )


def _seat_columns(person: Person, seat: Seat) -> Row:
    """A community of another street goes by its code: names are looked up inside the person's own street."""
    here = seat.community.street_code == person.seat.community.street_code
    place = seat.community.name if here else seat.community.code
    return place, seat.post, seat.position, "是" if seat.dual else "否"
