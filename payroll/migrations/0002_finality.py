"""Approved is final: triggers on both engines (rules 7.1)."""

from django.db import migrations

from payroll.ledger import finality


def create(_apps, schema_editor):
    for statement in finality.create_statements(schema_editor.connection.vendor, finality.PAY):
        schema_editor.execute(statement)


def drop(_apps, schema_editor):
    for statement in finality.drop_statements(schema_editor.connection.vendor, finality.PAY):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("payroll", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
