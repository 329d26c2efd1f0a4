"""Importing is merging: known rows are updated, blanks wipe nothing, what goes out comes back unchanged."""

from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.models import AnnualAssessment
from tests.workbook import build
from tests.workbook.stored_rows import forget_people, stored_rows
from workers.models import (
    Change,
    Contract,
    Exit,
    Placement,
    PostAssignment,
    Secondment,
    Standing,
    Training,
    WorkbookImport,
    Worker,
)
from workers.services.standing import refresh_standing
from workers.workbook.exporting import safe_text
from workers.workbook.planning import ImportPlan, plan_import
from workers.workbook.reading import read_workbook
from workers.workbook.template import write_template
from workers.workbook.writing import apply_import

pytestmark = pytest.mark.django_db


def take(path: Path) -> ImportPlan:
    plan = apply_import(read_workbook(path), actor=None, at=timezone.now()).plan
    assert plan.faults == ()
    return plan


@pytest.fixture
def stored(tmp_path: Path) -> build.Book:
    build.make_regions()
    book = build.clean_book()
    take(build.save(book, tmp_path / "first.xlsx"))
    return book


def test_a_reason_to_leave_outside_the_policy_comes_in_and_is_told(tmp_path: Path) -> None:
    build.make_regions()
    book = build.clean_book()
    plan = take(build.save(book, tmp_path / "first.xlsx"))
    told = [notice for notice in plan.notices if notice.sheet == "离职"]
    assert [notice.column for notice in told] == ["原因"] and "“个人原因”不在政策列明的原因中，已按原文登记" in told[
        0
    ].message
    assert Exit.objects.get().reason == "个人原因"
    book["离职"][0][3] = "自动辞职"
    assert not [one for one in take(build.save(book, tmp_path / "again.xlsx")).notices if one.sheet == "离职"]


def test_blank_cells_never_wipe(tmp_path: Path, stored: build.Book) -> None:
    before = stored_rows()
    required = {
        "花名册": "姓名 身份证号 街道(乡镇) 社区 人员类别 岗位 职务 学历 参加社区工作时间",
        "岗位变动": "身份证号 任职日期 社区 岗位 职务",
        "学历提升": "身份证号 学历 取得日期",
        "职业资格": "身份证号 证书等级 批准日期",
        "年度考核": "身份证号 年度 等次",
        "中断服务": "身份证号 开始日期",
        "定级核定": "身份证号 核定月份 核定工作年限",
        "离职": "身份证号 离职日期 原因",
        "借调": "身份证号 借调单位 开始日期",
        "培训": "身份证号 培训名称 开始日期 结束日期",
    }
    for name, rows in stored.items():
        kept = required[name].split()
        for row in rows:
            row[:] = [v if h in kept else None for h, v in zip(build.HEADERS[name], row, strict=True)]
    plan = take(build.save(stored, tmp_path / "blank.xlsx"))
    assert (plan.created, plan.updated) == (0, 0)
    assert stored_rows() == before


def test_changes_are_shown_and_kept_old_to_new(tmp_path: Path, stored: build.Book) -> None:
    stored["花名册"][1][4] = "13888888888"
    stored["花名册"][1][17] = "6228480000000009999"
    stored["年度考核"][0][3] = "优秀"
    stored["花名册"][2][15] = date(2025, 7, 14)
    path = build.save(stored, tmp_path / "second.xlsx")
    before = Change.objects.count()
    plan = plan_import(read_workbook(path), actor=None, at=timezone.now())
    assert (plan.updated, plan.created) == (3, 0)
    assert Change.objects.count() == before
    take(path)
    record = WorkbookImport.objects.latest("id")
    items = [item for change in Change.objects.filter(workbook_import=record) for item in change.items]
    assert ["花名册", "", "联系电话", "139****0001", "138****8888"] in items
    assert ["花名册", "", "银行卡号", "**** 0001", "**** 9999"] in items
    assert ["年度考核", "2022", "等次", "合格", "优秀"] in items
    assert ["花名册", "", "合同终止日", "2024-07-14", "2025-07-14"] in items
    assert len(record.sha256) == 64 and record.updated_count == 3
    assert Worker.objects.get(phone="13888888888").bank_account == "6228480000000009999"
    assert Standing.objects.filter(contract_end=date(2025, 7, 14)).count() == 1


def test_a_shared_account_is_told_and_stops_nothing(tmp_path: Path, stored: build.Book) -> None:
    """With somebody in the file, and with somebody registered whom the file leaves out."""
    roster = stored["花名册"]
    roster[1][17] = roster[2][17]
    for rows, told in ((roster, "第4行的"), ([roster[0], roster[1]], "已登记的")):
        path = build.save({**stored, "花名册": rows}, tmp_path / f"{len(rows)}.xlsx")
        plan = plan_import(read_workbook(path), actor=None, at=timezone.now())
        notices = [one.message for one in plan.notices if one.column == "银行卡号"]
        assert plan.faults == () and notices and told in notices[0] and roster[2][17] not in str(notices)


def test_dry_run_writes_nothing(tmp_path: Path) -> None:
    build.make_regions()
    out = StringIO()
    call_command("import_workbook", build.save(build.clean_book(), tmp_path / "a.xlsx"), "--dry-run", stdout=out)
    assert "未写入" in out.getvalue()
    assert Worker.objects.count() == WorkbookImport.objects.count() == 0


def test_a_first_appointment_is_corrected_by_its_date(tmp_path: Path, stored: build.Book) -> None:
    name, number = stored["花名册"][2][:2]
    stored["花名册"][2][8:10] = ["副职", "居委会副主任"]
    stored["岗位变动"].append([name, number, date(2018, 7, 15), "安居社区居委会", "副职", "居委会副主任", None, None])
    assert take(build.save(stored, tmp_path / "b.xlsx")).updated == 1
    assert PostAssignment.objects.get(worker__id_number=number).post == "副职"


def test_a_corrected_day_of_hiring_moves_the_first_appointment(tmp_path: Path, stored: build.Book) -> None:
    number = stored["花名册"][2][1]
    stored["花名册"][2][13] = date(2018, 9, 1)
    assert take(build.save({"花名册": stored["花名册"]}, tmp_path / "b.xlsx")).updated == 1
    assert PostAssignment.objects.get(worker__id_number=number).start == date(2018, 9, 1)
    assert take(build.save({"花名册": stored["花名册"]}, tmp_path / "c.xlsx")).updated == 0


def test_contract_end_alone(tmp_path: Path) -> None:
    build.make_regions()
    row = build.person(1, 合同起始日=None, 合同终止日=date(2024, 7, 14))
    take(build.save({"花名册": [row]}, tmp_path / "a.xlsx"))
    assert Contract.objects.get().start == date(2018, 7, 15)
    row[15] = date(2027, 7, 14)
    assert take(build.save({"花名册": [row]}, tmp_path / "b.xlsx")).updated == 1
    row[14], row[15] = date(2024, 7, 15), date(2030, 7, 14)
    take(build.save({"花名册": [row]}, tmp_path / "c.xlsx"))
    assert list(Contract.objects.values_list("end", flat=True)) == [date(2027, 7, 14), date(2030, 7, 14)]


@pytest.mark.parametrize(("years", "months"), [(4.5, 54), (4.42, 53), (0, 0), (0.04, 0), (0.05, 1), ("12.25", 147)])
def test_years_become_the_nearest_month(tmp_path: Path, stored: build.Book, years: Any, months: int) -> None:
    stored["定级核定"][0][3] = years
    take(build.save(stored, tmp_path / "b.xlsx"))
    assert Placement.objects.get().credited_months == months


def test_left_overs_of_the_annotated_copy_and_the_template_are_passed_over(tmp_path: Path) -> None:
    build.make_regions()
    write_template(tmp_path / "form.xlsx")
    plan = take(tmp_path / "form.xlsx")
    assert (plan.rows, plan.notices) == (0, ())
    form = openpyxl.load_workbook(tmp_path / "form.xlsx")
    assert form.sheetnames == list(build.HEADERS)
    for name, headers in build.HEADERS.items():
        assert [cell.value for cell in form[name][1]] == headers
        assert form[name].max_row == 2
    lists = {str(v.sqref).split(":")[0]: v.formula1 for v in form["花名册"].data_validations.dataValidation}
    assert lists["I2"] == '"正职,副职,工作人员"'


def test_standing_is_rebuilt_the_same(stored: build.Book) -> None:
    before = stored_rows()
    refresh_standing(None)
    assert stored_rows() == before
    Standing.objects.all().delete()
    refresh_standing(None)
    assert stored_rows() == before
    PostAssignment.objects.all().delete()
    refresh_standing(list(Worker.objects.values_list("pk", flat=True)))
    assert Standing.objects.count() == 0


@pytest.mark.parametrize("text", ["=1+1", "'=1+1", "@x", "＝cmd", "-5", "''+1", "'普通", "普通"])
def test_formula_characters_go_out_as_text_and_come_back(tmp_path: Path, text: str) -> None:
    build.make_regions()
    take(build.save({"花名册": [build.person(1, 备注="甲")]}, tmp_path / "a.xlsx"))
    Worker.objects.update(note=text, bank_name=text)
    call_command("export_workbook", tmp_path / "out.xlsx", stdout=StringIO())
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["花名册"]
    assert sheet["S2"].data_type == "s" and sheet["S2"].value[:1] not in "=+-@＝"
    assert sheet["S2"].value == safe_text(text)
    assert take(tmp_path / "out.xlsx").updated == 0
    Worker.objects.update(note="", bank_name="")
    take(tmp_path / "out.xlsx")
    assert Worker.objects.get().note == text


def test_export_of_one_street_and_refusals(tmp_path: Path, stored: build.Book) -> None:
    call_command("export_workbook", tmp_path / "out.xlsx", "--street", "150404001", stdout=StringIO())
    plan = plan_import(read_workbook(tmp_path / "out.xlsx"), actor=None, at=timezone.now())
    assert plan.tally["花名册"]["unchanged"] == 3
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["花名册"]
    assert {sheet["B2"].data_type, sheet["R2"].data_type} == {"s"} and sheet["B2"].number_format == "@"
    for arguments in (("--street", "150404999"), ()):
        target = tmp_path / ("x.xlsx" if arguments else "none/x.xlsx")
        with pytest.raises(CommandError):
            call_command("export_workbook", target, *arguments, stdout=StringIO())


DAYS = st.dates(date(2019, 1, 1), date(2025, 12, 31))
TEXTS = st.text(st.characters(blacklist_categories=["Cc", "Cs", "Co", "Cn"]), max_size=30).filter(
    lambda text: not text.startswith("=")
)


@st.composite
def books(draw: Any) -> build.Book:
    """People with random facts; keys differ, so that every row is legal."""
    book: build.Book = {name: [] for name in build.HEADERS}
    for index in range(draw(st.integers(1, 4))):
        dual = draw(st.booleans())
        post = {"岗位": "正职", "职务": "党组织书记", "一肩挑": "是" if dual else "否"} if dual else {}
        row = build.person(index, 备注=draw(TEXTS), 开户行=draw(TEXTS), **post)
        book["花名册"].append(row)
        who = row[:2]
        for year in draw(st.sets(st.integers(2018, 2025), max_size=4)):
            book["年度考核"].append([*who, year, draw(st.sampled_from(["优秀", "合格", "基本合格", "不合格"]))])
        for month in draw(st.sets(st.integers(1, 12), max_size=2)):
            book["定级核定"].append([*who, f"2022-{month:02d}", draw(st.integers(0, 4000)) / 100, draw(TEXTS)])
        days = sorted(draw(st.sets(DAYS, max_size=2)))
        for place, day in enumerate(days):
            last = place + 1 == len(days)
            end = draw(st.none() | st.just(day + timedelta(9))) if last else day
            book["借调"].append([*who, "甲" + draw(TEXTS), day, end, None])
            hours = draw(st.none() | st.decimals(0, 100, places=1))
            book["培训"].append([*who, "乙" + draw(TEXTS), day, day, hours])
    return book


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(book=books())
def test_import_of_an_export_changes_nothing(tmp_path: Path, book: build.Book) -> None:
    build.make_regions()
    forget_people()
    take(build.save(book, tmp_path / "in.xlsx"))
    before = stored_rows()
    call_command("export_workbook", tmp_path / "out.xlsx", stdout=StringIO())
    plan = take(tmp_path / "out.xlsx")
    assert (plan.created, plan.updated) == (0, 0)
    forget_people()
    take(tmp_path / "out.xlsx")
    assert stored_rows() == before


def test_what_was_decided_in_the_product_is_not_rewritten(tmp_path: Path, stored: build.Book) -> None:
    AnnualAssessment.objects.filter(year=2022).update(decided_at=timezone.now())
    Secondment.objects.update(requested_at=timezone.now())
    path = build.save(stored, tmp_path / "same.xlsx")
    assert take(path).updated == 0
    stored["年度考核"][0][3] = "优秀"
    stored["借调"][0][4] = date(2022, 8, 31)
    plan = plan_import(read_workbook(build.save(stored, tmp_path / "b.xlsx")), actor=None, at=timezone.now())
    assert [(f.sheet, f.row, f.column, f.code) for f in plan.faults] == [
        ("年度考核", 2, "等次", "decided_in_product"),
        ("借调", 2, "结束日期", "decided_in_product"),
    ]


def test_spacing_of_a_name_is_no_change(tmp_path: Path, stored: build.Book) -> None:
    worker = Worker.objects.get(id_number=stored["花名册"][0][1])
    Worker.objects.filter(pk=worker.pk).update(name=" ".join(worker.name))
    del stored["花名册"][1:]
    only = {name: [row for row in rows if row[1] == worker.id_number] for name, rows in stored.items()}
    assert take(build.save(only, tmp_path / "a.xlsx")).updated == 0
    assert take(build.save({**only, "花名册": []}, tmp_path / "b.xlsx")).updated == 0


def test_hours_keep_their_scale(stored: build.Book) -> None:
    assert Training.objects.get().hours == Decimal("40.0"), connection.vendor
