"""Whole rows as text, beside what XlsxWriter writes cell by cell; needs no database."""

import re
from decimal import Decimal
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from xlsxwriter import Workbook

from songshan_cw.files.row_sheet import RowSheet, escaped

ROWS = [
    (24.0, [1, "张三", Decimal("4252.50"), None]),
    (29.0, [20, "=1+1", Decimal("-0.01"), "+1"]),
    (13.5, [0, " 前后空格\t", Decimal("0.00"), "两\n行"]),
    (60.0, [-7, 'a & b < c > d " e', Decimal("1.3500"), "\x01\x1f\r"]),
    (61.7, [8, "_x0041_", Decimal("9999999999.99"), "包尔·吉\U00020bb7 \u200b\ufffe\uffff"]),
    (None, [10, "行高照旧", Decimal("4.50"), None]),
    (409.5, [9, "a_b", Decimal("1.05"), "6228480000000000000"]),
]
NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@pytest.fixture
def regions():
    """None are needed here."""


def book(path, rows, *, ready):
    with Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False}) as made:
        text = made.add_format({"num_format": "@"})
        formats = [made.add_format({"num_format": "0"}), text, made.add_format({"num_format": "0.00"}), text]
        sheet = made.add_worksheet("表", RowSheet)
        sheet.write_string(0, 0, "表头", text)
        whole_row = sheet.row_writer(formats)  # in either case: it numbers the formats
        write = whole_row if ready else by_cell(sheet, formats)
        for row, (height, values) in enumerate(rows, 1):
            write(row, height, values)
        sheet.set_row(len(rows) + 1, 30)
        sheet.write_formula(len(rows) + 1, 2, "=SUM(C2:C7)", formats[2], 5)
    return path


def by_cell(sheet, formats):
    def write(row, height, values):
        if height is not None:
            sheet.set_row(row, height)
        for column, (value, style) in enumerate(zip(values, formats, strict=True)):
            one = {str: sheet.write_string, type(None): sheet.write_blank}.get(type(value), sheet.write_number)
            one(row, column, value, style)

    return write


def xml_of(path):
    with ZipFile(path) as package:
        return package.read("xl/worksheets/sheet1.xml").decode()


def test_the_file_is_the_one_xlsxwriter_writes_cell_by_cell(tmp_path):
    ready, by_cells = (book(tmp_path / f"{ready}", ROWS, ready=ready) for ready in (True, False))
    assert xml_of(ready) == xml_of(by_cells)


def test_values_come_back_as_they_went_in(tmp_path):
    sheet = load_workbook(book(tmp_path / "sheet.xlsx", ROWS[:3], ready=True))["表"]
    assert [[cell.value for cell in row] for row in sheet["A2:D4"]] == [
        [1, "张三", 4252.5, None],
        [20, "=1+1", -0.01, "+1"],
        [0, " 前后空格\t", 0, "两\n行"],
    ]
    assert (sheet["B3"].data_type, sheet["B3"].number_format, sheet["C2"].number_format) == ("s", "@", "0.00")
    assert [sheet.row_dimensions[row].height for row in (2, 3, 4)] == [24, 29.25, 13.5]


def test_empty_text_leaves_a_blank_cell_with_its_format(tmp_path):
    rows = [(24, [1, "", Decimal(0), ""])]
    sheet = load_workbook(book(tmp_path / "sheet.xlsx", rows, ready=True))["表"]
    assert (sheet["B2"].value, sheet["B2"].data_type, sheet["B2"].number_format) == (None, "n", "@")


def test_text_that_looks_like_markup_stays_text(tmp_path):
    """XlsxWriter itself would take it for the inside of a rich text."""
    rows = [(24, [1, "<r><t>甲</t></r>", Decimal(0), "乙"])]
    sheet = load_workbook(book(tmp_path / "sheet.xlsx", rows, ready=True))["表"]
    assert sheet["B2"].value == "<r><t>甲</t></r>"


@pytest.mark.parametrize("row", [0, 1_048_576])
def test_a_row_above_the_last_or_below_the_sheet_is_an_error(tmp_path, row):
    with Workbook(str(tmp_path / "sheet.xlsx"), {"constant_memory": True}) as made:
        sheet = made.add_worksheet("表", RowSheet)
        write = sheet.row_writer([made.add_format()])
        write(1, 24, ["甲"])
        with pytest.raises(ValueError, match="not on the sheet"):
            write(row, 24, ["乙"])


def test_a_value_too_many_is_an_error(tmp_path):
    with Workbook(str(tmp_path / "sheet.xlsx"), {"constant_memory": True}) as made:
        write = made.add_worksheet("表", RowSheet).row_writer([made.add_format()])
        with pytest.raises(ValueError, match="zip"):
            write(0, 24, ["甲", "乙"])


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.lists(st.sampled_from("_x0041&<>\x02")).map("".join))
def test_any_text_can_be_read_back(text):
    """By the reader's side of ECMA-376, 22.9.2.19: markup first, then ``_xHHHH_`` from left to right."""
    there = escaped(text)
    assert not NOT_XML.search(there)
    plain = there.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), plain) == text
