"""What clerks really send imports to the very same database as the clean workbook."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import connection, transaction
from django.utils import timezone
from openpyxl import Workbook

from tests.workbook import build
from tests.workbook.stored_rows import stored_rows
from workers.rules.identity import sex
from workers.workbook.planning import ImportPlan
from workers.workbook.reading import read_workbook
from workers.workbook.writing import apply_import
from workers.workbook.xlsx_parser import is_special

pytestmark = pytest.mark.django_db
Mess = Callable[[Workbook], Any]


class Undo(Exception):
    """Rolls back."""


def imported(path: Path) -> tuple[ImportPlan, dict[str, list[Any]]]:
    """Import into the empty database, look, and take it back."""
    try:
        with transaction.atomic():
            plan = apply_import(read_workbook(path), actor=None, at=timezone.now()).plan
            rows = stored_rows()
            raise Undo
    except Undo:
        return plan, rows


def cells_of(book: Workbook, kind: type) -> Any:
    return [c for sheet in book for row in sheet.iter_rows(min_row=2) for c in row if isinstance(c.value, kind)]


def title_rows(book: Workbook) -> None:
    for sheet in book:
        sheet.insert_rows(1, 3)
        sheet["A1"] = f"松山区社区工作者{sheet.title}（2022年）"
        sheet["A2"] = "填报单位：振兴街道办事处"
        sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=sheet.max_column)


def numbered(book: Workbook) -> None:
    for sheet in book:
        sheet.insert_cols(1)
        sheet["A1"] = "序 号"
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, 1, row - 1)


def footers(book: Workbook) -> None:
    for sheet in book:
        sheet.append([])
        sheet.append(["合计", sheet.max_row - 2])
        sheet.append(["制表人：张三", "审核人：李四", "日期：2022年12月"])


def blank_rows(book: Workbook) -> None:
    for sheet in book:
        sheet.insert_rows(3, 2)
        sheet.cell(4, 1, "   ")


def spaced_headers(book: Workbook) -> None:
    for sheet in book:
        for cell in sheet[1]:
            text = cell.value
            cell.value = f" ＊{text[0]} {text[1:2]}\n{text[2:]}"


def synonyms(book: Workbook) -> None:
    for old, new in {
        "身份证号": "公民身份号码", "社区": "所在社区", "街道(乡镇)": "街道（乡镇）", "联系电话": "手机号码",
        "参加社区工作时间": "参加社区工作日期", "核定工作年限": "核定工作年限（年）", "等次": "考核结果",
        "学时": "学时（小时）", "银行卡号": "银行账号",
    }.items():  # fmt: skip
        for sheet in book:
            for cell in sheet[1]:
                if cell.value == old:
                    cell.value = new
    book["花名册"]["L1"] = "最高学历"


def value_synonyms(book: Workbook) -> None:
    words = {
        "大学本科": "本科", "大学专科": "大专", "助理社会工作师": "初级", "党组织书记": "书记", "合格": "称职",
        "是": "√", "否": "×", "振兴街道": "振兴街道办事处", "安居社区居委会": "安居社区",
        "北苑社区居委会": "150404001001",
    }  # fmt: skip
    for cell in cells_of(book, str):
        cell.value = words.get(cell.value, cell.value)


NUMERIC = {"身份证号", "联系电话", "银行卡号", "核定工作年限", "年度", "学时", "核定月份"}


def full_width(book: Workbook) -> None:
    wide = str.maketrans("0123456789X.-", "０１２３４５６７８９Ｘ．－")
    for sheet in book:
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                header = sheet.cell(1, cell.column).value
                if (
                    header in {"身份证号", "联系电话", "银行卡号", "核定工作年限", "年度", "学时", "核定月份"}
                    and cell.value
                ):
                    cell.value = str(cell.value).translate(wide)


def spaces_around(book: Workbook) -> None:
    for cell in cells_of(book, str):
        if len(cell.value) < 100:
            cell.value = f"\u3000{cell.value} \u200b"
    for row in range(2, 5):
        book["花名册"].cell(row, 1).value = "  ".join(book["花名册"].cell(row, 1).value.strip())


def dates_as(form: Callable[[date], Any]) -> Mess:
    def mess(book: Workbook) -> None:
        for cell in cells_of(book, date):
            value = cell.value.date() if hasattr(cell.value, "date") else cell.value
            cell.number_format = "General"
            cell.value = form(value)

    return mess


def truths(book: Workbook) -> None:
    for row in book["花名册"].iter_rows(min_row=2):
        row[10].value = row[10].value == "是"


def numbers_as_text(book: Workbook) -> None:
    for cell in cells_of(book, int | float):
        cell.value = str(cell.value)


def phones_as_numbers(book: Workbook) -> None:
    for row in book["花名册"].iter_rows(min_row=2):
        row[4].value = int(row[4].value)
        row[17].value = row[17].value


def merged_down(book: Workbook) -> None:
    """Sort so that a street's people stand together and merge their street and community."""
    sheet = book["花名册"]
    rows = sorted(([c.value for c in row] for row in sheet.iter_rows(min_row=2)), key=lambda r: (r[5], r[6]))
    for index, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            sheet.cell(index, column).value = value
            if isinstance(value, date):
                sheet.cell(index, column).number_format = "yyyy-mm-dd"
    first = 2
    for index in range(3, len(rows) + 3):
        if index - 2 == len(rows) or rows[index - 2][5:7] != rows[first - 2][5:7]:
            for column in (6, 7):
                sheet.merge_cells(start_row=first, end_row=index - 1, start_column=column, end_column=column)
            first = index


def grouped_header(book: Workbook) -> None:
    """合同期限 over two columns, everything else merged over both lines."""
    sheet = book["花名册"]
    sheet.insert_rows(2)
    sheet["O2"], sheet["P2"] = "合同起始日", "合同终止日"
    sheet["O1"], sheet["P1"] = "合同期限", None
    sheet.merge_cells("O1:P1")
    for letter in "ABCDEFGHIJKLMNQRS":
        sheet.merge_cells(f"{letter}1:{letter}2")


def extra_columns(book: Workbook) -> None:
    sheet = book["花名册"]
    for header in ("性别", "出生年月", "年龄", "特长"):
        column = sheet.max_column + 1
        sheet.cell(1, column, header)
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, column, "1985.1" if header == "出生年月" else sex(sheet.cell(row, 2).value))
    book.create_sheet("说明")["A1"] = "请按要求填写"


def reordered(book: Workbook) -> None:
    for sheet in book:
        rows = [[c.value for c in row][::-1] for row in sheet.iter_rows()]
        for index, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                sheet.cell(index, column).value = value
                sheet.cell(index, column).number_format = "yyyy-mm-dd" if isinstance(value, date) else "General"


def named_sheets(book: Workbook) -> None:
    for index, sheet in enumerate(book, 1):
        sheet.title = f"{index}、{sheet.title}（振兴）"


def repeated_header(book: Workbook) -> None:
    sheet = book["花名册"]
    sheet.insert_rows(4)
    for cell in sheet[1]:
        sheet.cell(4, cell.column).value = cell.value


def epoch_1904(book: Workbook) -> None:
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904


def serials_1904(book: Workbook) -> None:
    epoch_1904(book)
    dates_as(lambda day: (day - date(1904, 1, 1)).days)(book)


MESSES: dict[str, Mess] = {
    mess.__name__: mess
    for mess in (
        title_rows, numbered, footers, blank_rows, spaced_headers, synonyms, value_synonyms, full_width, spaces_around,
        truths,
        numbers_as_text, phones_as_numbers, merged_down, grouped_header, extra_columns, reordered, named_sheets,
        repeated_header, epoch_1904, serials_1904,
    )
}  # fmt: skip
MESSES |= {
    f"dates {sample}": dates_as(form)
    for sample, form in {
        "2018.07.15": lambda d: f"{d:%Y.%m.%d}",
        "2018.7.5": lambda d: f"{d.year}.{d.month}.{d.day}",
        "2018-7-5": lambda d: f"{d.year}-{d.month}-{d.day}",
        "2018/7/5": lambda d: f"{d.year}/{d.month}/{d.day}",
        "2018年7月5日": lambda d: f"{d.year}年{d.month}月{d.day}日",
        "20180705": lambda d: f"{d:%Y%m%d}",
        "20180705 number": lambda d: int(f"{d:%Y%m%d}"),
        "serial": lambda d: (d - date(1899, 12, 30)).days,
        "serial text": lambda d: str((d - date(1899, 12, 30)).days),
        "with time": lambda d: f"{d} 00:00:00",
        "２０１８－０７－０５": lambda d: f"{d}".translate(str.maketrans("0123456789-", "０１２３４５６７８９－")),
    }.items()
}


def everything(book: Workbook) -> None:
    for mess in (value_synonyms, synonyms, footers, blank_rows, numbered, title_rows, named_sheets, extra_columns_late):
        mess(book)


def extra_columns_late(book: Workbook) -> None:
    book.create_sheet("说明")["A1"] = "请按要求填写"


MESSES["everything"] = everything


@pytest.mark.parametrize("name", MESSES)
def test_messy_copy_imports_to_the_same_database(tmp_path: Path, name: str) -> None:
    build.make_regions()
    clean = build.save(build.clean_book(), tmp_path / "clean.xlsx")
    _, wanted = imported(clean)
    book = openpyxl.load_workbook(clean)
    MESSES[name](book)
    book.save(tmp_path / "messy.xlsx")
    plan, found = imported(tmp_path / "messy.xlsx")
    assert plan.faults == ()
    assert found == wanted


@pytest.mark.parametrize(
    ("written", "read"),
    [("2018.7", "2018-07-01"), ("2018年7月", "2018-07-01"), ("201807", "2018-07-01"), ("2018-07", "2018-07-01"),
     ("2018.10", "2018-10-01"), (2018.7, "2018-07-01"), (2018.12, "2018-12-01"), (201807, "2018-07-01")],
)  # fmt: skip
def test_month_is_its_first_day_and_the_preview_says_so(tmp_path: Path, written: Any, read: str) -> None:
    build.make_regions()
    path = build.save({"花名册": [build.person(1, 参加社区工作时间=written)]}, tmp_path / "a.xlsx")
    plan, rows = imported(path)
    assert plan.faults == ()
    assert [n.column for n in plan.notices] == ["参加社区工作时间"] and read in plan.notices[0].message
    assert read in repr(rows["PostAssignment"]) or date.fromisoformat(read) in rows["PostAssignment"][0]


def test_long_numbers_are_taken_only_with_all_their_digits(tmp_path: Path) -> None:
    """Excel keeps fifteen digits; a program may have written all eighteen."""
    build.make_regions()
    number = next(n for n in (build.id_number(date(1985, 3, 2), s) for s in range(900)) if n[-1] not in "0X")
    path = build.save({"花名册": [build.person(1, 身份证号="99999")]}, tmp_path / "a.xlsx")
    for text, taken in ((number, True), (f"{float(number):.16g}", False), (f"{float(number):.15g}", False)):
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        sheet = parts["xl/worksheets/sheet1.xml"].decode()
        cell = re.search(r'<c r="B2"[^>]*>.*?</c>', sheet)
        assert cell
        parts["xl/worksheets/sheet1.xml"] = sheet.replace(cell[0], f'<c r="B2"><v>{text}</v></c>').encode()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, data in parts.items():
                archive.writestr(name, data)
        (tmp_path / "b.xlsx").write_bytes(out.getvalue())
        plan, _ = imported(tmp_path / "b.xlsx")
        assert [f.code for f in plan.faults] == ([] if taken else ["digits_lost"])


def test_statements_do_not_grow_with_people(tmp_path: Path, django_assert_max_num_queries: Any) -> None:
    build.make_regions()
    counts = []
    for people in (5, 60, 300):
        reading = read_workbook(build.save(build.random_book(1, people), tmp_path / f"{people}.xlsx"))
        with django_assert_max_num_queries(60) as captured:
            apply_import(reading, actor=None, at=timezone.now())
        counts.append(len([q for q in captured.captured_queries if "SAVEPOINT" not in q["sql"]]))
    assert counts[2] == counts[1], connection.vendor


@pytest.mark.parametrize(
    ("marked", "special"),
    [
        (b'<mergeCells count="2"><mergeCell ref="A1:S1"/><mergeCell ref="B12:C12"/></mergeCells>', False),
        (b'<mergeCells count="2"><mergeCell ref="A1:S1"/><mergeCell ref="B2:B12"/></mergeCells>', True),
        (b'<mergeCell ref="A1:A11"/>', True),
        (b'<mergeCell ref="A1', True),
        (b'<filters><filter val="1"/></filters><c><v>12.5</v></c>', False),
        (b"<c><f>A1</f><v>1</v></c>", True),
        (b'<x:c><x:f t="shared">A1</x:f></x:c>', True),
        (b'<c t="e"><v>#N/A</v></c>', True),
        (b"<c><v>1.5E20</v></c>", True),
        (b"<c><v>150404199005050077</v></c>", True),
    ],
)
def test_only_what_may_mislead_has_a_sheet_walked_through(marked: bytes, special: bool) -> None:
    """A title merged over its row does not: walking a large sheet takes longer than reading it."""
    assert is_special(b"<worksheet>" + marked + b"</worksheet>") is special
