"""The demo end to end: people through the workbook import, a month to approval, the sheet on disk."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from assessment.models import AnnualAssessment
from payroll.demo.accounts import PASSWORD
from payroll.demo.loading import load_demo
from payroll.demo.month import DOCUMENT_NO, run_demo_month
from payroll.models import GradeTable, PayrollRun, Payslip
from songshan_cw.data.refusal import Refused
from songshan_cw.words import periods
from songshan_cw.words.terms import Role, RunState, TableState
from workers.models import Change, Region, User, WorkbookImport, Worker

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
OCTOBER = periods.month(2026, 10)


@pytest.fixture(autouse=True)
def debugging(settings):
    settings.DEBUG = True


def counts():
    models = (Region, User, GradeTable, Worker, AnnualAssessment, WorkbookImport, Change, PayrollRun, Payslip)
    return {model.__name__: model.objects.count() for model in models}


def test_without_debug_it_is_refused_in_words_and_nothing_is_written(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="演示数据只能装进调试环境"):
        call_command("load_demo", "--workers", "60")
    assert set(counts().values()) == {0}


def test_empty_brings_everything_but_people(capsys):
    call_command("load_demo", "--empty")
    assert "人员：按要求未装入" in capsys.readouterr().out
    assert counts() | {"Region": 0} == {**dict.fromkeys(counts(), 0), "User": 5 + 2 * 12, "GradeTable": 1}
    assert GradeTable.objects.get().state == TableState.SAMPLE.value


def test_accounts_have_the_rights_of_their_role_and_the_known_password():
    load_demo(total=0, at=AT)
    clerk = User.objects.get(username="clerk-150404001")
    assert clerk.check_password(PASSWORD)
    assert (clerk.role, clerk.region_id, clerk.sees_private) == (Role.CLERK.value, "150404001", False)
    bureau = User.objects.get(username="bureau")
    assert (bureau.role, bureau.region_id, bureau.sees_private) == (Role.BUREAU.value, "150404", True)
    assert User.objects.get(username="admin").region is None


def test_twice_is_the_same_as_once(capsys):
    call_command("load_demo", "--workers", "60")
    once, people = counts(), list(Worker.objects.order_by("pk").values_list("id_number", "name"))
    assert once["Worker"] == 60
    capsys.readouterr()
    call_command("load_demo", "--workers", "60")
    assert counts() == once
    assert list(Worker.objects.order_by("pk").values_list("id_number", "name")) == people
    assert "演示人员已在库中，未改动" in capsys.readouterr().out


def test_a_month_is_brought_to_approval_once_and_its_sheet_written(tmp_path):
    load_demo(total=60, at=AT)
    first = run_demo_month(month=OCTOBER, at=AT, folder=tmp_path)

    runs = PayrollRun.objects.filter(month=OCTOBER)
    assert {run.state for run in runs} == {RunState.APPROVED.value}
    assert first.streets == first.approved_now == runs.count() > 1
    assert {run.submitted_by.username for run in runs} == {f"clerk-{run.street_id}" for run in runs}
    sums = {column.csv_name: amount for column, amount in first.sums.items()}
    assert sums["gross_pay"] == sums["base_pay"] + sums["allowance"] + sums["arrears"] > 0
    assert GradeTable.objects.get().document_no == DOCUMENT_NO
    assert first.sheet == tmp_path / "工资发放表-2026-10.xlsx"
    assert first.sheet.read_bytes().startswith(b"PK")
    assert Worker.objects.filter(id_number=first.example).exists()

    again = run_demo_month(month=OCTOBER, at=AT, folder=tmp_path)
    assert again.approved_now == 0
    assert (again.streets, again.people, again.sums) == (first.streets, first.people, first.sums)


def test_earlier_months_come_along_but_none_before_the_scheme(tmp_path):
    load_demo(total=24, at=AT)
    march = periods.parse("2022-03")
    run_demo_month(month=march, at=AT, folder=tmp_path, earlier=11)
    months = PayrollRun.objects.filter(state=RunState.APPROVED.value).values_list("month", flat=True)
    assert set(months) == {march - 2, march - 1, march}


def test_without_people_or_accounts_the_month_is_refused_in_words(tmp_path):
    with pytest.raises(Refused, match="没有演示账号"):
        run_demo_month(month=OCTOBER, at=AT, folder=tmp_path)
    load_demo(total=0, at=AT)
    with pytest.raises(Refused, match="没有演示人员"):
        run_demo_month(month=OCTOBER, at=AT, folder=tmp_path)


def test_the_command_takes_last_month_and_prints_what_was_done(settings, tmp_path, capsys):
    settings.VAR_DIR = tmp_path
    call_command("load_demo", "--workers", "24")
    capsys.readouterr()
    call_command("demo_month")
    last = periods.month_of(timezone.localdate()) - 1
    out = capsys.readouterr().out
    for expected in (
        periods.label_zh(last),
        f"工资发放表-{periods.label(last)}.xlsx",
        "应发工资",
        "bureau",
        "explain_pay",
    ):
        assert expected in out


@pytest.mark.parametrize("number", ["0", "-3", "很多"])
def test_a_number_that_is_none_is_wrong_usage(number):
    with pytest.raises(CommandError, match="人数应为正整数"):
        call_command("load_demo", f"--workers={number}")
