"""An approved budget is final, by any path, on both engines (rules 7.5; S 三(二))."""

import pytest
from django.db import IntegrityError, connection, models, transaction

from payroll.models import Budget, BudgetMonth, GradeTable
from songshan_cw.words.terms import RunState
from tests.money.test_budgets import YEAR, approve, compute, staffed, submit
from tests.payroll.world import DISTRICT, B
from workers.models import Region

MODELS = [Budget, BudgetMonth]
COLUMN = {Budget: "base_total", BudgetMonth: "base"}
__all__ = ["staffed"]


@pytest.fixture
def approved(staffed: None) -> None:
    compute()
    submit()
    approve()


def refused(statement: str) -> None:
    with (
        pytest.raises(IntegrityError, match="已审核的经费预算"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("path", ["raw update", "raw delete", "queryset update", "bulk delete"])
def test_no_path_changes_an_approved_budget(approved: None, model: type[models.Model], path: str) -> None:
    table, column = model._meta.db_table, COLUMN[model]
    before = list(model.objects.order_by("pk").values())
    assert before
    if path == "raw update":
        refused(f"UPDATE {table} SET {column} = 7")
    elif path == "raw delete":
        refused(f"DELETE FROM {table}")
    else:
        rows = model.objects.all()
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**{column: 7}) if path == "queryset update" else rows._raw_delete(rows.db)
    assert list(model.objects.order_by("pk").values()) == before


def test_a_state_cannot_be_taken_back(approved: None) -> None:
    refused(f"UPDATE payroll_budget SET state = '{RunState.DRAFT.value}'")


def test_no_month_is_added_or_moved_into_it(approved: None) -> None:
    budget = Budget.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        month = budget.months.first()
        month.pk, month.month = None, month.month + 12
        month.save(force_insert=True)
    draft = Budget(**{field.attname: field.value_from_object(budget) for field in Budget._meta.concrete_fields})
    draft.pk, draft.street, draft.state = None, Region.objects.get(pk=B), RunState.DRAFT.value
    draft.save(force_insert=True)
    apart = budget.months.first()
    apart.pk, apart.budget, apart.month = None, draft, apart.month + 24
    apart.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetMonth.objects.filter(budget=draft).update(budget=budget)


def test_a_draft_and_the_next_year_stay_open(approved: None, table: GradeTable) -> None:
    from payroll.services.floor import set_basis
    from tests.payroll.world import NOW, user

    kept = Budget.objects.get(year=YEAR)
    set_basis(
        actor=user("bureau"),
        district=DISTRICT,
        year=YEAR + 1,
        insurance_rate=kept.insurance_rate,
        training_per_head=kept.training_per_head,
        at=NOW,
    )
    compute(year=YEAR + 1)
    assert compute(year=YEAR + 1).state == RunState.DRAFT
    Budget.objects.filter(year=YEAR + 1).delete()
    assert Budget.objects.get() == kept


@pytest.mark.postgres
@pytest.mark.parametrize("model", MODELS)
def test_truncation_is_refused(approved: None, model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    refused(f"TRUNCATE {model._meta.db_table} CASCADE")
