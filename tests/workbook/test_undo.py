"""An import is taken back whole: what it added goes, what it changed is as before, unless something lies on it."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from payroll.models import Payslip
from payroll.services.runs import compute_runs
from payroll.services.transitions import approve_runs, submit_runs
from payroll.services.undoing import undo_import
from songshan_cw.data.refusal import Overtaken, Refused
from songshan_cw.words.terms import Role
from tests.payroll.world import bring_table
from tests.workbook import build
from tests.workbook.stored_rows import stored_rows
from workers.models import Change, Contract, Placement, ServiceGap, User, WorkbookImport, Worker
from workers.services import record_fact
from workers.workbook.writing import import_file

pytestmark = pytest.mark.django_db
AT = datetime(2024, 7, 20, 2, tzinfo=UTC)
STREET = "150404001"


@pytest.fixture
def admin() -> User:
    build.make_regions()
    for name, role, region in (("bureau", Role.BUREAU, "150404"), ("clerk", Role.CLERK, STREET)):
        User.objects.create(username=name, role=role.value, region_id=region)
    return User.objects.create(username="admin", role=Role.ADMINISTRATOR.value)


def brought(book: build.Book, folder: Path, actor: User) -> WorkbookImport:
    record = import_file(build.save(book, folder / "book.xlsx"), actor=actor, at=timezone.now()).record
    assert record is not None
    return record


def changed_book() -> build.Book:
    """Other telephone, account, contract and note of somebody stored; a further placement; a further person."""
    book = build.clean_book()
    book["花名册"][2] = build.person(2, 联系电话="13999999999", 银行卡号="6228489999999999999", 备注="改")
    book["定级核定"] = [*book["定级核定"], [*book["花名册"][1][:2], "2023-04", 7.25, "松民〔2023〕2号"]]
    book["花名册"].append(build.person(6))
    return book


def test_a_second_import_undone_leaves_all_as_the_first_left_it(admin: User, tmp_path: Path) -> None:
    brought(build.clean_book(), tmp_path, admin)
    before = stored_rows()
    record = brought(changed_book(), tmp_path, admin)
    assert stored_rows() != before
    undo_import(import_id=record.pk, actor=admin, at=AT)
    assert stored_rows() == before
    assert Change.objects.filter(reason="撤回导入").count() == 3
    with pytest.raises(Overtaken, match="已经撤回过"):
        undo_import(import_id=record.pk, actor=admin, at=AT)


def test_the_first_import_undone_leaves_nobody(admin: User, tmp_path: Path) -> None:
    record = brought(build.clean_book(), tmp_path, admin)
    undo_import(import_id=record.pk, actor=admin, at=AT)
    assert not Worker.objects.exists() and not Contract.objects.exists() and not Placement.objects.exists()


@pytest.mark.parametrize("what", ["changed", "added"])
def test_later_entries_on_top_are_named(admin: User, tmp_path: Path, what: str) -> None:
    record = brought(build.clean_book(), tmp_path, admin)
    worker = Worker.objects.get(id_number=build.person(2)[1])
    if what == "changed":
        worker.phone = "13800000000"
        worker.save()
    else:
        Placement.objects.create(worker=worker, month=2023 * 12, credited_months=60)
    before = stored_rows()
    with pytest.raises(Refused, match=worker.name):
        undo_import(import_id=record.pk, actor=admin, at=AT)
    assert stored_rows() == before


def paid(folder: Path, *, approved: bool) -> int:
    bring_table(folder / "table")
    month = 2024 * 12 + 5
    compute_runs(month=month, street_codes=[STREET], at=AT)
    if approved:
        submit_runs(month=month, street_codes=[STREET], actor=User.objects.get(username="clerk"), at=AT)
        bureau = User.objects.get(username="bureau")
        approve_runs(month=month, street_codes=[STREET], actor=bureau, at=AT, **review())
    return month


def review() -> dict[str, Any]:
    """Approve whatever needs a second look, where approvals know of these."""
    return {"review_all": True} if "review_all" in approve_runs.__wrapped__.__kwdefaults__ else {}


def test_who_an_approved_month_knows_keeps_the_import(admin: User, tmp_path: Path) -> None:
    record = brought(build.clean_book(), tmp_path, admin)
    paid(tmp_path, approved=True)
    before = stored_rows()
    with pytest.raises(Refused, match="工资条"):
        undo_import(import_id=record.pk, actor=admin, at=AT)
    assert stored_rows() == before


def test_a_draft_loses_the_person_and_is_computed_again(admin: User, tmp_path: Path) -> None:
    brought(build.clean_book(), tmp_path, admin)
    book = build.clean_book()
    book["花名册"].append(build.person(7))
    record = brought(book, tmp_path, admin)
    month = paid(tmp_path, approved=False)
    newcomer = Worker.objects.get(id_number=build.person(7)[1])
    assert Payslip.objects.filter(worker=newcomer, month=month).exists()
    undo_import(import_id=record.pk, actor=admin, at=AT)
    slips = Payslip.objects.filter(month=month)
    assert slips.exists() and slips.first().run.headcount == slips.count()


def test_a_late_fact_of_an_import_nets_by_arrears(admin: User, tmp_path: Path) -> None:
    """A placement brought by an import lifts the approved month; undone, the next run takes the difference back."""
    brought(build.clean_book(), tmp_path, admin)
    month = paid(tmp_path, approved=True)
    book = build.clean_book()
    book["定级核定"] = [*book["定级核定"], [*book["花名册"][1][:2], "2024-06", 20, "松民〔2024〕3号"]]
    record = brought(book, tmp_path, admin)
    person = Worker.objects.get(id_number=build.person(1)[1])
    compute_runs(month=month + 1, street_codes=[STREET], at=AT)
    assert Payslip.objects.get(worker=person, month=month + 1).lines.filter(for_month=month).exists()
    undo_import(import_id=record.pk, actor=admin, at=AT)
    compute_runs(month=month + 1, street_codes=[STREET], at=AT)
    assert not Payslip.objects.get(worker=person, month=month + 1).lines.filter(for_month=month).exists()


def test_the_command(admin: User, tmp_path: Path) -> None:
    record = brought(build.clean_book(), tmp_path, admin)
    with pytest.raises(CommandError, match="没有编号为999"):
        call_command("undo_import", "999", "--by", "admin")
    call_command("undo_import", str(record.pk), "--by", "admin")
    assert not Worker.objects.exists()


def test_what_is_restored_is_judged_with_what_was_entered_since(admin: User, tmp_path: Path) -> None:
    book = build.clean_book()
    brought(book, tmp_path, admin)
    book["中断服务"][0][3] = date(2019, 3, 31)
    record = brought(book, tmp_path, admin)
    gap = ServiceGap.objects.get()
    later = ServiceGap(worker=gap.worker, first_day=date(2019, 4, 10), last_day=date(2019, 4, 20))
    record_fact(actor=admin, instance=later, at=AT)
    before = stored_rows()
    with pytest.raises(Refused, match="重叠"):
        undo_import(import_id=record.pk, actor=admin, at=AT)
    assert stored_rows() == before
