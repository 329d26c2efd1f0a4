"""The generated workbook: the contract's ten sheets, the same people when read back, and nothing to change twice."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from payroll.demo.loading import district_communities
from payroll.demo.people import generate_people
from payroll.demo.workbook import TITLE, write_people
from workers.models import Worker
from workers.services.regions import load_regions
from workers.workbook.planning import plan_import
from workers.workbook.reading import read_workbook
from workers.workbook.writing import apply_import

TODAY = date(2026, 11, 21)
AT = datetime(2026, 11, 21, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
CONTRACT = {
    "花名册": "姓名 身份证号 民族 政治面貌 联系电话 街道(乡镇) 社区 人员类别 岗位 职务 一肩挑 学历 入职学历 "
    "参加社区工作时间 合同起始日 合同终止日 开户行 银行卡号 备注",
    "岗位变动": "姓名 身份证号 任职日期 社区 岗位 职务 一肩挑 文号",
    "学历提升": "姓名 身份证号 学历 取得日期 毕业院校 专业",
    "职业资格": "姓名 身份证号 证书等级 批准日期 证书编号 失效日期",
    "年度考核": "姓名 身份证号 年度 等次",
    "中断服务": "姓名 身份证号 开始日期 结束日期 原因",
    "定级核定": "姓名 身份证号 核定月份 核定工作年限 文号",
    "离职": "姓名 身份证号 离职日期 原因",
    "借调": "姓名 身份证号 借调单位 开始日期 结束日期 原因",
    "培训": "姓名 身份证号 培训名称 开始日期 结束日期 学时",
    "人员类别": "姓名 身份证号 起始日期 人员类别 文号",
}
WITHOUT_ROWS = {"人员类别"}  # nobody of the demo changes category

pytestmark = pytest.mark.django_db


@pytest.fixture
def generated(tmp_path):
    load_regions(["150404"])
    people = list(generate_people(district_communities("150404"), total=300, today=TODAY))
    path = tmp_path / "人员.xlsx"
    assert write_people(people, path) == 300
    return people, path


def test_the_sheets_and_columns_of_the_contract_each_with_rows(generated):
    people, path = generated
    book = load_workbook(path)
    assert book.sheetnames == list(CONTRACT)
    assert book["花名册"]["A1"].value == TITLE
    for name, columns in CONTRACT.items():
        rows = [[cell for cell in row if cell is not None] for row in book[name].iter_rows(values_only=True)]
        header = rows[1] if name == "花名册" else rows[0]
        assert header == columns.split()
        assert name in WITHOUT_ROWS or len(rows) > 3, name
    assert book["花名册"].max_row == len(people) + 2
    assert {type(row[0].value) for row in book["花名册"]["B3:B20"]} == {str}


def test_it_imports_without_a_fault_and_a_second_time_changes_nothing(generated):
    people, path = generated
    done = apply_import(read_workbook(path), actor=None, at=AT)
    assert done.plan.faults == ()
    assert Worker.objects.count() == len(people)
    again = plan_import(read_workbook(path), actor=None, at=AT)
    assert (again.created, again.updated, again.unchanged) == (0, 0, again.rows)


def test_what_was_invented_is_what_is_stored(generated):
    people, path = generated
    apply_import(read_workbook(path), actor=None, at=AT)
    stored = Worker.objects.select_related("standing").in_bulk(field_name="id_number")
    for person in people:
        worker, standing = stored[person.id_number], stored[person.id_number].standing
        assert (worker.name, worker.category, worker.hired_on) == (person.name, person.seat.category, person.hired)
        assert (worker.entry_education, worker.bank_account) == (person.entry_education, person.bank_account)
        assert standing.community_id == person.seat.community.code
        assert (standing.post, standing.dual) == (person.seat.post, person.seat.dual)
        assert (standing.education, standing.left_on) == (person.education, person.left and person.left[0])
