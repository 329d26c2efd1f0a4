"""The annotated copy is the clerk's own package with marks added: nothing else in it changes."""

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from openpyxl.comments import Comment

from tests.workbook import build

pytestmark = pytest.mark.django_db
SHEET = "xl/worksheets/sheet1.xml"


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def clerks_own(path: Path) -> Path:
    """A workbook with a formula and its value, a link, a comment, a merged cell, a width, and two faults."""
    build.make_regions()
    people = [build.person(1), build.person(3, 联系电话="手机"), build.person(5, 参加社区工作时间="去年")]
    book = openpyxl.load_workbook(build.save({"花名册": people}, path))
    sheet = book["花名册"]
    sheet["C2"] = '=CONCATENATE("蒙古","族")'
    sheet["S2"].hyperlink = "https://example.org/"
    sheet["E3"].comment = Comment("请再问一遍", "张三")
    sheet["A4"].comment = Comment("新来的", "张三")
    sheet.column_dimensions["B"].width = 31
    book.save(path)
    parts = parts_of(path)
    parts[SHEET] = re.sub(rb"</f><v ?/?>(</v>)?", "</f><v>蒙古族</v>".encode(), parts[SHEET])
    parts[SHEET] = re.sub(rb'(<c r="C2"[^>]*?)( t="\w+")?>', rb'\1 t="str">', parts[SHEET])
    parts["xl/media/image1.png"] = b"\x89PNG picture"
    return packed(path, parts)


def annotated(path: Path) -> Path:
    target = path.with_name("marked.xlsx")
    with pytest.raises(CommandError):
        call_command("import_workbook", path, "--json", report=target, stdout=io.StringIO())
    return target


def test_only_marks_are_added(tmp_path: Path) -> None:
    path = clerks_own(tmp_path / "own.xlsx")
    before, after = parts_of(path), parts_of(annotated(path))
    assert "蒙古族</v>".encode() in before[SHEET] and set(before) <= set(after)
    same = {name for name in before if before[name] == after[name]}
    assert {"xl/media/image1.png", "docProps/core.xml", "xl/theme/theme1.xml"} <= same
    for kept in (b"CONCATENATE", "蒙古族</v>".encode(), b"<hyperlink", b'width="31"'):
        assert kept in after[SHEET]


def test_marks_stand_at_their_cells_beside_what_the_clerk_wrote(tmp_path: Path) -> None:
    marked = openpyxl.load_workbook(annotated(clerks_own(tmp_path / "own.xlsx")))
    sheet = marked["花名册"]
    assert "请再问一遍" in sheet["E3"].comment.text and "电话" in sheet["E3"].comment.text
    assert sheet["A4"].comment.text == "新来的" and "读不出来" in sheet["N4"].comment.text
    coloured = {cell.coordinate for row in sheet for cell in row if cell.fill.start_color.rgb == "FFFFC7CE"}
    assert coloured == {"E3", "N4"}
    assert sheet["N2"].number_format == openpyxl.load_workbook(tmp_path / "own.xlsx")["花名册"]["N2"].number_format
    assert marked["问题清单"].max_row == 3


def test_a_blank_cell_and_a_blank_row_can_be_marked(tmp_path: Path) -> None:
    build.make_regions()
    path = build.save({"花名册": [build.person(1, 社区=None)]}, tmp_path / "a.xlsx")
    assert openpyxl.load_workbook(annotated(path))["花名册"]["G2"].comment is not None


def test_a_copy_annotated_twice_has_one_list(tmp_path: Path) -> None:
    first = annotated(clerks_own(tmp_path / "own.xlsx"))
    again = first.rename(tmp_path / "again.xlsx")
    marked = openpyxl.load_workbook(annotated(again))
    assert marked.sheetnames == ["花名册", "问题清单"] and marked["问题清单"].max_row == 3


def test_another_kind_of_file_gets_the_list(tmp_path: Path) -> None:
    build.make_regions()
    path = tmp_path / "a.csv"
    row: list[Any] = build.person(1, 参加社区工作时间="去年", 合同起始日=None, 合同终止日=date(2030, 1, 1))
    lines = [build.HEADERS["花名册"], ["" if cell is None else str(cell) for cell in row]]
    path.write_text("\n".join(",".join(line) for line in lines), "utf-8")
    marked = openpyxl.load_workbook(annotated(path))
    assert marked.sheetnames == ["问题清单"] and marked["问题清单"]["B2"].value == 2
