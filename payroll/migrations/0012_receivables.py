"""Money owed back: debts and how they are settled, append-only by triggers."""


import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import songshan_cw.data.fields

CREATE_POSTGRESQL = (
    "CREATE FUNCTION append_only_payroll_receivable() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '留痕记录只能新增，不可更改或删除。' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER append_only_payroll_receivable BEFORE UPDATE OR DELETE ON payroll_receivable FOR EACH ROW EXECUTE FUNCTION append_only_payroll_receivable()",
    "CREATE TRIGGER append_only_payroll_receivable_whole BEFORE TRUNCATE ON payroll_receivable FOR EACH STATEMENT EXECUTE FUNCTION append_only_payroll_receivable()",
    "CREATE FUNCTION append_only_payroll_receivableentry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '留痕记录只能新增，不可更改或删除。' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER append_only_payroll_receivableentry BEFORE UPDATE OR DELETE ON payroll_receivableentry FOR EACH ROW EXECUTE FUNCTION append_only_payroll_receivableentry()",
    "CREATE TRIGGER append_only_payroll_receivableentry_whole BEFORE TRUNCATE ON payroll_receivableentry FOR EACH STATEMENT EXECUTE FUNCTION append_only_payroll_receivableentry()",
)
DROP_POSTGRESQL = (
    "DROP FUNCTION IF EXISTS append_only_payroll_receivable() CASCADE",
    "DROP FUNCTION IF EXISTS append_only_payroll_receivableentry() CASCADE",
)
CREATE_SQLITE = (
    "CREATE TRIGGER append_only_payroll_receivable_update BEFORE UPDATE ON payroll_receivable FOR EACH ROW BEGIN SELECT RAISE(ABORT, '留痕记录只能新增，不可更改或删除。'); END",
    "CREATE TRIGGER append_only_payroll_receivable_delete BEFORE DELETE ON payroll_receivable FOR EACH ROW BEGIN SELECT RAISE(ABORT, '留痕记录只能新增，不可更改或删除。'); END",
    "CREATE TRIGGER append_only_payroll_receivableentry_update BEFORE UPDATE ON payroll_receivableentry FOR EACH ROW BEGIN SELECT RAISE(ABORT, '留痕记录只能新增，不可更改或删除。'); END",
    "CREATE TRIGGER append_only_payroll_receivableentry_delete BEFORE DELETE ON payroll_receivableentry FOR EACH ROW BEGIN SELECT RAISE(ABORT, '留痕记录只能新增，不可更改或删除。'); END",
)
DROP_SQLITE = (
    "DROP TRIGGER IF EXISTS append_only_payroll_receivable_update",
    "DROP TRIGGER IF EXISTS append_only_payroll_receivable_delete",
    "DROP TRIGGER IF EXISTS append_only_payroll_receivableentry_update",
    "DROP TRIGGER IF EXISTS append_only_payroll_receivableentry_delete",
)
# What approved slips below zero left open so far (rules 5.8): nobody settled it.
ARISEN = """
INSERT INTO payroll_receivable (worker_id, street_id, arose, amount, payslip_id)
SELECT s.worker_id, r.street_id, s.month, -s.gross_pay, s.id
  FROM payroll_payslip s JOIN payroll_payrollrun r ON r.id = s.run_id
 WHERE r.state = '已审核' AND s.gross_pay < 0 ORDER BY s.month, s.id
"""


def create(_apps, schema_editor):
    schema_editor.execute(ARISEN, params=None)
    for statement in CREATE_POSTGRESQL if schema_editor.connection.vendor == "postgresql" else CREATE_SQLITE:
        schema_editor.execute(statement, params=None)


def drop(_apps, schema_editor):
    for statement in DROP_POSTGRESQL if schema_editor.connection.vendor == "postgresql" else DROP_SQLITE:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('payroll', '0011_reconciliation'),
        ('workers', '0012_two_hands'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Receivable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('arose', songshan_cw.data.fields.MonthField(verbose_name='发生月份')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='金额')),
                ('payslip', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receivable', to='payroll.payslip', verbose_name='工资条')),
                ('share', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receivable', to='payroll.performanceshare', verbose_name='绩效明细')),
                ('street', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workers.region', verbose_name='街道(乡镇)')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receivables', to='workers.worker', verbose_name='社区工作者')),
            ],
            options={
                'verbose_name': '应收款',
                'verbose_name_plural': '应收款',
                'ordering': ['arose', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ReceivableEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('工资抵扣', '工资抵扣'), ('现金归还', '现金归还'), ('核销', '核销')], max_length=10, verbose_name='方式')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='金额')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='原因')),
                ('at', models.DateTimeField(verbose_name='办理时间')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='办理人')),
                ('payslip', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recoveries', to='payroll.payslip', verbose_name='工资条')),
                ('receivable', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='payroll.receivable', verbose_name='应收款')),
            ],
            options={
                'verbose_name': '应收款结清',
                'verbose_name_plural': '应收款结清',
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='receivable',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='receivable_positive', violation_error_message='应收款应大于0。'),
        ),
        migrations.AddConstraint(
            model_name='receivableentry',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='receivable_entry_positive', violation_error_message='结清的金额应大于0。'),
        ),
        migrations.RunPython(create, drop),
    ]
