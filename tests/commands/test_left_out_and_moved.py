"""What commands say of districts they pass over, and of months whose facts have changed since."""

import json
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from payroll.models import GradeTable
from tests.payroll import world
from tests.payroll.world import A, pay_month, person, staff
from workers.models import CategoryRecord, Region, Worker


def elsewhere(district: str, city: str) -> Worker:
    """Somebody in another district."""
    Region.objects.get_or_create(code=city, defaults={"name": "某市", "level": "city", "parent_id": "15"})
    Region.objects.create(code=district, name="某区", level="district", parent_id=city)
    Region.objects.create(code=f"{district}001", name="丙街道", level="street", parent_id=district)
    Region.objects.create(code=f"{district}001001", name="丙社区", level="community", parent_id=f"{district}001")
    return person(staff(date(2020, 1, 1)), community=f"{district}001001")


def said(*words: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command(*words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def explained(worker: Worker, month: str) -> dict[str, Any]:
    return json.loads(said("explain_pay", worker.id_number, month, "--json")[0])


def test_a_district_that_cannot_be_paid_stops_no_other(table: GradeTable) -> None:
    """Its code comes before the others' (1.2)."""
    person(staff(date(2020, 1, 1)))
    elsewhere("150403", "1504")
    elsewhere("150602", "1506")
    out, err = said("run_payroll", "2022-03", "--json")
    assert [run["street_code"] for run in json.loads(out)["runs"]] == [A]
    assert err.count("未计算：") == 2 and "150403" in err and "没有可用的等级系数表" in err
    with pytest.raises(CommandError, match="150403"):
        said("run_payroll", "2022-03", "--street", "150403001")
    with pytest.raises(CommandError, match="150403"):
        said("run_payroll", "2021-12")


def test_policies_are_checked_where_there_are_any_and_the_rest_is_said(table: GradeTable) -> None:
    person(staff(date(2020, 1, 1)))
    elsewhere("150403", "1504")
    out, err = said("check_policy", "--json")
    assert {finding["region"][:6] for finding in json.loads(out)["findings"]} == {world.DISTRICT}
    assert err.startswith("未检查：") and "150403" in err


def test_the_first_appointment_counts_from_the_month_of_hiring_in_a_run_too(table: GradeTable) -> None:
    """3.5"""
    worker = person(staff(date(2022, 3, 7)))
    before = [step for step in explained(worker, "2022-03")["steps"] if step["cause"] == "岗位"]
    pay_month("2022-03")
    after = [step for step in explained(worker, "2022-03")["steps"] if step["cause"] == "岗位"]
    assert after == before
    assert "自聘用当月起计" in after[0]["text"] and after[0]["reading"]


def place(worker: Worker) -> None:
    world.add_facts(worker, {"placements": [{"month": "2022-03", "credited_months": 120}]})


def retire(worker: Worker) -> None:
    CategoryRecord.objects.create(worker=worker, start=date(2022, 3, 1), category="退休人员")


def lose_the_certificate(worker: Worker) -> None:
    worker.certificates.all().delete()


@pytest.mark.parametrize("change", [place, retire, lose_the_certificate])
def test_what_a_paid_month_rests_on_does_not_move_with_later_facts(
    table: GradeTable, change: Callable[[Worker], None]
) -> None:
    """5.7, 7.1"""
    worker = person(staff(date(2020, 1, 1), certificates=[{"date": date(2021, 5, 1), "level": "社会工作师"}]))
    pay_month("2022-03")
    before = explained(worker, "2022-03")
    assert before["facts_moved_since"] is False
    change(worker)
    after = explained(worker, "2022-03")
    assert (after["facts_moved_since"], after["unpaid_reason"], after["paid"]) == (True, None, True)
    assert [after[key] for key in ("steps", "grade", "gross_pay")] == [
        before[key] for key in ("steps", "grade", "gross_pay")
    ]
    assert not any("核定" in fact for fact in after["facts"])
    assert "计算之后登记有变动" in said("explain_pay", worker.id_number, "2022-03")[0]


def test_a_grade_table_in_the_encoding_of_chinese_spreadsheets(table: GradeTable, tmp_path: Path) -> None:
    folder = world.write_table(tmp_path / "gbk", start="2023-01")
    for file in folder.iterdir():
        file.write_bytes(file.read_text(encoding="utf-8").encode("gbk"))
    said("import_grade_table", str(folder))
    assert GradeTable.objects.count() == 2
    (folder / "系数.csv").write_bytes(b"\x50\x4b\x03\x04\xff\xff")
    with pytest.raises(CommandError, match=r"“系数.csv”不是文本文件"):
        said("import_grade_table", str(folder))


def test_a_line_break_inside_a_cell_of_a_csv_stays_in_it(table: GradeTable, tmp_path: Path) -> None:
    folder = world.write_table(tmp_path / "broken", start="2023-01")
    file = folder / "系数.csv"
    file.write_bytes(file.read_bytes().replace("等级".encode(), '"等\n级"'.encode(), 1))
    said("import_grade_table", str(folder))
    assert GradeTable.objects.count() == 2


def test_a_folder_is_no_file_to_export_to(table: GradeTable, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="是一个文件夹"):
        said("export_workbook", tmp_path)
