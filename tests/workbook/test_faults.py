"""Every fault of a workbook is named at its cell, all of them in one go, and nothing is written."""

import json
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from tests.workbook import build
from workers.models import Change, WorkbookImport, Worker

pytestmark = pytest.mark.django_db
BAD_CHECKSUM = build.id_number(date(1990, 5, 5), 7)[:17] + (
    "0" if build.id_number(date(1990, 5, 5), 7)[17] != "0" else "1"
)
NOBODY = build.id_number(date(1971, 2, 3), 77)

ASKED = "asked"  # no fault, but a question what the word means

# What is written where, and the code expected at that cell: (roster column, value, code, column of the fault).
ROSTER_FAULTS: list[tuple[str, Any, str]] = [
    ("身份证号", BAD_CHECKSUM, "id_checksum"),
    ("身份证号", "15040419900505001", "id_length"),
    ("身份证号", "150404199013050010", "id_birth_date"),
    ("身份证号", "15040419900505O010", "id_format"),
    ("身份证号", 150404199005050077, "digits_lost"),
    ("姓名", None, "required"),
    ("姓名", "——", "name_unreadable"),
    ("姓名", "王\x1f明".replace("\x1f", "_x0000_"), "bad_character"),
    ("联系电话", "手机13900000000", "phone_malformed"),
    ("街道(乡镇)", "不存在街道", ASKED),
    ("社区", "没有这个社区", ASKED),
    ("社区", "150404999001", "unknown_community"),
    ("人员类别", "临时工", ASKED),
    ("岗位", "主管", ASKED),
    ("职务", "居委会主任", "post_position_mismatch"),
    ("一肩挑", "是", "dual_not_chief"),
    ("一肩挑", "也许", ASKED),
    ("学历", "大学", ASKED),
    ("学历", "博士研究生", "education_differs"),
    ("参加社区工作时间", "去年七月", "date_unreadable"),
    ("参加社区工作时间", 2018.1, "date_ambiguous"),
    ("参加社区工作时间", 2018, "date_unreadable"),
    ("参加社区工作时间", "2018-02-30", "date_unreadable"),
    ("参加社区工作时间", "7/15/2018", "date_unreadable"),
    ("参加社区工作时间", date(1940, 1, 1), "date_range"),
    ("参加社区工作时间", date(2100, 1, 1), "date_range"),
    ("参加社区工作时间", date(1951, 1, 1), "hired_before_birth"),
    ("参加社区工作时间", date(1995, 1, 1), "hired_too_young"),
    ("合同终止日", date(2020, 7, 14), "contract_end_before_start"),
    ("银行卡号", 6228480000000001234, "digits_lost"),
    ("银行卡号", "农行6228", "account_malformed"),
    ("银行卡号", "=1+1", "formula_without_value"),
    ("备注", "长" * 501, "text_too_long"),
    ("备注", "长" * 32000, "text_too_long"),
]
# (sheet, cells after 姓名 and 身份证号, column of the fault, code)
FACT_FAULTS: list[tuple[str, list[Any], str, str]] = [
    (
        "岗位变动",
        [date(2019, 1, 1), "北苑社区居委会", "工作人员", "社区工作者"],
        "任职日期",
        "first_appointment_not_hiring",
    ),
    ("岗位变动", [date(2018, 7, 15), "北苑社区居委会", "副职", "社区工作者"], "职务", "post_position_mismatch"),
    ("岗位变动", [date(2018, 7, 15), "某某社区", "工作人员", "社区工作者"], "社区", ASKED),
    ("学历提升", ["大学专科", date(2020, 7, 1)], "学历", "degree_not_higher"),
    ("学历提升", ["硕士研究生", date(2010, 7, 1)], "取得日期", "degree_before_hiring"),
    ("职业资格", ["特级社工", date(2020, 7, 1)], "证书等级", ASKED),
    ("职业资格", ["中级", None], "批准日期", "required"),
    ("职业资格", ["中级", date(2020, 7, 1), None, date(2020, 6, 30)], "失效日期", "certificate_end_before_approval"),
    ("年度考核", ["二〇二二", "合格"], "年度", "year_unreadable"),
    ("年度考核", [2017, "合格"], "年度", "before_hiring"),
    ("年度考核", [2200, "合格"], "年度", "year_range"),
    ("年度考核", [2022, "良好"], "等次", ASKED),
    ("中断服务", [date(2020, 5, 1), date(2020, 4, 1)], "结束日期", "gap_end_before_start"),
    ("中断服务", [date(2017, 5, 1), date(2017, 6, 1)], "开始日期", "gap_before_hiring"),
    ("定级核定", ["2022-03", 4.125], "核定工作年限", "too_many_decimals"),
    ("定级核定", ["2022-03", -1], "核定工作年限", "years_range"),
    ("定级核定", ["2022-03", "四年半"], "核定工作年限", "number_unreadable"),
    ("定级核定", ["2022-03", "1_0"], "核定工作年限", "number_unreadable"),
    ("定级核定", ["2017-03", 4.5], "核定月份", "placement_before_hiring"),
    ("定级核定", ["2022-13", 4.5], "核定月份", "date_unreadable"),
    ("离职", [date(2017, 1, 1), "个人原因"], "离职日期", "exit_before_hiring"),
    ("离职", [date(2022, 1, 1), None], "原因", "required"),
    ("借调", ["民政局", date(2022, 3, 1), date(2022, 2, 1)], "结束日期", "secondment_end_before_start"),
    ("培训", ["社区治理", date(2022, 3, 2), date(2022, 3, 1), 8], "结束日期", "training_end_before_start"),
    ("培训", ["社区治理", date(2022, 3, 1), date(2022, 3, 1), -8], "学时", "hours_range"),
]


def refused(path: Path, **options: Any) -> list[dict[str, Any]]:
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("import_workbook", path, "--json", stdout=out, **options)
    return json.loads(out.getvalue())["errors"]


def refused_or_asked(path: Path, **options: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("import_workbook", path, "--json", stdout=out, **options)
    document = json.loads(out.getvalue())
    return document["errors"], document["questions"]


def faulty_book() -> tuple[build.Book, list[tuple[str, int, str, str]]]:
    """One person for each fault; returns the book and where each fault must be named."""
    book: build.Book = {name: [] for name in build.HEADERS}
    expected: list[tuple[str, int, str, str]] = []
    for header, value, code in ROSTER_FAULTS:
        row = build.person(2 * len(book["花名册"]) + 1, **{header: value})
        book["花名册"].append(row)
        expected.append(("花名册", len(book["花名册"]) + 1, header, code))
    for sheet, cells, header, code in FACT_FAULTS:
        row = build.person(2 * len(book["花名册"]) + 1)
        book["花名册"].append(row)
        book[sheet].append([row[0], row[1], *cells])
        expected.append((sheet, len(book[sheet]) + 1, header, code))
    return book, expected


def cross_row_faults(book: build.Book) -> list[tuple[str, int, str, str]]:
    """Faults that lie between rows."""
    start = 2 * len(book["花名册"]) + 1
    people = [build.person(start + 2 * index) for index in range(6)]
    people[2] = build.person(start + 4, 岗位="副职", 职务="党组织副书记")
    people[3] = build.person(start + 6, 学历="硕士研究生", 入职学历=None)
    book["花名册"] += [*people, people[0]]
    last = len(book["花名册"]) + 1
    names = [(row[0], row[1]) for row in people]
    book["年度考核"] += [[*names[0], 2022, "合格"], [*names[0], 2022, "合格"], ["别人", names[1][1], 2022, "合格"]]
    book["年度考核"].append(["谁", NOBODY, 2022, "合格"])
    book["岗位变动"].append([*names[2], date(2018, 7, 1), "北苑社区居委会", "工作人员", "社区工作者"])
    book["学历提升"].append([*names[3], "硕士研究生", date(2021, 6, 1)])
    book["中断服务"] += [[*names[4], date(2020, 1, 1), date(2020, 3, 1)], [*names[4], date(2020, 3, 1), None]]
    end = {name: len(rows) + 1 for name, rows in book.items()}
    return [
        ("花名册", last, "身份证号", "duplicate_person"),
        ("年度考核", end["年度考核"] - 2, "年度", "duplicate_row"),
        ("年度考核", end["年度考核"] - 1, "姓名", "name_mismatch"),
        ("年度考核", end["年度考核"], "身份证号", "unknown_person"),
        ("花名册", last - 4, "岗位", "roster_differs_from_history"),
        ("花名册", last - 3, "入职学历", "entry_education_required"),
        ("中断服务", end["中断服务"], "开始日期", "gap_overlap"),
    ]


def test_every_fault_is_named_at_its_cell_in_one_go(tmp_path: Path) -> None:
    build.make_regions()
    book, expected = faulty_book()
    expected += cross_row_faults(book)
    errors, questions = refused_or_asked(build.save(book, tmp_path / "faulty.xlsx"), report=tmp_path / "marked.xlsx")
    assert (tmp_path / "marked.xlsx").stat().st_mode & 0o777 == 0o600
    found = {(e["sheet"], e["row"], e["column"], e["code"]) for e in errors}
    found |= {(q["sheet"], q["row"], q["column"], ASKED) for q in questions}
    assert [place for place in expected if place not in found] == []
    assert all(set(error) == {"sheet", "row", "column", "value", "code", "message"} for error in errors)
    assert all(error["message"].endswith(("。", "”")) for error in errors)
    assert Worker.objects.count() == WorkbookImport.objects.count() == Change.objects.count() == 0
    marked = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    for sheet, row, header, _ in expected:
        cell = marked[sheet].cell(row, build.HEADERS[sheet].index(header) + 1)
        assert cell.comment is not None and cell.fill.start_color.rgb == "FFFFC7CE"
    assert marked["问题清单"].max_row == len(errors) + len(questions) + 1


def test_what_is_only_odd_is_told_and_imported(tmp_path: Path) -> None:
    """A certificate of a child and a training after leaving decide nothing: the clerk sees it, the import goes on."""
    build.make_regions()
    book: build.Book = {name: [] for name in build.HEADERS}
    young, gone = build.person(1), build.person(3)
    book["花名册"] += [young, gone]
    book["职业资格"].append([young[0], young[1], "助理社会工作师", date(1995, 1, 1)])
    book["离职"].append([gone[0], gone[1], date(2022, 5, 1), "退休"])
    book["培训"].append([gone[0], gone[1], "社区治理", date(2023, 3, 1), date(2023, 3, 2), 8])
    out = StringIO()
    call_command("import_workbook", build.save(book, tmp_path / "odd.xlsx"), stdout=out)
    told = "\n".join(line for line in out.getvalue().splitlines() if line.startswith("提示："))
    for where in ("职业资格第2行", "培训第2行"):
        assert where in told
    assert Worker.objects.count() == 2


def test_few_faults_beside_the_expected_ones(tmp_path: Path) -> None:
    """A fault must not drag others behind it, or the clerk looks for what is not there."""
    build.make_regions()
    book, expected = faulty_book()
    errors = refused(build.save(book, tmp_path / "faulty.xlsx"))
    extra = {(e["sheet"], e["row"], e["column"], e["code"]) for e in errors} - set(expected)
    allowed = {"roster_differs_from_history", "education_differs", "entry_education_required", "post_position_mismatch"}
    assert {place[3] for place in extra} <= allowed
    assert len(extra) <= 8


@pytest.mark.parametrize(("sheet", "header"), [("离职", "原因"), ("岗位变动", "身份证号")])
def test_missing_column(tmp_path: Path, sheet: str, header: str) -> None:
    """One fault, not one a row."""
    build.make_regions()
    book = build.clean_book()
    headers = {sheet: [name if name != header else "其他" for name in build.HEADERS[sheet]]}
    errors = refused(build.save(book, tmp_path / "book.xlsx", headers))
    assert ("column_missing", header) in {(e["code"], e["column"]) for e in errors}
    assert len([e for e in errors if e["sheet"] == sheet]) == 1


@pytest.mark.parametrize("header", ["姓名", "职务", "学历", "参加社区工作时间"])
def test_a_missing_column_is_asked_where_values_tell_it(tmp_path: Path, header: str) -> None:
    build.make_regions()
    headers = [name if name != header else "其他" for name in build.HEADERS["花名册"]]
    path = build.save({"花名册": [build.person(1, 入职学历=None)]}, tmp_path / "book.xlsx", {"花名册": headers})
    errors, questions = refused_or_asked(path)
    assert errors == [] and [(q["key"], q["suggested"]) for q in questions] == [("column:其他", header)]


def test_missing_roster_header_and_repeated_column(tmp_path: Path) -> None:
    build.make_regions()
    book = build.clean_book()
    del book["花名册"]
    assert "sheet_missing" in {e["code"] for e in refused(build.save(book, tmp_path / "a.xlsx"))}
    headers = [*build.HEADERS["花名册"][:-1], "民族"]
    twice = build.save({"花名册": [build.person(1, 备注="汉族")]}, tmp_path / "b.xlsx", {"花名册": headers})
    errors, questions = refused_or_asked(twice)
    assert (errors, [(q["kind"], q["column"]) for q in questions]) == ([], [("column", "民族")])
    repeated = {"花名册": [build.person(1)], "培训": [], "培训情况": []}
    errors = refused(build.save(repeated, tmp_path / "c.xlsx", {"培训情况": build.HEADERS["培训"]}))
    assert "sheet_repeated" in {e["code"] for e in errors}
    errors = refused(build.save({"花名册": []}, tmp_path / "d.xlsx", {"花名册": ["甲", "乙"]}))
    assert [e["code"] for e in errors] == ["header_missing"]


def test_a_stored_person_changes_post_only_with_a_date(tmp_path: Path) -> None:
    build.make_regions()
    call_command("import_workbook", build.save(build.clean_book(), tmp_path / "a.xlsx"), stdout=StringIO())
    book = build.clean_book()
    book["花名册"][2][8:10] = ["副职", "居委会副主任"]
    book["花名册"][3][11] = "硕士研究生"
    errors = refused(build.save({"花名册": book["花名册"]}, tmp_path / "b.xlsx"))
    assert {(e["row"], e["column"]) for e in errors} == {(4, "岗位"), (4, "职务"), (5, "学历")}
    assert all("岗位变动" in e["message"] or "学历提升" in e["message"] for e in errors)
    name, number = book["花名册"][2][:2]
    book["岗位变动"].append([name, number, date(2022, 9, 1), "安居社区居委会", "副职", "居委会副主任", None, None])
    book["学历提升"].append([*book["花名册"][3][:2], "硕士研究生", date(2022, 6, 30), None, None])
    call_command("import_workbook", build.save(book, tmp_path / "c.xlsx"), stdout=StringIO())
    worker = Worker.objects.get(id_number=number)
    assert worker.standing.post == "副职"
    assert worker.postassignments.count() == 2


def test_value_is_shown_as_text(tmp_path: Path) -> None:
    build.make_regions()
    book = {"花名册": [build.person(1, 参加社区工作时间=datetime(1930, 1, 1))]}
    errors = refused(build.save(book, tmp_path / "a.xlsx"))
    assert [e["value"] for e in errors if e["code"] == "date_range"] == ["1930-01-01"]
