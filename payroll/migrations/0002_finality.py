"""Approved is final: triggers on both engines (rules 7.1)."""

from django.db import migrations

CREATE_POSTGRESQL = (
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
    "CREATE FUNCTION keep_payroll_gradecoefficient() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM touched x JOIN payroll_gradetable t ON t.id = x.table_id WHERE t.state = '已确认') THEN RAISE EXCEPTION '已确认的等级系数表不可更改；请上传新表代替。' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER keep_payroll_gradecoefficient_insert AFTER INSERT ON payroll_gradecoefficient REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_gradecoefficient()",
    "CREATE TRIGGER keep_payroll_gradecoefficient_update AFTER UPDATE ON payroll_gradecoefficient REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_gradecoefficient()",
    "CREATE TRIGGER keep_payroll_gradecoefficient_delete AFTER DELETE ON payroll_gradecoefficient REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_gradecoefficient()",
    "CREATE TRIGGER keep_payroll_gradecoefficient_moved AFTER UPDATE ON payroll_gradecoefficient REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_gradecoefficient()",
    "CREATE FUNCTION keep_payroll_steprequirement() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM touched x JOIN payroll_gradetable t ON t.id = x.table_id WHERE t.state = '已确认') THEN RAISE EXCEPTION '已确认的等级系数表不可更改；请上传新表代替。' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER keep_payroll_steprequirement_insert AFTER INSERT ON payroll_steprequirement REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_steprequirement()",
    "CREATE TRIGGER keep_payroll_steprequirement_update AFTER UPDATE ON payroll_steprequirement REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_steprequirement()",
    "CREATE TRIGGER keep_payroll_steprequirement_delete AFTER DELETE ON payroll_steprequirement REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_steprequirement()",
    "CREATE TRIGGER keep_payroll_steprequirement_moved AFTER UPDATE ON payroll_steprequirement REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_steprequirement()",
    "CREATE FUNCTION keep_payroll_paystandard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM touched x JOIN payroll_gradetable t ON t.id = x.table_id WHERE t.state = '已确认') THEN RAISE EXCEPTION '已确认的等级系数表不可更改；请上传新表代替。' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER keep_payroll_paystandard_insert AFTER INSERT ON payroll_paystandard REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_paystandard()",
    "CREATE TRIGGER keep_payroll_paystandard_update AFTER UPDATE ON payroll_paystandard REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_paystandard()",
    "CREATE TRIGGER keep_payroll_paystandard_delete AFTER DELETE ON payroll_paystandard REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_paystandard()",
    "CREATE TRIGGER keep_payroll_paystandard_moved AFTER UPDATE ON payroll_paystandard REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_paystandard()",
    "CREATE FUNCTION keep_payroll_payrollrun() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER keep_payroll_payrollrun BEFORE UPDATE OR DELETE ON payroll_payrollrun FOR EACH ROW WHEN (OLD.state = '已审核') EXECUTE FUNCTION keep_payroll_payrollrun()",
    "CREATE FUNCTION keep_payroll_gradetable() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '已确认的等级系数表不可更改；请上传新表代替。' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER keep_payroll_gradetable BEFORE UPDATE OR DELETE ON payroll_gradetable FOR EACH ROW WHEN (OLD.state = '已确认') EXECUTE FUNCTION keep_payroll_gradetable()",
    "CREATE FUNCTION keep_payroll_runevent() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '批次流转记录只能新增。' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER keep_payroll_runevent BEFORE UPDATE OR DELETE ON payroll_runevent FOR EACH ROW EXECUTE FUNCTION keep_payroll_runevent()",
    "CREATE FUNCTION keep_from_truncation() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM payroll_payrollrun WHERE state = '已审核') THEN RAISE EXCEPTION '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER keep_payroll_payrollrun_whole BEFORE TRUNCATE ON payroll_payrollrun FOR EACH STATEMENT EXECUTE FUNCTION keep_from_truncation()",
    "CREATE TRIGGER keep_payroll_payslip_whole BEFORE TRUNCATE ON payroll_payslip FOR EACH STATEMENT EXECUTE FUNCTION keep_from_truncation()",
    "CREATE TRIGGER keep_payroll_payline_whole BEFORE TRUNCATE ON payroll_payline FOR EACH STATEMENT EXECUTE FUNCTION keep_from_truncation()",
    "CREATE TRIGGER keep_payroll_runevent_whole BEFORE TRUNCATE ON payroll_runevent FOR EACH STATEMENT EXECUTE FUNCTION keep_from_truncation()",
)
DROP_POSTGRESQL = (
    "DROP FUNCTION IF EXISTS keep_payroll_payslip() CASCADE",
    "DROP FUNCTION IF EXISTS keep_payroll_payline() CASCADE",
    "DROP FUNCTION IF EXISTS keep_payroll_gradecoefficient() CASCADE",
    "DROP FUNCTION IF EXISTS keep_payroll_steprequirement() CASCADE",
    "DROP FUNCTION IF EXISTS keep_payroll_paystandard() CASCADE",
    "DROP FUNCTION IF EXISTS keep_payroll_payrollrun() CASCADE",
    "DROP FUNCTION IF EXISTS keep_payroll_gradetable() CASCADE",
    "DROP FUNCTION IF EXISTS keep_payroll_runevent() CASCADE",
    "DROP FUNCTION IF EXISTS keep_from_truncation() CASCADE",
)
CREATE_SQLITE = (
    "CREATE TRIGGER keep_payroll_payslip_insert BEFORE INSERT ON payroll_payslip FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payrollrun r WHERE r.id = NEW.run_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_payslip_update BEFORE UPDATE ON payroll_payslip FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payrollrun r WHERE r.id = OLD.run_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_payslip_delete BEFORE DELETE ON payroll_payslip FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payrollrun r WHERE r.id = OLD.run_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_payslip_moved BEFORE UPDATE ON payroll_payslip FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payrollrun r WHERE r.id = NEW.run_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_payline_insert BEFORE INSERT ON payroll_payline FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payslip s JOIN payroll_payrollrun r ON r.id = s.run_id WHERE s.id = NEW.payslip_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_payline_update BEFORE UPDATE ON payroll_payline FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payslip s JOIN payroll_payrollrun r ON r.id = s.run_id WHERE s.id = OLD.payslip_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_payline_delete BEFORE DELETE ON payroll_payline FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payslip s JOIN payroll_payrollrun r ON r.id = s.run_id WHERE s.id = OLD.payslip_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_payline_moved BEFORE UPDATE ON payroll_payline FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_payslip s JOIN payroll_payrollrun r ON r.id = s.run_id WHERE s.id = NEW.payslip_id AND r.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_gradecoefficient_insert BEFORE INSERT ON payroll_gradecoefficient FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_gradetable t WHERE t.id = NEW.table_id AND t.state = '已确认') BEGIN SELECT RAISE(ABORT, '已确认的等级系数表不可更改；请上传新表代替。'); END",
    "CREATE TRIGGER keep_payroll_gradecoefficient_update BEFORE UPDATE ON payroll_gradecoefficient FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_gradetable t WHERE t.id = OLD.table_id AND t.state = '已确认') BEGIN SELECT RAISE(ABORT, '已确认的等级系数表不可更改；请上传新表代替。'); END",
    "CREATE TRIGGER keep_payroll_gradecoefficient_delete BEFORE DELETE ON payroll_gradecoefficient FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_gradetable t WHERE t.id = OLD.table_id AND t.state = '已确认') BEGIN SELECT RAISE(ABORT, '已确认的等级系数表不可更改；请上传新表代替。'); END",
    "CREATE TRIGGER keep_payroll_gradecoefficient_moved BEFORE UPDATE ON payroll_gradecoefficient FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_gradetable t WHERE t.id = NEW.table_id AND t.state = '已确认') BEGIN SELECT RAISE(ABORT, '已确认的等级系数表不可更改；请上传新表代替。'); END",
    "CREATE TRIGGER keep_payroll_steprequirement_insert BEFORE INSERT ON payroll_steprequirement FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_gradetable t WHERE t.id = NEW.table_id AND t.state = '已确认') BEGIN SELECT RAISE(ABORT, '已确认的等级系数表不可更改；请上传新表代替。'); END",
    "CREATE TRIGGER keep_payroll_steprequirement_update BEFORE UPDATE ON payroll_steprequirement FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_gradetable t WHERE t.id = OLD.table_id AND t.state = '已确认') BEGIN SELECT RAISE(ABORT, '已确认的等级系数表不可更改；请上传新表代替。'); END",
    "CREATE TRIGGER keep_payroll_steprequirement_delete BEFORE DELETE ON payroll_steprequirement FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_gradetable t WHERE t.id = OLD.table_id AND t.state = '已确认') BEGIN SELECT RAISE(ABORT, '已确认的等级系数表不可更改；请上传新表代替。'); END",
    "CREATE TRIGGER keep_payroll_steprequirement_moved BEFORE UPDATE ON payroll_steprequirement FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_gradetable t WHERE t.id = NEW.table_id AND t.state = '已确认') BEGIN SELECT RAISE(ABORT, '已确认的等级系数表不可更改；请上传新表代替。'); END",
    "CREATE TRIGGER keep_payroll_paystandard_insert BEFORE INSERT ON payroll_paystandard FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_gradetable t WHERE t.id = NEW.table_id AND t.state = '已确认') BEGIN SELECT RAISE(ABORT, '已确认的等级系数表不可更改；请上传新表代替。'); END",
    "CREATE TRIGGER keep_payroll_paystandard_update BEFORE UPDATE ON payroll_paystandard FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_gradetable t WHERE t.id = OLD.table_id AND t.state = '已确认') BEGIN SELECT RAISE(ABORT, '已确认的等级系数表不可更改；请上传新表代替。'); END",
    "CREATE TRIGGER keep_payroll_paystandard_delete BEFORE DELETE ON payroll_paystandard FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_gradetable t WHERE t.id = OLD.table_id AND t.state = '已确认') BEGIN SELECT RAISE(ABORT, '已确认的等级系数表不可更改；请上传新表代替。'); END",
    "CREATE TRIGGER keep_payroll_paystandard_moved BEFORE UPDATE ON payroll_paystandard FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_gradetable t WHERE t.id = NEW.table_id AND t.state = '已确认') BEGIN SELECT RAISE(ABORT, '已确认的等级系数表不可更改；请上传新表代替。'); END",
    "CREATE TRIGGER keep_payroll_payrollrun_update BEFORE UPDATE ON payroll_payrollrun FOR EACH ROW WHEN OLD.state = '已审核' BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_payrollrun_delete BEFORE DELETE ON payroll_payrollrun FOR EACH ROW WHEN OLD.state = '已审核' BEGIN SELECT RAISE(ABORT, '已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。'); END",
    "CREATE TRIGGER keep_payroll_gradetable_update BEFORE UPDATE ON payroll_gradetable FOR EACH ROW WHEN OLD.state = '已确认' BEGIN SELECT RAISE(ABORT, '已确认的等级系数表不可更改；请上传新表代替。'); END",
    "CREATE TRIGGER keep_payroll_gradetable_delete BEFORE DELETE ON payroll_gradetable FOR EACH ROW WHEN OLD.state = '已确认' BEGIN SELECT RAISE(ABORT, '已确认的等级系数表不可更改；请上传新表代替。'); END",
    "CREATE TRIGGER keep_payroll_runevent_update BEFORE UPDATE ON payroll_runevent FOR EACH ROW WHEN 1 BEGIN SELECT RAISE(ABORT, '批次流转记录只能新增。'); END",
    "CREATE TRIGGER keep_payroll_runevent_delete BEFORE DELETE ON payroll_runevent FOR EACH ROW WHEN 1 BEGIN SELECT RAISE(ABORT, '批次流转记录只能新增。'); END",
)
DROP_SQLITE = (
    "DROP TRIGGER IF EXISTS keep_payroll_payslip_insert",
    "DROP TRIGGER IF EXISTS keep_payroll_payslip_update",
    "DROP TRIGGER IF EXISTS keep_payroll_payslip_delete",
    "DROP TRIGGER IF EXISTS keep_payroll_payslip_moved",
    "DROP TRIGGER IF EXISTS keep_payroll_payline_insert",
    "DROP TRIGGER IF EXISTS keep_payroll_payline_update",
    "DROP TRIGGER IF EXISTS keep_payroll_payline_delete",
    "DROP TRIGGER IF EXISTS keep_payroll_payline_moved",
    "DROP TRIGGER IF EXISTS keep_payroll_gradecoefficient_insert",
    "DROP TRIGGER IF EXISTS keep_payroll_gradecoefficient_update",
    "DROP TRIGGER IF EXISTS keep_payroll_gradecoefficient_delete",
    "DROP TRIGGER IF EXISTS keep_payroll_gradecoefficient_moved",
    "DROP TRIGGER IF EXISTS keep_payroll_steprequirement_insert",
    "DROP TRIGGER IF EXISTS keep_payroll_steprequirement_update",
    "DROP TRIGGER IF EXISTS keep_payroll_steprequirement_delete",
    "DROP TRIGGER IF EXISTS keep_payroll_steprequirement_moved",
    "DROP TRIGGER IF EXISTS keep_payroll_paystandard_insert",
    "DROP TRIGGER IF EXISTS keep_payroll_paystandard_update",
    "DROP TRIGGER IF EXISTS keep_payroll_paystandard_delete",
    "DROP TRIGGER IF EXISTS keep_payroll_paystandard_moved",
    "DROP TRIGGER IF EXISTS keep_payroll_payrollrun_insert",
    "DROP TRIGGER IF EXISTS keep_payroll_payrollrun_update",
    "DROP TRIGGER IF EXISTS keep_payroll_payrollrun_delete",
    "DROP TRIGGER IF EXISTS keep_payroll_payrollrun_moved",
    "DROP TRIGGER IF EXISTS keep_payroll_gradetable_insert",
    "DROP TRIGGER IF EXISTS keep_payroll_gradetable_update",
    "DROP TRIGGER IF EXISTS keep_payroll_gradetable_delete",
    "DROP TRIGGER IF EXISTS keep_payroll_gradetable_moved",
    "DROP TRIGGER IF EXISTS keep_payroll_runevent_insert",
    "DROP TRIGGER IF EXISTS keep_payroll_runevent_update",
    "DROP TRIGGER IF EXISTS keep_payroll_runevent_delete",
    "DROP TRIGGER IF EXISTS keep_payroll_runevent_moved",
)


def create(_apps, schema_editor):
    for statement in CREATE_POSTGRESQL if schema_editor.connection.vendor == "postgresql" else CREATE_SQLITE:
        schema_editor.execute(statement, params=None)


def drop(_apps, schema_editor):
    for statement in DROP_POSTGRESQL if schema_editor.connection.vendor == "postgresql" else DROP_SQLITE:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("payroll", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
