"""Rosters as streets keep them: other kinds of file, other layouts, other words; read so, or asked and answered."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workbook import build
from workers.models import Certificate, Exit, PostAssignment, Worker
from workers.workbook.cells import CellFault, Context, clean_id_number, clean_name
from workers.workbook.dates import clean_date

pytestmark = pytest.mark.django_db
HEADS = [
    "序号",
    "姓名",
    "身份证号",
    "街道",
    "社区",
    "人员类别",
    "岗位",
    "职务",
    "学历",
    "参加社区工作时间",
    "联系电话",
    "备注",
]
TODAY = Context(False, date(2026, 12, 1))


def person(index: int, **changes: Any) -> dict[str, Any]:
    return {
        "序号": index + 1,
        "姓名": "王李张刘陈"[index % 5] + "小明",
        "身份证号": build.id_number(date(1985, 1, 1 + index), 2 * index + 1),
        "街道": "振兴街道",
        "社区": "北苑社区",
        "人员类别": "专职工作者",
        "岗位": "工作人员",
        "职务": "社区工作者",
        "学历": "大学本科",
        "参加社区工作时间": "2018-07-15",
        "联系电话": f"1390476{index:04d}",
        "备注": None,
    } | changes


def lines(people: list[dict[str, Any]], heads: list[str] = HEADS) -> list[list[Any]]:
    return [[one.get(head) for head in heads] for one in people]


def saved(path: Path, sheets: dict[str, list[list[Any]]], spoil: Callable[[Any], None] | None = None) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if spoil is not None:
        spoil(book)
    book.save(path)
    return path


def imported(path: Path, *options: str, answers: dict[str, str] | None = None) -> dict[str, Any]:
    build.make_regions()
    if answers is not None:
        given_answers = path.with_suffix(".json")
        given_answers.write_text(json.dumps(answers), "utf-8")
        options = (*options, "--answers", str(given_answers))
    out = StringIO()
    try:
        call_command("import_workbook", str(path), "--json", *options, stdout=out)
    except CommandError:
        assert not out.getvalue() or json.loads(out.getvalue())["import"] is None
    return json.loads(out.getvalue())


def keys(document: dict[str, Any]) -> list[str]:
    return [question["key"] for question in document["questions"]]


def html(rows: list[list[Any]]) -> bytes:
    body = "".join(f"<tr>{''.join(f'<td>{cell or str()}</td>' for cell in row)}</tr>" for row in rows)
    return f"<html><body><table>{body}</table></body></html>".encode("gbk")


def separated(rows: list[list[Any]], encoding: str, mark: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows([["" if cell is None else cell for cell in row] for row in rows])
    return out.getvalue().encode(encoding)


def spreadsheetml(rows: list[list[Any]]) -> bytes:
    body = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell or ""}</Data></Cell>' for cell in row) + "</Row>"
        for row in rows
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    sheet = f'<Worksheet ss:Name="a"><Table>{body}</Table></Worksheet>'
    return f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}">{sheet}</Workbook>'.encode()


def zipped(rows: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("北苑.csv", separated(rows, "utf-8"))
    return out.getvalue()


KINDS: dict[str, Callable[[list[list[Any]]], bytes]] = {
    "csv in GBK": lambda rows: separated(rows, "gbk"),
    "csv in UTF-8": lambda rows: separated(rows, "utf-8-sig"),
    "text in UTF-16": lambda rows: separated(rows, "utf-16", "\t"),
    "web page": html,
    "SpreadsheetML": spreadsheetml,
    "archive": zipped,
}


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_of_file_are_known_by_their_bytes(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "名册.xls"
    path.write_bytes(KINDS[kind]([HEADS, *lines([person(0), person(1)])]))
    done = imported(path)
    assert (done["errors"], done["questions"], Worker.objects.count()) == ([], [], 2)


@pytest.mark.parametrize(
    ("content", "word"), [(b"%PDF-1.7\n", "PDF"), (b"\xff\xd8\xff\xe0", "图片"), (b"Rar!\x1a\x07", "RAR")]
)
def test_what_is_no_table_gets_a_sentence(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    [fault] = imported(path)["errors"]
    assert fault["code"] == "not_a_table" and word in fault["message"]


def test_sheets_by_community_without_columns_of_place(tmp_path: Path) -> None:
    heads = [head for head in HEADS if head not in {"街道", "社区", "岗位", "人员类别"}]
    sheets = {
        name: [[f"振兴街道{name}工作者名册"], heads, *lines([person(index)], heads), ["合计", "1人"]]
        for index, name in enumerate(["北苑社区", "广场社区"])
    }
    done = imported(saved(tmp_path / "a.xlsx", sheets))
    assert (done["errors"], done["questions"]) == ([], [])
    codes = PostAssignment.objects.order_by("community_id").values_list("community_id", "post")
    assert list(codes) == [("150404001001", "工作人员"), ("150404001002", "工作人员")]
    assert set(Worker.objects.values_list("category", flat=True)) == {"专职工作者"}
    assert [row["reason"] for row in done["skipped"]] == ["合计或签注行"] * 2


def test_spoken_positions_are_asked_once_and_the_dual_post_is_understood(tmp_path: Path) -> None:
    people = [person(0, 职务="书记、主任", 岗位=None), *(person(i, 职务="网格员", 岗位=None) for i in (1, 2))]
    path = saved(tmp_path / "a.xlsx", {"Sheet1": [HEADS, *lines(people)]})
    asked = imported(path)
    assert keys(asked) == ["value:职务:网格员"] and asked["questions"][0]["suggested"] is None
    assert {"党组织书记（一肩挑）", "社区工作者"} <= set(asked["questions"][0]["choices"])
    done = imported(path, answers={"value:职务:网格员": "社区工作者"})
    assert (done["errors"], done["questions"]) == ([], [])
    assert PostAssignment.objects.filter(position="党组织书记", dual=True).count() == 1
    assert PostAssignment.objects.filter(position="社区工作者").count() == 2


def test_an_answer_outside_the_choices_is_none(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", {"Sheet1": [HEADS, *lines([person(0, 职务="网格员", 岗位=None)])]})
    [question] = imported(path, answers={"value:职务:网格员": "厅长"})["questions"]
    assert question["key"] == "value:职务:网格员" and "“厅长”不在可选之列" in question["message"]


def test_of_two_degrees_the_clerk_says_which(tmp_path: Path) -> None:
    heads = [*HEADS[:8], "全日制学历", "在职学历", *HEADS[9:]]
    rows = lines([person(0, 全日制学历="高中", 在职学历="本科")], heads)
    path = saved(tmp_path / "a.xlsx", {"名单": [heads, *rows]})
    [question] = imported(path)["questions"]
    assert question["kind"] == "column" and question["suggested"] is None
    imported(path, answers={question["key"]: "取较高者"})
    assert Worker.objects.get().entry_education == "大学本科"


def test_a_hidden_sheet_and_volunteers_are_read_only_when_asked_for(tmp_path: Path) -> None:
    def hide(book: Any) -> None:
        book["花名册"].sheet_state = "hidden"

    sheets = {
        "花名册": [HEADS, *lines([person(0)])],
        "志愿者名单": [HEADS, *lines([person(1)])],
        "Sheet1": [HEADS, *lines([person(2)])],
    }
    path = saved(tmp_path / "a.xlsx", sheets, hide)
    assert keys(imported(path)) == ["sheet:花名册", "sheet:志愿者名单"]
    imported(path, "--accept-suggestions")
    assert [worker.id_number for worker in Worker.objects.all()] == [person(2)["身份证号"]]


def test_people_who_have_left_are_asked_and_come_in_as_left(tmp_path: Path) -> None:
    rows = [["一、在岗人员（1人）"], *lines([person(0)]), ["二、退休人员（1人）"], *lines([person(1)])]
    path = saved(tmp_path / "a.xlsx", {"名册": [HEADS, *rows]})
    [key] = keys(imported(path))
    [dated] = keys(imported(path, answers={key: "left"}))
    assert (key, dated) == ("rows:分段:退休人员", "fill:离职日期:分段:退休人员:李小明")
    done = imported(path, answers={key: "left", dated: "2025-03-01"})
    assert done["errors"] == [] and Exit.objects.get().left_on == date(2025, 3, 1)
    assert Worker.objects.count() == 2


def test_nobody_is_lost_without_a_word(tmp_path: Path) -> None:
    people = [person(0), person(1, 身份证号="待补"), person(2, 姓名="（空缺）")]
    path = saved(tmp_path / "a.xlsx", {"名册": [HEADS, *lines(people)]})
    assert keys(imported(path)) == ["rows:身份证号:空", "rows:姓名:空缺"]
    done = imported(path, answers={"rows:身份证号:空": "leave", "rows:姓名:空缺": "leave"})
    assert [row["row"] for row in done["skipped"]] == [3, 4] and Worker.objects.count() == 1


def test_a_sex_that_the_number_contradicts_is_asked(tmp_path: Path) -> None:
    heads = [*HEADS, "性别"]
    path = saved(tmp_path / "a.xlsx", {"名册": [heads, *lines([person(0, 性别="女")], heads)]})
    [question] = imported(path)["questions"]
    assert (question["key"], question["values"]) == ("rows:性别", [2])


def test_certificates_in_a_roster_are_rows_of_their_sheet(tmp_path: Path) -> None:
    heads = [*HEADS, "社工证", "取得时间"]
    people = [person(0, 社工证="初级", 取得时间="2019.10"), person(1, 社工证="中级"), person(2, 社工证="无")]
    path = saved(tmp_path / "a.xlsx", {"名册": [heads, *lines(people, heads)]})
    [key] = keys(imported(path))
    imported(path, answers={key: "2021-09-01"})
    found = Certificate.objects.order_by("approved_on").values_list("level", "approved_on")
    assert list(found) == [("助理社会工作师", date(2019, 10, 1)), ("社会工作师", date(2021, 9, 1))]


def test_a_list_of_telephones_updates_stored_people(tmp_path: Path) -> None:
    imported(saved(tmp_path / "a.xlsx", {"名册": [HEADS, *lines([person(0)])]}))
    heads = ["姓名", "身份证号", "联系电话"]
    path = saved(tmp_path / "b.xlsx", {"电话": [heads, *lines([person(0, 联系电话="13800000000")], heads)]})
    assert keys(imported(path)) == ["update_only:电话"]
    done = imported(path, answers={"update_only:电话": "是"})
    assert (done["updated"], Worker.objects.get().phone) == (1, "13800000000")
    path = saved(tmp_path / "c.xlsx", {"电话": [heads, *lines([person(1)], heads)]})
    assert [e["code"] for e in imported(path, "--accept-suggestions")["errors"]] == ["unknown_person"]


def test_a_pay_sheet_is_said_to_be_one(tmp_path: Path) -> None:
    rows = [["序号", "姓名", "身份证号", "基本工资", "实发工资"], [1, "王小明", person(0)["身份证号"], 3150.5, 2850.5]]
    assert [e["code"] for e in imported(saved(tmp_path / "a.xlsx", {"11月": rows}))["errors"]] == ["pay_sheet"]


ID = build.id_number(date(1985, 1, 1), 1)
X = next(number for n in range(1, 60) if (number := build.id_number(date(1985, 1, 1), n)).endswith("X"))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (X.lower(), X), (X[:-1] + "×", X), (X[:-1] + "Х", X), (f"‘{ID}", ID), (f"身份证{ID}", ID),
        (f"{ID[:6]}-{ID[6:14]}-{ID[14:]}", ID), (f"{ID}（已核）", None), (ID * 2, None), (X[:-1] + "*", None),
    ],
)  # fmt: skip
def test_ways_of_writing_a_number(written: str, read: str | None) -> None:
    assert _cleaned(clean_id_number, written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("二〇一八年七月", "2018-07-01"), ("2018年7月起", "2018-07-01"), ("2018、7、15", "2018-07-15"),
        ("2018.7.", "2018-07-01"),
        ("2018—07—15", "2018-07-15"), ("2018年07月15日 星期日", "2018-07-15"), ("20211", None), (20211.0, None),
        ("2021.1.1-2023.12.31", None), ("18年7月", None), ("2018年7月中旬", None), (("shown", "2018.10"), "2018-10-01"),
    ],
)  # fmt: skip
def test_ways_of_writing_a_day(written: Any, read: str | None) -> None:
    assert _cleaned(clean_date, written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("阿拉坦.其其格", "阿拉坦·其其格"), ("阿拉坦•其其格", "阿拉坦·其其格"), ("欧阳  娜  娜", "欧阳娜娜"),
        ("孟桂兰(退休)", "孟桂兰"),
        ("陆建军（女）", None), ("张三、李四", None), ("张三\n李四", None), ("罗晓东1", None), ("杨玉珍*", None),
    ],
)  # fmt: skip
def test_ways_of_writing_a_name(written: str, read: str | None) -> None:
    assert _cleaned(clean_name, written) == read


def _cleaned(clean: Callable[..., Any], written: Any) -> str | None:
    try:
        value = clean(written, TODAY)
    except CellFault:
        return None
    return str(getattr(value, "value", value))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(HEADS),
    title=st.integers(0, 3),
    starred=st.booleans(),
    total=st.booleans(),
    sheet=st.sampled_from(["花名册", "Sheet1", "振兴街道", "2026年人员"]),
)
def test_any_layout_reads_to_the_same_people(
    tmp_path: Path, order: list[str], title: int, starred: bool, total: bool, sheet: str
) -> None:
    """The same people in any order of columns, under any titles, with marks and totals, change nothing again."""
    people = [person(index) for index in range(3)]
    imported(saved(tmp_path / "first.xlsx", {"花名册": [HEADS, *lines(people)]}))
    heads = [f"*{head}" if starred else head for head in order]
    rows = [["振兴街道社区工作者名册"]] * title + [heads, *lines(people, order)] + [["合计", 3]] * total
    done = imported(saved(tmp_path / "again.xlsx", {sheet: rows}))
    assert (done["errors"], done["questions"]) == ([], [])
    assert (done["unchanged"], done["created"], done["updated"]) == (3, 0, 0)


def test_a_name_without_a_number_is_the_only_one_of_the_community(tmp_path: Path) -> None:
    two = [person(0, 姓名="王小红"), person(1, 姓名="王小红", 社区="广场社区"), person(2)]
    imported(saved(tmp_path / "a.xlsx", {"名册": [HEADS, *lines(two)]}))
    heads = ["姓名", "社区", "联系电话"]
    rows = [["王小红", "广场社区", "13800000001"], ["王小红", None, "13800000002"]]
    rows.append(["赵无名", "北苑社区", "13800000003"])
    path = saved(tmp_path / "b.xlsx", {"电话": [heads, *rows]})
    assert sorted(keys(imported(path))) == ["rows:身份证号:王小红", "rows:身份证号:空", "update_only:电话"]
    answers = {"update_only:电话": "是", "rows:身份证号:空": "leave", "rows:身份证号:王小红": "leave"}
    done = imported(path, answers=answers)
    assert (done["errors"], done["updated"], len(done["skipped"])) == ([], 1, 2)
    assert Worker.objects.get(phone="13800000001").id_number == person(1)["身份证号"]


def test_a_contract_before_hiring_is_asked(tmp_path: Path) -> None:
    heads = [*HEADS, "合同起始日"]
    path = saved(tmp_path / "a.xlsx", {"名册": [heads, *lines([person(0, 合同起始日="2015-01-01")], heads)]})
    assert keys(imported(path)) == ["rows:合同起始日"]
    assert imported(path, answers={"rows:合同起始日": "take"})["created"] == 1


def test_where_no_head_is_known_the_clerk_names_its_row(tmp_path: Path) -> None:
    heads = ["甲", "乙", "丙", "丁", "戊", "己"]
    rows = lines(
        [person(index) for index in range(4)], ["姓名", "身份证号", "社区", "职务", "学历", "参加社区工作时间"]
    )
    path = saved(tmp_path / "a.xlsx", {"振兴街道": [["2026年"], heads, *rows]})
    [question] = imported(path)["questions"]
    assert (question["kind"], question["suggested"]) == ("head_row", "2")
    answers = {question["key"]: "2"}
    for _ in range(3):
        asked = imported(path, answers=answers)["questions"]
        answers |= {one["key"]: one["suggested"] for one in asked if one["suggested"]}
    assert Worker.objects.count() == 4
