"""One person, one record: numbers corrected, duplicates merged with their ledgers, mistakes removed (rules 9.8)."""

from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from payroll.models import PaidTo, PayLine, PayrollRun, Payslip, Settlement
from payroll.selectors.freshness import moved_since
from payroll.selectors.ledger import paid_sums
from payroll.selectors.merging import plan_merger
from payroll.services.merging import merge_people, remove_person
from payroll.services.runs import compute_runs
from payroll.services.transitions import submit_runs
from songshan_cw.data.refusal import NotAllowed, Refused
from songshan_cw.words import periods
from tests import amounts
from tests.payroll import world
from tests.workbook import build
from workers.models import Certificate, Change, Exit, FormerNumber, PostAssignment, Standing, Worker
from workers.rules.identity import check_character
from workers.selectors.duplicates import lookalikes, sharing_notices
from workers.selectors.numbers import worker_with
from workers.selectors.search import search
from workers.services import Entry, amend_person, register_worker
from workers.services.numbers import correct_id
from workers.services.standing import refresh_standing
from workers.workbook.planning import plan_import
from workers.workbook.reading import read_workbook

pytestmark = pytest.mark.usefixtures("table")
HIRED = date(2024, 1, 10)
EMPTY: dict[str, list[Any]] = {"花名册": []}


def number(sequence: int, born: str = "19900101") -> str:
    first = f"150404{born}{sequence:03d}"
    return first + check_character(first)


def registered(sequence: int = 1, **more: Any) -> Worker:
    given = {"name": "张三丰", "category": "专职工作者", "hired_on": HIRED, "entry_education": "大学专科"} | more
    community = given.pop("community", world.A1)
    worker = Worker.objects.create(id_number=number(sequence), initials="zsf", **given)
    PostAssignment.objects.create(
        worker=worker, start=given["hired_on"], community_id=community, post="工作人员", position="社区工作者"
    )
    refresh_standing([worker.pk])
    return worker


def approve(month: str) -> None:
    world.pay_month(month)


# --- a wrong number ---


def test_a_corrected_number_leaves_an_alias_and_what_was_approved(tmp_path: Path) -> None:
    worker = registered()
    approve("2026-09")
    old, new = number(1), number(2)
    call_command("correct_id", old, new, "--reason", "录错", "--by", "bureau", stdout=StringIO())
    worker.refresh_from_db()
    assert worker.id_number == new and [one.id_number for one in worker.former_numbers.all()] == [old]
    assert PaidTo.objects.get().id_number == old
    assert worker_with(old) == worker_with(new) == worker
    assert Worker.objects.get(search(old, by_number=True)) == worker
    assert not Worker.objects.filter(search(old, by_number=False)).exists()
    out = StringIO()
    call_command("explain_pay", old, "2026-09", stdout=out)
    assert worker.name in out.getvalue()
    change = Change.objects.filter(worker=worker).first()
    assert change is not None and change.reason == "录错" and old not in str(change.items)


def test_an_old_file_knows_the_person_by_the_former_number(tmp_path: Path) -> None:
    worker = registered(name="王小明")
    correct_id(actor=world.user("bureau"), worker=worker, number=number(2), reason="录错", at=world.NOW)
    rows = [["王小明", number(1), date(2025, 6, 30), "病假"]]
    book = {"花名册": [], "中断服务": [["王小明", number(1), date(2025, 6, 1), date(2025, 6, 30), "病假"]]}
    plan = plan_import(read_workbook(build.save(book, tmp_path / "old.xlsx")), actor=None, at=world.NOW)
    assert plan.faults == () and (plan.created, plan.tally["花名册"]["created"]) == (1, 0), rows
    assert [one.message for one in plan.notices if "更正前" in one.message]
    clerk_of_another = world.user("clerk-b")
    plan = plan_import(read_workbook(tmp_path / "old.xlsx"), actor=clerk_of_another, at=world.NOW)
    assert [one.code for one in plan.faults] == ["unknown_person"] and not plan.notices


def test_a_number_is_corrected_by_bureau_or_administrator_alone() -> None:
    worker = registered()
    with pytest.raises(NotAllowed):
        correct_id(actor=world.user("clerk-a"), worker=worker, number=number(2), reason="录错", at=world.NOW)
    other = registered(3, name="李四")
    bureau = world.user("bureau")
    for given, said in ((number(1), "相同"), (number(3), "合并"), (number(2)[:17] + "?", "身份证号")):
        with pytest.raises(Refused, match=said):
            correct_id(actor=bureau, worker=worker, number=given, reason="录错", at=world.NOW)
    with pytest.raises(Refused, match="原因"):
        correct_id(actor=bureau, worker=worker, number=number(2), reason=" ", at=world.NOW)
    with pytest.raises(Refused, match="未满16周岁"):
        correct_id(actor=bureau, worker=worker, number=number(2, "20100101"), reason="录错", at=world.NOW)
    correct_id(actor=bureau, worker=worker, number=number(2), reason="录错", at=world.NOW)
    with pytest.raises(Refused, match="更正前的号码"):
        correct_id(actor=bureau, worker=other, number=number(1), reason="录错", at=world.NOW)
    correct_id(actor=bureau, worker=worker, number=number(1), reason="原来是对的", at=world.NOW)
    assert [one.id_number for one in FormerNumber.objects.all()] == [number(2)]
    worker.refresh_from_db()
    worker.id_number = number(4)
    with pytest.raises(Refused, match="更正身份证号"):
        amend_person(actor=world.user("admin"), worker=worker, saved=[Entry(worker)], at=world.NOW)


def test_nobody_is_registered_under_a_former_number() -> None:
    correct_id(actor=world.user("bureau"), worker=registered(), number=number(2), reason="录错", at=world.NOW)
    again = Worker(
        id_number=number(1), name="张三丰", category="专职工作者", hired_on=HIRED, entry_education="大学专科"
    )
    community = Standing.objects.get().community
    given: dict[str, Any] = {"community": community, "post": "工作人员", "position": "社区工作者", "at": world.NOW}
    with pytest.raises(Refused, match="更正前的号码"):
        register_worker(actor=world.user("clerk-a"), worker=again, **given)


# --- two records of one person ---


def test_a_duplicate_is_merged_and_what_it_was_paid_is_taken_back() -> None:
    keep = registered()
    approve("2026-07")
    other = registered(2, phone="13900000000")
    approve("2026-08")  # both are paid, the other with arrears back to July
    paid = {key: sum(sums.values()) for key, sums in paid_sums([keep.pk, other.pk]).items()}
    lines = list(PayLine.objects.order_by("pk").values_list())
    Certificate.objects.create(worker=other, level="社会工作师", approved_on=date(2026, 6, 1))
    merge_people(actor=world.user("bureau"), keep=keep, other=other, reason="重复登记", at=world.NOW)
    keep.refresh_from_db()
    other.refresh_from_db()
    assert other.merged_into == keep and not Standing.objects.filter(worker=other).exists()
    assert keep.phone == "13900000000" and keep.certificates.count() == 1
    assert keep.postassignments.count() == 1 and other.postassignments.count() == 0
    assert list(PayLine.objects.order_by("pk").values_list()) == lines
    assert sum(paid_sums([keep.pk])[keep.pk].values()) == sum(paid.values())
    assert not Settlement.objects.filter(worker__in=[keep, other]).exists()
    assert worker_with(number(2)) == keep
    compute_runs(month=periods.month(2026, 9), street_codes=[world.A], at=world.NOW)
    slip = Payslip.objects.get(month=periods.month(2026, 9))
    certificate = 2 * Decimal(300)  # July and August
    assert slip.worker == keep
    twice = sum(line.amount for line in PayLine.objects.filter(worker=other).exclude(component="绩效计提"))
    assert amounts.of(slip, "arrears") == certificate - twice


def test_what_contradicts_is_named_and_nothing_is_written() -> None:
    keep, other = registered(), registered(2)
    Exit.objects.create(worker=keep, left_on=date(2026, 3, 1), reason="退休")
    Exit.objects.create(worker=other, left_on=date(2026, 4, 1), reason="退休")
    plan = plan_merger(keep=keep, other=other, today=world.NOW.date())
    assert len(plan.conflicts) == 1 and "离职不一致" in plan.conflicts[0]
    with pytest.raises(Refused, match="离职不一致"):
        merge_people(actor=world.user("bureau"), keep=keep, other=other, reason="重复登记", at=world.NOW)
    assert other.postassignments.count() == 1
    Exit.objects.filter(worker=other).delete()
    PostAssignment.objects.create(
        worker=other, start=date(2026, 5, 1), community_id=world.A2, post="工作人员", position="社区工作者"
    )
    with pytest.raises(Refused, match="晚于离职日期"):
        merge_people(actor=world.user("bureau"), keep=keep, other=other, reason="重复登记", at=world.NOW)


def test_merging_by_command_previews_first() -> None:
    keep, other = registered(), registered(2)
    out = StringIO()
    given = {"reason": "重复登记", "by": "bureau", "stdout": out}
    call_command("merge_people", number(1), number(2), dry_run=True, **given)
    assert "未写入" in out.getvalue() and Worker.objects.filter(merged_into=None).count() == 2
    call_command("merge_people", number(1), number(2), **given)
    assert Worker.objects.get(pk=other.pk).merged_into == keep
    with pytest.raises(CommandError, match="同一份"):
        call_command("merge_people", number(1), number(2), **given)
    with pytest.raises(CommandError):
        call_command("merge_people", number(1), number(5), **given)


# --- a record entered by mistake ---


def test_a_mistake_in_a_draft_is_removed_whole() -> None:
    registered(name="真有其人")
    mistake = registered(2, name="误登")
    Certificate.objects.create(worker=mistake, level="社会工作师", approved_on=date(2026, 6, 1))
    compute_runs(month=periods.month(2026, 10), street_codes=[world.A], at=world.NOW)
    assert Payslip.objects.count() == 2
    remove_person(actor=world.user("bureau"), worker=mistake, reason="误登", at=world.NOW)
    assert not Worker.objects.filter(pk=mistake.pk).exists() and Payslip.objects.count() == 1
    run = PayrollRun.objects.get()
    assert run.headcount == 1 and not moved_since([run])[run.pk].words()
    items = Change.objects.latest("pk").items
    assert any(item[0] == "证书" for item in items) and number(2) not in str(items)


def test_whom_approved_pay_knows_is_not_removed() -> None:
    worker = registered()
    compute_runs(month=periods.month(2026, 9), street_codes=[world.A], at=world.NOW)
    submit_runs(month=periods.month(2026, 9), street_codes=[world.A], actor=world.user("clerk-a"), at=world.NOW)
    with pytest.raises(Refused, match="已提交"):
        remove_person(actor=world.user("bureau"), worker=worker, reason="误登", at=world.NOW)
    PayrollRun.objects.all()
    with pytest.raises(NotAllowed):
        remove_person(actor=world.user("clerk-a"), worker=worker, reason="误登", at=world.NOW)


def test_a_paid_person_is_not_removed() -> None:
    worker = registered()
    approve("2026-09")
    with pytest.raises(Refused, match="请合并"):
        remove_person(actor=world.user("bureau"), worker=worker, reason="误登", at=world.NOW)


# --- notices and pages ---


def test_who_shares_name_card_or_telephone_is_pointed_out(tmp_path: Path) -> None:
    first = registered(name="王小明", phone="13900000000", bank_account="6228480000001111")
    second = registered(2, name="王小明", phone="13900000000", bank_account="6228480000001111")
    told = sharing_notices(world.user("clerk-a"), second)
    assert [one.split("与")[0] for one in told] == ["王小明的银行卡号", "王小明的联系电话", "王小明的姓名和社区"]
    [found] = lookalikes(world.user("bureau"), second)
    assert found.worker == first and found.shared == "银行卡号、联系电话、姓名和社区"
    assert lookalikes(world.user("clerk-b"), second) == []
    row = build.person(1, 姓名="王小明", 身份证号=number(9), 联系电话="13900000000", 社区="甲一社区")
    row[5] = "甲街道"
    plan = plan_import(read_workbook(build.save({"花名册": [row]}, tmp_path / "a.xlsx")), actor=None, at=world.NOW)
    assert plan.faults == ()
    assert {one.column for one in plan.notices} == {"姓名", "联系电话"}


def act(client: Client, name: str, worker: Worker, **given: str) -> Any:
    return client.post(reverse(f"admin:{name}", args=[worker.pk]), {"reason": "核对", **given})


def test_each_act_on_its_page_is_previewed_and_confirmed(client: Client) -> None:
    worker, other, mistake = registered(), registered(2), registered(3, name="误登")
    client.force_login(world.user("bureau"))
    assert client.get(reverse("admin:correct_number", args=[worker.pk])).status_code == 200
    page = act(client, "correct_number", worker, number=number(5), step="preview")
    assert "出生日期不变" in page.content.decode() and worker_with(number(5)) is None
    assert act(client, "correct_number", worker, number=number(5), step="confirm").status_code == 302
    assert worker_with(number(5)) == worker
    assert "张三丰" in client.get(reverse("admin:merge_people", args=[worker.pk])).content.decode()
    page = act(client, "merge_people", worker, other=str(other.pk), step="preview")
    assert "两份的台账合计" in page.content.decode()
    assert act(client, "merge_people", worker, other=str(other.pk), step="confirm").status_code == 302
    assert Worker.objects.get(pk=other.pk).merged_into == worker
    assert "不能恢复" in act(client, "remove_person", mistake, step="preview").content.decode()
    assert act(client, "remove_person", mistake, step="confirm").status_code == 302
    assert not Worker.objects.filter(pk=mistake.pk).exists()
    client.force_login(world.user("clerk-a"))
    assert client.get(reverse("admin:remove_person", args=[worker.pk])).status_code == 403
