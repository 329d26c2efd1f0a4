"""Trails and seals can be added to and nothing else, by any path, on both engines (rules 10.6)."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from payroll.ledger import triggers
from payroll.ledger.sealing import seal_trails
from payroll.ledger.seals import trail_rows
from payroll.models import PayrollRun, RunSeal, TrailSeal
from tests.payroll.world import NOW, user
from workers.models import Change, PrivateAccess, Region, WorkbookImport
from workers.services import remove_worker

COUNTS = {"row_count": 1, "created_count": 1, "updated_count": 0, "unchanged_count": 0}
COLUMN = {Change: "reason", PrivateAccess: "what", WorkbookImport: "file_name", RunSeal: "digest", TrailSeal: "digest"}
MODELS = list(COLUMN)


@pytest.fixture
def trails(paid: None) -> None:
    PrivateAccess.objects.create(actor=user("bureau"), what="名册")
    WorkbookImport.objects.create(actor=user("admin"), file_name="甲.xlsx", sha256="0" * 64, **COUNTS)
    Change.objects.create(actor=user("admin"), subject="甲", items=[["人员", "甲", "姓名", "乙", "甲"]])
    seal_trails(at=NOW)


def refused(statement: str) -> None:
    with pytest.raises(IntegrityError, match="只能新增"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("model", MODELS)
def test_no_path_changes_a_trail(trails: None, model: type[models.Model]) -> None:
    table, column = model._meta.db_table, COLUMN[model]
    before = list(model._default_manager.order_by("pk").values())
    assert before
    refused(f"UPDATE {table} SET {column} = 'x'")
    refused(f"DELETE FROM {table}")
    rows = model._default_manager.all()
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**{column: "x"})
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        row = rows.first()
        setattr(row, column, "x")
        row.save()
    assert list(model._default_manager.order_by("pk").values()) == before


@pytest.mark.postgres
@pytest.mark.parametrize("model", MODELS)
def test_truncation_is_refused(trails: None, model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    refused(f"TRUNCATE {model._meta.db_table} CASCADE")


@pytest.mark.sqlite
@pytest.mark.parametrize("model", MODELS)
def test_replacing_a_row_is_refused(trails: None, model: type[models.Model]) -> None:
    """SQLite's INSERT OR REPLACE deletes without saying so; only recursive triggers see it."""
    table = model._meta.db_table
    refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


def test_every_command_that_cleans_leaves_the_trails(trails: None) -> None:
    """Trails are kept for good, which is more than the six months asked for: nothing the product has deletes them."""
    before = {model: list(model._default_manager.order_by("pk").values()) for model in MODELS}
    for command in ("clear_uploads", "rotate_keys", "clearsessions"):
        call_command(command, stdout=StringIO())
    for model, rows in before.items():
        assert list(model._default_manager.order_by("pk").values()) == rows


def test_an_access_sealed_before_it_had_a_person_reads_the_same(trails: None) -> None:
    """Columns added to a trail later are outside the seals of rows that have nothing in them."""
    (_, text), *_ = trail_rows(PrivateAccess)
    assert len(json.loads(text)) == 6
    PrivateAccess.objects.create(actor=user("bureau"), what="一人", worker_id=7)
    *_, (_, text) = trail_rows(PrivateAccess)
    assert json.loads(text)[6:] == [7]


def test_all_triggers_stand_after_all_migrations(db: None) -> None:
    """SQLite loses a table's triggers when a later migration rebuilds the table: that one must create them again."""
    assert triggers.not_standing() == []


def test_a_missing_and_a_disarmed_trigger_are_named(db: None) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER keep_payroll_payline_delete ON payroll_payline")
            cursor.execute("ALTER TABLE payroll_payslip DISABLE TRIGGER keep_payroll_payslip_update")
            cursor.execute(
                "CREATE OR REPLACE FUNCTION append_only_workers_change() RETURNS trigger LANGUAGE plpgsql "
                "AS $$ BEGIN RETURN NULL; END $$"
            )
            expected = {"keep_payroll_payslip_update", "append_only_workers_change"}
        else:
            cursor.execute("DROP TRIGGER keep_payroll_payline_delete")
            cursor.execute("DROP TRIGGER append_only_workers_change_update")
            cursor.execute(
                "CREATE TRIGGER append_only_workers_change_update BEFORE UPDATE ON workers_change BEGIN SELECT 1; END"
            )
            expected = {"append_only_workers_change_update"}
    assert set(triggers.not_standing()) == expected | {"keep_payroll_payline_delete"}


def test_a_person_struck_as_a_mistake_leaves_the_trail_as_it_was(table: None) -> None:
    from tests.payroll.world import person, staff

    worker = person(staff(NOW.date()))
    Change.objects.create(actor=user("admin"), worker=worker, subject="甲", items=[["人员", "甲", "姓名", "", "甲"]])
    before = Change.objects.values().get()
    remove_worker(actor=user("admin"), worker=worker, at=NOW)
    assert Change.objects.order_by("pk").values().first() == before
    assert Change.objects.count() == 2


def test_lifting_ends_with_every_trigger_standing(db: None) -> None:
    with transaction.atomic(), triggers.lifted():
        assert len(triggers.not_standing()) > 20
    assert triggers.not_standing() == []
    assert Region.objects.count() == PayrollRun.objects.count() == 0
