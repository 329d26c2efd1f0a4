"""A payroll is a ledger of lines: amounts by component stand on lines alone, a run's sums in rows of their own.

No amount changes. Old seals keep their version, whose content is rebuilt from the lines. All settlement marks go, so
that everybody's closed months are compared once.
"""

import django.db.models.deletion
from django.db import migrations, models

import songshan_cw.data.fields

DROP_POSTGRESQL = (
    "DROP FUNCTION IF EXISTS keep_payroll_payrollrun() CASCADE",
    "DROP FUNCTION IF EXISTS keep_payroll_payslip() CASCADE",
    "DROP FUNCTION IF EXISTS keep_payroll_payline() CASCADE",
    "DROP FUNCTION IF EXISTS keep_payroll_runevent() CASCADE",
    "DROP FUNCTION IF EXISTS keep_payroll_runtotal() CASCADE",
    "DROP FUNCTION IF EXISTS keep_payroll_paidto() CASCADE",
    "DROP FUNCTION IF EXISTS keep_from_truncation() CASCADE",
    "DROP FUNCTION IF EXISTS append_only_payroll_runseal() CASCADE",
)
CREATE_POSTGRESQL = (
    "CREATE FUNCTION keep_payroll_payrollrun() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER keep_payroll_payrollrun BEFORE UPDATE OR DELETE ON payroll_payrollrun FOR EACH ROW WHEN (OLD.state = '已审核') EXECUTE FUNCTION keep_payroll_payrollrun()",
    "CREATE FUNCTION keep_payroll_payslip() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM touched x JOIN payroll_payrollrun r ON r.id = x.run_id WHERE r.state = '已审核') THEN RAISE EXCEPTION '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER keep_payroll_payslip_insert AFTER INSERT ON payroll_payslip REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_payslip()",
    "CREATE TRIGGER keep_payroll_payslip_update AFTER UPDATE ON payroll_payslip REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_payslip()",
    "CREATE TRIGGER keep_payroll_payslip_delete AFTER DELETE ON payroll_payslip REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_payslip()",
    "CREATE TRIGGER keep_payroll_payslip_moved AFTER UPDATE ON payroll_payslip REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_payslip()",
    "CREATE FUNCTION keep_payroll_payline() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM touched x JOIN payroll_payslip s ON s.id = x.payslip_id JOIN payroll_payrollrun r ON r.id = s.run_id WHERE r.state = '已审核') THEN RAISE EXCEPTION '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER keep_payroll_payline_insert AFTER INSERT ON payroll_payline REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_payline()",
    "CREATE TRIGGER keep_payroll_payline_update AFTER UPDATE ON payroll_payline REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_payline()",
    "CREATE TRIGGER keep_payroll_payline_delete AFTER DELETE ON payroll_payline REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_payline()",
    "CREATE TRIGGER keep_payroll_payline_moved AFTER UPDATE ON payroll_payline REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_payline()",
    "CREATE FUNCTION keep_payroll_runevent() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '批次流转记录只能新增。' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER keep_payroll_runevent BEFORE UPDATE OR DELETE ON payroll_runevent FOR EACH ROW EXECUTE FUNCTION keep_payroll_runevent()",
    "CREATE FUNCTION keep_payroll_runtotal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM touched x JOIN payroll_payrollrun r ON r.id = x.run_id WHERE r.state = '已审核') THEN RAISE EXCEPTION '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER keep_payroll_runtotal_insert AFTER INSERT ON payroll_runtotal REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_runtotal()",
    "CREATE TRIGGER keep_payroll_runtotal_update AFTER UPDATE ON payroll_runtotal REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_runtotal()",
    "CREATE TRIGGER keep_payroll_runtotal_delete AFTER DELETE ON payroll_runtotal REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_runtotal()",
    "CREATE TRIGGER keep_payroll_runtotal_moved AFTER UPDATE ON payroll_runtotal REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_runtotal()",
    "CREATE FUNCTION keep_payroll_paidto() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM touched x JOIN payroll_payslip s ON s.id = x.payslip_id JOIN payroll_payrollrun r ON r.id = s.run_id WHERE r.state = '已审核') THEN RAISE EXCEPTION '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER keep_payroll_paidto_insert AFTER INSERT ON payroll_paidto REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_paidto()",
    "CREATE TRIGGER keep_payroll_paidto_update AFTER UPDATE ON payroll_paidto REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_paidto()",
    "CREATE TRIGGER keep_payroll_paidto_delete AFTER DELETE ON payroll_paidto REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_paidto()",
    "CREATE TRIGGER keep_payroll_paidto_moved AFTER UPDATE ON payroll_paidto REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_paidto()",
    "CREATE FUNCTION keep_from_truncation() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM payroll_payrollrun WHERE state = '已审核') THEN RAISE EXCEPTION '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER keep_payroll_payrollrun_whole BEFORE TRUNCATE ON payroll_payrollrun FOR EACH STATEMENT EXECUTE FUNCTION keep_from_truncation()",
    "CREATE TRIGGER keep_payroll_payslip_whole BEFORE TRUNCATE ON payroll_payslip FOR EACH STATEMENT EXECUTE FUNCTION keep_from_truncation()",
    "CREATE TRIGGER keep_payroll_payline_whole BEFORE TRUNCATE ON payroll_payline FOR EACH STATEMENT EXECUTE FUNCTION keep_from_truncation()",
    "CREATE TRIGGER keep_payroll_runevent_whole BEFORE TRUNCATE ON payroll_runevent FOR EACH STATEMENT EXECUTE FUNCTION keep_from_truncation()",
    "CREATE TRIGGER keep_payroll_runtotal_whole BEFORE TRUNCATE ON payroll_runtotal FOR EACH STATEMENT EXECUTE FUNCTION keep_from_truncation()",
    "CREATE TRIGGER keep_payroll_paidto_whole BEFORE TRUNCATE ON payroll_paidto FOR EACH STATEMENT EXECUTE FUNCTION keep_from_truncation()",
    "CREATE FUNCTION append_only_payroll_runseal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '留痕记录只能新增，不可更改或删除。' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER append_only_payroll_runseal BEFORE UPDATE OR DELETE ON payroll_runseal FOR EACH ROW EXECUTE FUNCTION append_only_payroll_runseal()",
    "CREATE TRIGGER append_only_payroll_runseal_whole BEFORE TRUNCATE ON payroll_runseal FOR EACH STATEMENT EXECUTE FUNCTION append_only_payroll_runseal()",
)
DROP_SQLITE = (
    "DROP TRIGGER IF EXISTS keep_payroll_payrollrun_insert",
    "DROP TRIGGER IF EXISTS keep_payroll_payrollrun_update",
    "DROP TRIGGER IF EXISTS keep_payroll_payrollrun_delete",
    "DROP TRIGGER IF EXISTS keep_payroll_payrollrun_moved",
    "DROP TRIGGER IF EXISTS keep_payroll_payslip_insert",
    "DROP TRIGGER IF EXISTS keep_payroll_payslip_update",
    "DROP TRIGGER IF EXISTS keep_payroll_payslip_delete",
    "DROP TRIGGER IF EXISTS keep_payroll_payslip_moved",
    "DROP TRIGGER IF EXISTS keep_payroll_payline_insert",
    "DROP TRIGGER IF EXISTS keep_payroll_payline_update",
    "DROP TRIGGER IF EXISTS keep_payroll_payline_delete",
    "DROP TRIGGER IF EXISTS keep_payroll_payline_moved",
    "DROP TRIGGER IF EXISTS keep_payroll_runevent_insert",
    "DROP TRIGGER IF EXISTS keep_payroll_runevent_update",
    "DROP TRIGGER IF EXISTS keep_payroll_runevent_delete",
    "DROP TRIGGER IF EXISTS keep_payroll_runevent_moved",
    "DROP TRIGGER IF EXISTS keep_payroll_runtotal_insert",
    "DROP TRIGGER IF EXISTS keep_payroll_runtotal_update",
    "DROP TRIGGER IF EXISTS keep_payroll_runtotal_delete",
    "DROP TRIGGER IF EXISTS keep_payroll_runtotal_moved",
    "DROP TRIGGER IF EXISTS keep_payroll_paidto_insert",
    "DROP TRIGGER IF EXISTS keep_payroll_paidto_update",
    "DROP TRIGGER IF EXISTS keep_payroll_paidto_delete",
    "DROP TRIGGER IF EXISTS keep_payroll_paidto_moved",
    "DROP TRIGGER IF EXISTS append_only_payroll_runseal_update",
    "DROP TRIGGER IF EXISTS append_only_payroll_runseal_delete",
)
CREATE_SQLITE = (
    "CREATE TRIGGER keep_payroll_payrollrun_update BEFORE UPDATE ON payroll_payrollrun FOR EACH ROW WHEN OLD.state = '已审核' BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_payrollrun_delete BEFORE DELETE ON payroll_payrollrun FOR EACH ROW WHEN OLD.state = '已审核' BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_payslip_insert BEFORE INSERT ON payroll_payslip FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payrollrun r WHERE r.id = NEW.run_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_payslip_update BEFORE UPDATE ON payroll_payslip FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payrollrun r WHERE r.id = OLD.run_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_payslip_delete BEFORE DELETE ON payroll_payslip FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payrollrun r WHERE r.id = OLD.run_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_payslip_moved BEFORE UPDATE ON payroll_payslip FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payrollrun r WHERE r.id = NEW.run_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_payline_insert BEFORE INSERT ON payroll_payline FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payslip s JOIN payroll_payrollrun r ON r.id = s.run_id WHERE s.id = NEW.payslip_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_payline_update BEFORE UPDATE ON payroll_payline FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payslip s JOIN payroll_payrollrun r ON r.id = s.run_id WHERE s.id = OLD.payslip_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_payline_delete BEFORE DELETE ON payroll_payline FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payslip s JOIN payroll_payrollrun r ON r.id = s.run_id WHERE s.id = OLD.payslip_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_payline_moved BEFORE UPDATE ON payroll_payline FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payslip s JOIN payroll_payrollrun r ON r.id = s.run_id WHERE s.id = NEW.payslip_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_runevent_update BEFORE UPDATE ON payroll_runevent FOR EACH ROW WHEN 1 BEGIN SELECT RAISE(ABORT, '批次流转记录只能新增。'); END",
    "CREATE TRIGGER keep_payroll_runevent_delete BEFORE DELETE ON payroll_runevent FOR EACH ROW WHEN 1 BEGIN SELECT RAISE(ABORT, '批次流转记录只能新增。'); END",
    "CREATE TRIGGER keep_payroll_runtotal_insert BEFORE INSERT ON payroll_runtotal FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payrollrun r WHERE r.id = NEW.run_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_runtotal_update BEFORE UPDATE ON payroll_runtotal FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payrollrun r WHERE r.id = OLD.run_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_runtotal_delete BEFORE DELETE ON payroll_runtotal FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payrollrun r WHERE r.id = OLD.run_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_runtotal_moved BEFORE UPDATE ON payroll_runtotal FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payrollrun r WHERE r.id = NEW.run_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_paidto_insert BEFORE INSERT ON payroll_paidto FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payslip s JOIN payroll_payrollrun r ON r.id = s.run_id WHERE s.id = NEW.payslip_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_paidto_update BEFORE UPDATE ON payroll_paidto FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payslip s JOIN payroll_payrollrun r ON r.id = s.run_id WHERE s.id = OLD.payslip_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_paidto_delete BEFORE DELETE ON payroll_paidto FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payslip s JOIN payroll_payrollrun r ON r.id = s.run_id WHERE s.id = OLD.payslip_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_paidto_moved BEFORE UPDATE ON payroll_paidto FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payslip s JOIN payroll_payrollrun r ON r.id = s.run_id WHERE s.id = NEW.payslip_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER append_only_payroll_runseal_update BEFORE UPDATE ON payroll_runseal FOR EACH ROW BEGIN SELECT RAISE(ABORT, '留痕记录只能新增，不可更改或删除。'); END",
    "CREATE TRIGGER append_only_payroll_runseal_delete BEFORE DELETE ON payroll_runseal FOR EACH ROW BEGIN SELECT RAISE(ABORT, '留痕记录只能新增，不可更改或删除。'); END",
)
COLUMNS = (
    ("base_pay", "base_total"),
    ("allowance", "allowance_total"),
    ("arrears", "arrears_total"),
    ("gross_pay", "gross_total"),
    ("performance_accrual", "performance_total"),
)
TOTALS = "INSERT INTO payroll_runtotal (run_id, \"column\", amount) SELECT id, '{}', {} FROM payroll_payrollrun ORDER BY id"
PAID_TO = """
INSERT INTO payroll_paidto (payslip_id, id_number, community_name, bank_name, bank_account)
SELECT s.id, w.id_number, c.name, w.bank_name, w.bank_account
  FROM payroll_payslip s JOIN payroll_payrollrun r ON r.id = s.run_id
  JOIN workers_worker w ON w.id = s.worker_id JOIN workers_region c ON c.code = s.community_id
 WHERE r.state = '已审核'
"""


def _execute(schema_editor, postgresql, sqlite):
    for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
        schema_editor.execute(statement, params=None)


def drop(_apps, schema_editor):
    _execute(schema_editor, DROP_POSTGRESQL, DROP_SQLITE)


def create(_apps, schema_editor):
    _execute(schema_editor, CREATE_POSTGRESQL, CREATE_SQLITE)


def fill(_apps, schema_editor):
    """Keep each run's sums as rows, and approved slips as they are paid today."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for column, kept in COLUMNS:
        schema_editor.execute(TOTALS.format(column, kept), params=None)
    schema_editor.execute(PAID_TO, params=None)
    schema_editor.execute("DELETE FROM payroll_settlement", params=None)


class Migration(migrations.Migration):
    dependencies = [("payroll", "0009_event_channel")]
    operations = [
        migrations.RunPython(drop, migrations.RunPython.noop),
        migrations.CreateModel(
            name='PaidTo',
            fields=[
                ('payslip', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='paid_to', serialize=False, to='payroll.payslip', verbose_name='工资条')),
                ('id_number', models.CharField(max_length=18, verbose_name='身份证号')),
                ('community_name', models.CharField(max_length=60, verbose_name='社区名称')),
                ('bank_name', models.CharField(blank=True, max_length=60, verbose_name='开户行')),
                ('bank_account', songshan_cw.data.fields.SealedTextField(blank=True, verbose_name='银行卡号')),
            ],
            options={
                'verbose_name': '发放对象',
                'verbose_name_plural': '发放对象',
            },
        ),
        migrations.CreateModel(
            name='RunTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('column', models.CharField(max_length=40, verbose_name='栏目')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='合计')),
            ],
            options={
                'verbose_name': '批次合计',
                'verbose_name_plural': '批次合计',
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='runtotal',
            name='run',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='totals', to='payroll.payrollrun', verbose_name='工资批次'),
        ),
        migrations.AddConstraint(
            model_name='runtotal',
            constraint=models.UniqueConstraint(fields=('run', 'column'), name='run_total_once'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='payslip',
            name='slip_adds_up',
        ),
        migrations.RemoveField(
            model_name='payrollrun',
            name='allowance_total',
        ),
        migrations.RemoveField(
            model_name='payrollrun',
            name='arrears_total',
        ),
        migrations.RemoveField(
            model_name='payrollrun',
            name='base_total',
        ),
        migrations.RemoveField(
            model_name='payrollrun',
            name='performance_total',
        ),
        migrations.RemoveField(
            model_name='payslip',
            name='allowance',
        ),
        migrations.RemoveField(
            model_name='payslip',
            name='arrears',
        ),
        migrations.RemoveField(
            model_name='payslip',
            name='base_pay',
        ),
        migrations.RemoveField(
            model_name='payslip',
            name='performance_accrual',
        ),
        migrations.AddField(
            model_name='runseal',
            name='version',
            field=models.PositiveSmallIntegerField(default=1, help_text='封印所涵盖内容的写法。', verbose_name='格式'),
        ),
        migrations.AlterField(
            model_name='payline',
            name='component',
            field=models.CharField(max_length=20, verbose_name='项目'),
        ),
        migrations.RunPython(create, migrations.RunPython.noop),
    ]
