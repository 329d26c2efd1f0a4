"""Trails can only be added to: triggers on both engines (rules 10.6)."""

import django.db.models.deletion
from django.db import migrations, models

from songshan_cw.data import append_only

TABLES = ("workers_change", "workers_privateaccess", "workers_workbookimport")


def create(_apps, schema_editor):
    for statement in append_only.create_statements(schema_editor.connection.vendor, TABLES):
        schema_editor.execute(statement)


def drop(_apps, schema_editor):
    for statement in append_only.drop_statements(schema_editor.connection.vendor, TABLES):
        schema_editor.execute(statement)


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
