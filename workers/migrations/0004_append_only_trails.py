"""Trails can only be added to: triggers on both engines (rules 10.6)."""

import django.db.models.deletion
from django.db import migrations, models

MESSAGE = "留痕记录只能新增，不可更改或删除。"
POSTGRESQL = (
    "CREATE FUNCTION append_only_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER append_only_{table} BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION append_only_{table}()",
    "CREATE TRIGGER append_only_{table}_whole BEFORE TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION append_only_{table}()",
)
SQLITE = (
    "CREATE TRIGGER append_only_{table}_update BEFORE UPDATE ON {table} FOR EACH ROW "
    "BEGIN SELECT RAISE(ABORT, '{message}'); END",
    "CREATE TRIGGER append_only_{table}_delete BEFORE DELETE ON {table} FOR EACH ROW "
    "BEGIN SELECT RAISE(ABORT, '{message}'); END",
)
DROP_POSTGRESQL = ("DROP FUNCTION IF EXISTS append_only_{table}() CASCADE",)
DROP_SQLITE = (
    "DROP TRIGGER IF EXISTS append_only_{table}_update",
    "DROP TRIGGER IF EXISTS append_only_{table}_delete",
)
TABLES = ("workers_change", "workers_privateaccess", "workers_workbookimport")


def execute(schema_editor, statements):
    for table in TABLES:
        for statement in statements:
            schema_editor.execute(statement.format(table=table, message=MESSAGE), params=None)


def create(_apps, schema_editor):
    execute(schema_editor, POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE)


def drop(_apps, schema_editor):
    execute(schema_editor, DROP_POSTGRESQL if schema_editor.connection.vendor == "postgresql" else DROP_SQLITE)


class Migration(migrations.Migration):
    dependencies = [("workers", "0003_accounts_and_uploads")]
    operations = [
        migrations.AlterField(
            model_name="change",
            name="worker",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="changes",
                to="workers.worker",
                verbose_name="社区工作者",
            ),
        ),
        migrations.RunPython(create, drop),
    ]
