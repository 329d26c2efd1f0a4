"""Faulty, huge, encrypted and fake files: a sentence each, never a traceback, and the database as it was."""

import io
import json
import os
import zipfile
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.workbook import build
from tests.workbook.stored_rows import stored_rows
from workers.workbook.planning import plan_import
from workers.workbook.reading import clean_file_name, read_workbook
from workers.workbook.sniffing import Limits

pytestmark = pytest.mark.django_db
FULL = os.environ.get("TORTURE") == "1"
PARTS_TRIED, ARCHIVES_TRIED = (600, 400) if FULL else (12, 8)
SHEET = "xl/worksheets/sheet1.xml"
Make = Callable[[bytes], bytes]


def parts_of(good: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_part(name: str, change: Callable[[bytes], bytes]) -> Make:
    def make(good: bytes) -> bytes:
        parts = parts_of(good)
        parts[name] = change(parts.get(name, b""))
        return packed(parts)

    return make


def with_row(xml: bytes) -> Make:
    return with_part(SHEET, lambda data: data.replace(b"</sheetData>", xml + b"</sheetData>"))


def with_doctype(declaration: bytes) -> Make:
    return with_part(
        SHEET, lambda data: b"<?xml version='1.0'?>" + declaration + data.removeprefix(b"<?xml version='1.0'?>")
    )


LAUGHS = (
    b'<!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, (b"&%c;" % (97 + i)) * 10) for i in range(9))
    + b"]>"
)
SHARED = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1" uniqueCount="4294967296"/>'
TYPES = b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'  # noqa: E501
RELATION = b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>'  # noqa: E501


def huge_count(good: bytes) -> bytes:
    parts = parts_of(good)
    parts["xl/sharedStrings.xml"] = SHARED
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = parts[relations].replace(b"</Relationships>", RELATION + b"</Relationships>")
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", TYPES + b"</Types>")
    return packed(parts)


def lying_size(good: bytes) -> bytes:
    """A sheet that unpacks to more than the archive admits."""
    padded = with_part(SHEET, lambda data: data.replace(b"<sheetData>", b"<sheetData>" + b" " * 50_000_000))
    data = bytearray(padded(good))
    place = data.rfind(SHEET.encode()) - 46
    data[place + 24 : place + 28] = (1000).to_bytes(4, "little")
    return bytes(data)


def truncated(good: bytes) -> bytes:
    return good[: len(good) // 2]


REFUSED: dict[str, tuple[Make, set[str]]] = {
    "empty": (lambda _: b"", {"empty_file"}),
    "csv": (lambda _: "姓名,身份证号\n张三,1".encode(), {"column_missing"}),
    "csv in GBK": (lambda _: "姓名,身份证号\n张三,1".encode("gbk"), {"column_missing"}),
    "html": (lambda _: "<html><table><tr><td>姓名</td></tr></table></html>".encode(), {"sheet_missing"}),
    "xls": (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000, {"damaged"}),
    "encrypted": (
        lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000 + "EncryptedPackage".encode("utf-16-le"),
        {"encrypted"},
    ),
    "picture": (lambda _: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, {"not_a_table"}),
    "zip of something else": (lambda _: packed({"a.txt": b"x"}), {"sheet_missing"}),
    "word document": (lambda _: packed({"word/document.xml": b"<x/>"}), {"not_a_table"}),
    "truncated": (truncated, {"damaged"}),
    "zip bomb": (with_part("xl/media/x.bin", lambda _: b"\0" * 60_000_000), {"bomb"}),
    "bomb in the sheet": (
        with_part(SHEET, lambda data: data.replace(b"<sheetData>", b"<sheetData>" + b" " * 60_000_000)), {"bomb"}
    ),
    "lying size": (lying_size, {"bomb", "damaged"}),
    "many parts": (lambda good: packed(parts_of(good) | {f"x/{i}": b"" for i in range(3000)}), {"bomb"}),
    "external entity": (with_doctype(b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'), {"entities"}),
    "entity expansion": (with_doctype(LAUGHS), {"entities"}),
    "entities in a sheet cut off": (
        lambda good: with_part(SHEET, lambda data: data[: len(data) // 2])(with_doctype(LAUGHS)(good)), {"entities"}
    ),
    "entities in the workbook": (
        with_part("xl/workbook.xml", lambda data: LAUGHS + data), {"entities", "damaged"}
    ),
    "far cell": (with_row(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), {"too_many_cells", "too_big"}),
    "row 2^31": (with_row(b'<row r="2147483648"><c r="A2147483648"><v>1</v></c></row>'), {"damaged", "too_big"}),
    "unique count 2^32": (huge_count, {"too_big", "damaged"}),
    "no sheet part": (
        lambda good: packed({n: d for n, d in parts_of(good).items() if n != SHEET}), {"damaged", "header_missing"}
    ),
    "sheet is not XML": (with_part(SHEET, lambda _: b"\0\1\2" * 1000), {"damaged", "header_missing"}),
    "sheet cut off": (with_part(SHEET, lambda data: data[: len(data) // 2]), {"damaged", "required"}),
}  # fmt: skip


@pytest.fixture
def good(tmp_path: Path) -> bytes:
    build.make_regions()
    path = build.save(build.clean_book(), tmp_path / "good.xlsx")
    call_command("import_workbook", path, stdout=StringIO())
    return path.read_bytes()


def codes_of(path: Path, **options: Any) -> list[dict[str, Any]]:
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("import_workbook", path, "--json", stdout=out, **options)
    return json.loads(out.getvalue())["errors"]


@pytest.mark.parametrize("name", REFUSED)
def test_a_sentence_and_nothing_written(tmp_path: Path, good: bytes, name: str) -> None:
    make, codes = REFUSED[name]
    before = stored_rows()
    path = tmp_path / "bad.xlsx"
    path.write_bytes(make(good))
    errors = codes_of(path, report=tmp_path / "report.xlsx")
    assert {error["code"] for error in errors} & codes, errors[:3]
    assert all(len(error["message"]) > 8 and "Traceback" not in error["message"] for error in errors)
    assert stored_rows() == before
    assert "问题清单" in openpyxl.load_workbook(tmp_path / "report.xlsx").sheetnames


def test_an_encrypted_file_of_full_size_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 3_000_000 + "EncryptedPackage".encode("utf-16-le"))
    assert read_workbook(path).faults[0].code == "encrypted"


def test_missing_file_and_size_limit(tmp_path: Path, good: bytes) -> None:
    assert [e["code"] for e in codes_of(tmp_path / "none.xlsx")] == ["missing_file"]
    (tmp_path / "a.xlsx").write_bytes(good)
    assert read_workbook(tmp_path / "a.xlsx", limits=Limits(file_bytes=100)).faults[0].code == "file_too_big"
    assert read_workbook(tmp_path / "a.xlsx", limits=Limits(cells=10)).faults[0].code == "too_many_cells"
    assert read_workbook(tmp_path / "a.xlsx", limits=Limits(memory=1024 * 1024)).faults[0].code == "too_big"
    assert read_workbook(tmp_path).faults[0].code == "missing_file"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (b"<c r='S9'><v>NaN</v></c>", "cell_error"),
        (b"<c r='S9'><v>1e400</v></c>", "cell_error"),
        (b"<c r='S9' t='e'><v>#REF!</v></c>", "cell_error"),
        (b"<c r='S9'><f>1+1</f></c>", "formula_without_value"),
        (b"<c r='S9' t='inlineStr'><is><t>a_x0000_b</t></is></c>", "bad_character"),
        (b"<c r='S9' t='inlineStr'><is><t>a_xD83D_b</t></is></c>", "bad_character"),
        (b"<c r='S9' t='inlineStr'><is><t>" + b"x" * 40_000 + b"</t></is></c>", "text_too_long"),
    ],
)
def test_odd_cells_are_faults_at_their_cell(tmp_path: Path, good: bytes, cell: bytes, code: str) -> None:
    path = tmp_path / "a.xlsx"
    name = "<c r='A9' t='inlineStr'><is><t>王小明</t></is></c>".encode()
    path.write_bytes(with_row(b"<row r='9'>" + name + b"<c r='M9'><v>1</v></c>" + cell + b"</row>")(good))
    assert ("花名册", 9, "备注", code) in {(e["sheet"], e["row"], e["column"], e["code"]) for e in codes_of(path)}


def test_a_million_empty_rows_cost_nothing(tmp_path: Path, good: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(with_row(b"".join(b'<row r="%d"/>' % n for n in range(20, 300_000)))(good))
    plan = plan_import(read_workbook(path), actor=None, at=timezone.now())
    assert (plan.faults, plan.created, plan.updated) == ((), 0, 0)


def test_file_names_lose_what_misleads() -> None:
    assert clean_file_name("../../etc/\u202epasswd\r\n.xlsx") == "passwd.xlsx"
    assert clean_file_name("C:\\我的\\花名册.xlsx") == "花名册.xlsx"
    assert clean_file_name("150404197007047234材料.xlsx") == "150404***********4材料.xlsx"
    assert clean_file_name("\n") == "workbook.xlsx"


@pytest.mark.parametrize("seed", range(PARTS_TRIED))
def test_mutated_workbooks_never_raise(tmp_path: Path, good: bytes, seed: int) -> None:
    """Bytes of the parts changed at random: read or refused, never an exception, nothing half-written."""
    chance, parts = Random(seed), parts_of(good)
    name = chance.choice([part for part in parts if part.endswith((".xml", ".rels"))])
    data = bytearray(parts[name])
    for _ in range(chance.randint(1, 12)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    parts[name] = bytes(data)
    path = tmp_path / "a.xlsx"
    path.write_bytes(packed(parts))
    before = stored_rows()
    plan = plan_import(read_workbook(path), actor=None, at=timezone.now())
    assert all(fault.message for fault in plan.faults)
    assert stored_rows() == before


@pytest.mark.parametrize("seed", range(ARCHIVES_TRIED))
def test_mutated_archives_never_raise(tmp_path: Path, good: bytes, seed: int) -> None:
    chance, data = Random(seed), bytearray(good)
    for _ in range(chance.randint(1, 20)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path = tmp_path / "a.xlsx"
    path.write_bytes(bytes(data))
    plan = plan_import(read_workbook(path), actor=None, at=timezone.now())
    assert all(fault.message for fault in plan.faults)


SPREADSHEET = b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row><Cell><Data>a'
OTHER_KINDS: dict[str, tuple[bytes, set[str]]] = {
    "bytes of no encoding": (b"\x81\xff\xfe,\xff" * 50, {"damaged", "not_a_table"}),
    "SpreadsheetML with entities": (LAUGHS + SPREADSHEET, {"entities", "damaged"}),
    "SpreadsheetML cut off": (SPREADSHEET, {"damaged"}),
    "a cell without end": (b'"' + b"x" * 300_000, {"damaged", "too_big"}),
    "a page of spans": (
        b"<html><table>" + b"<tr>" + b"<td rowspan=9999 colspan=99999>a</td>" * 50_000 + b"</table>",
        {"too_many_cells", "too_big", "slow"},
    ),
    "old workbook of noise": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 40, {"damaged", "too_big"}),
    "open document of noise": (packed({"mimetype": b"x", "content.xml": b"<a><b>"}), {"damaged"}),
    "binary workbook of noise": (packed({"xl/workbook.bin": b"\0" * 99}), {"damaged", "empty_file", "too_big"}),
    "archive in an archive": (packed({"a.xlsx": packed({"b.xlsx": packed({"c.csv": b"x"})})}), {"empty_file"}),
    "text like a picture": (b"GIF89a" + b"x" * 99, {"not_a_table"}),
}


@pytest.mark.parametrize("name", OTHER_KINDS)
def test_other_kinds_get_a_sentence_too(tmp_path: Path, name: str) -> None:
    content, codes = OTHER_KINDS[name]
    path = tmp_path / "bad.xls"
    path.write_bytes(content)
    [fault] = read_workbook(path, limits=Limits(memory=700 * 1024 * 1024, cells=2_000_000)).faults
    assert fault.code in codes and len(fault.message) > 8
