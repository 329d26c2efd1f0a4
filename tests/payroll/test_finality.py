"""Approved is final, by any path, on both engines (rules 7.1)."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, models, transaction

from payroll.models import (
    GradeCoefficient,
    GradeTable,
    PayLine,
    PayrollRun,
    Payslip,
    PayStandard,
    RunEvent,
    StepRequirement,
)
from tests.payroll.conftest import table
from tests.payroll.world import pay_month, person, staff
from tests.worlds import shared

PAY_MODELS = [PayrollRun, Payslip, PayLine]
TABLE_MODELS = [GradeTable, GradeCoefficient, StepRequirement, PayStandard]
COLUMN = {
    PayrollRun: "return_reason",
    Payslip: "name",
    PayLine: "clause",
    RunEvent: "reason",
    GradeTable: "name",
    GradeCoefficient: "coefficient",
    StepRequirement: "months",
    PayStandard: "annual_base",
}


@shared(table)
def approved(table: GradeTable) -> None:
    person(staff(date(2020, 1, 1)))
    pay_month("2022-01")


def refused(statement: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("model", [*PAY_MODELS, RunEvent, *TABLE_MODELS])
@pytest.mark.parametrize("path", ["raw update", "raw delete", "queryset update", "bulk delete"])
def test_no_path_changes_what_is_final(approved: None, model: type[models.Model], path: str) -> None:
    table, column = model._meta.db_table, COLUMN[model]
    before = list(model.objects.order_by("pk").values())
    if path == "raw update":
        refused(f"UPDATE {table} SET {column} = '7'")
    elif path == "raw delete":
        refused(f"DELETE FROM {table}")
    else:
        rows = model.objects.all()
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**{column: "7"}) if path == "queryset update" else rows._raw_delete(rows.db)
    assert list(model.objects.order_by("pk").values()) == before


def test_nothing_is_smuggled_into_an_approved_run(approved: None) -> None:
    slip = Payslip.objects.get()
    line = {"worker": slip.worker, "for_month": slip.month - 1, "amount": 5, "already_paid": 0, "clause": "x"}
    with pytest.raises(IntegrityError), transaction.atomic():
        PayLine.objects.create(payslip=slip, component="职业津贴", **line)
    with pytest.raises(IntegrityError), transaction.atomic():
        slip.pk, slip.month = None, slip.month + 1
        slip.save(force_insert=True)


def test_a_slip_cannot_be_moved_into_an_approved_run(approved: None, table: GradeTable) -> None:
    person(staff(date(2020, 1, 1)))
    final = PayrollRun.objects.get()
    from payroll.services.runs import compute_runs
    from tests.payroll.world import NOW, A

    compute_runs(month=final.month + 1, street_codes=[A], at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payslip.objects.filter(month=final.month + 1).update(run=final)


def test_a_paid_person_cannot_be_deleted(approved: None) -> None:
    worker = Payslip.objects.get().worker
    with pytest.raises(models.ProtectedError):
        worker.delete()


def test_the_database_refuses_a_second_slip(table: GradeTable) -> None:
    from payroll.services.runs import compute_runs
    from tests.payroll.world import NOW, A

    person(staff(date(2020, 1, 1)))
    compute_runs(month=2022 * 12, street_codes=[A], at=NOW)
    slip = Payslip.objects.get()
    slip.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        slip.save(force_insert=True)


def test_the_database_refuses_approval_by_the_submitter_and_of_a_trial(approved: None) -> None:
    run = PayrollRun.objects.get()
    values = {"street": run.street, "table": run.table, "computed_at": run.computed_at, "state": "已审核"}
    people = {"submitted_by": run.submitted_by, "approved_at": run.approved_at}
    with pytest.raises(IntegrityError), transaction.atomic():
        PayrollRun.objects.create(month=run.month + 1, trial=False, approved_by=run.submitted_by, **values, **people)
    with pytest.raises(IntegrityError), transaction.atomic():
        PayrollRun.objects.create(month=run.month + 1, trial=True, approved_by=run.approved_by, **values, **people)


@pytest.mark.postgres
@pytest.mark.parametrize("model", PAY_MODELS)
def test_truncation_is_refused(approved: None, model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    refused(f"TRUNCATE {model._meta.db_table} CASCADE")
