"""Indexes of the ledger that another one serves as well, and that each row of every month was entered into.

Dropped by name: rebuilding a table for it, as SQLite would, takes its triggers along.
"""

import django.db.models.deletion
from django.db import migrations, models

SERVED = {"payslip": ("worker", "table"), "payline": ("payslip", "worker")}
PATTERNS = "_like"  # beside the index of a text key, for LIKE, which nothing asks of a slip's community


def drop(apps, schema_editor):
    for model, column in _columns(apps):
        for name in _names(schema_editor, model, column):
            schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")
    slips = apps.get_model("payroll", "payslip")
    for name in _names(schema_editor, slips, "community_id"):
        if name.endswith(PATTERNS):
            schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")


def create(apps, schema_editor):
    for model, column in _columns(apps):
        field = model._meta.get_field(column.removesuffix("_id"))
        schema_editor.execute(schema_editor._create_index_sql(model, fields=[field]))


def _columns(apps):
    for name, fields in SERVED.items():
        model = apps.get_model("payroll", name)
        yield from ((model, model._meta.get_field(field).column) for field in fields)


def _names(schema_editor, model, column):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, model._meta.db_table)
    return [
        name
        for name, found in constraints.items()
        if found["index"] and not found["unique"] and found["columns"] == [column]
    ]


def _unindexed(model, name, **field):
    key = models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, **field)
    return migrations.AlterField(model_name=model, name=name, field=key)


class Migration(migrations.Migration):
    dependencies = [("payroll", "0006_large_lists")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                _unindexed("payslip", "worker", related_name="slips", to="workers.worker", verbose_name="社区工作者"),
                _unindexed("payslip", "table", related_name="+", to="payroll.gradetable", verbose_name="等级系数表"),
                _unindexed("payline", "payslip", related_name="lines", to="payroll.payslip", verbose_name="工资条"),
                _unindexed("payline", "worker", related_name="+", to="workers.worker", verbose_name="社区工作者"),
            ],
            database_operations=[migrations.RunPython(drop, create)],
        )
    ]
