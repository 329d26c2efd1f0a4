"""An approved budget is final too: triggers on both engines (rules 7.5)."""

from django.db import migrations

CREATE_POSTGRESQL = (
    "CREATE FUNCTION keep_payroll_budget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '已审核的经费预算不可更改或删除。' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER keep_payroll_budget BEFORE UPDATE OR DELETE ON payroll_budget FOR EACH ROW WHEN (OLD.state = '已审核') EXECUTE FUNCTION keep_payroll_budget()",
    "CREATE FUNCTION keep_payroll_budgetmonth() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM touched x JOIN payroll_budget b ON b.id = x.budget_id WHERE b.state = '已审核') THEN RAISE EXCEPTION '已审核的经费预算不可更改或删除。' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER keep_payroll_budgetmonth_insert AFTER INSERT ON payroll_budgetmonth REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_budgetmonth()",
    "CREATE TRIGGER keep_payroll_budgetmonth_update AFTER UPDATE ON payroll_budgetmonth REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_budgetmonth()",
    "CREATE TRIGGER keep_payroll_budgetmonth_delete AFTER DELETE ON payroll_budgetmonth REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_budgetmonth()",
    "CREATE TRIGGER keep_payroll_budgetmonth_moved AFTER UPDATE ON payroll_budgetmonth REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_budgetmonth()",
    "CREATE FUNCTION keep_payroll_budget_from_truncation() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM payroll_budget WHERE state = '已审核') THEN RAISE EXCEPTION '已审核的经费预算不可更改或删除。' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER keep_payroll_budget_whole BEFORE TRUNCATE ON payroll_budget FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_budget_from_truncation()",
    "CREATE TRIGGER keep_payroll_budgetmonth_whole BEFORE TRUNCATE ON payroll_budgetmonth FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_budget_from_truncation()",
)
DROP_POSTGRESQL = (
    "DROP FUNCTION IF EXISTS keep_payroll_budget() CASCADE",
    "DROP FUNCTION IF EXISTS keep_payroll_budgetmonth() CASCADE",
    "DROP FUNCTION IF EXISTS keep_payroll_budget_from_truncation() CASCADE",
)
CREATE_SQLITE = (
    "CREATE TRIGGER keep_payroll_budget_update BEFORE UPDATE ON payroll_budget FOR EACH ROW WHEN OLD.state = '已审核' BEGIN SELECT RAISE(ABORT, '已审核的经费预算不可更改或删除。'); END",
    "CREATE TRIGGER keep_payroll_budget_delete BEFORE DELETE ON payroll_budget FOR EACH ROW WHEN OLD.state = '已审核' BEGIN SELECT RAISE(ABORT, '已审核的经费预算不可更改或删除。'); END",
    "CREATE TRIGGER keep_payroll_budgetmonth_insert BEFORE INSERT ON payroll_budgetmonth FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_budget b WHERE b.id = NEW.budget_id AND b.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的经费预算不可更改或删除。'); END",
    "CREATE TRIGGER keep_payroll_budgetmonth_update BEFORE UPDATE ON payroll_budgetmonth FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_budget b WHERE b.id = OLD.budget_id AND b.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的经费预算不可更改或删除。'); END",
    "CREATE TRIGGER keep_payroll_budgetmonth_delete BEFORE DELETE ON payroll_budgetmonth FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_budget b WHERE b.id = OLD.budget_id AND b.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的经费预算不可更改或删除。'); END",
    "CREATE TRIGGER keep_payroll_budgetmonth_moved BEFORE UPDATE ON payroll_budgetmonth FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_budget b WHERE b.id = NEW.budget_id AND b.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的经费预算不可更改或删除。'); END",
)
DROP_SQLITE = (
    "DROP TRIGGER IF EXISTS keep_payroll_budget_insert",
    "DROP TRIGGER IF EXISTS keep_payroll_budget_update",
    "DROP TRIGGER IF EXISTS keep_payroll_budget_delete",
    "DROP TRIGGER IF EXISTS keep_payroll_budget_moved",
    "DROP TRIGGER IF EXISTS keep_payroll_budgetmonth_insert",
    "DROP TRIGGER IF EXISTS keep_payroll_budgetmonth_update",
    "DROP TRIGGER IF EXISTS keep_payroll_budgetmonth_delete",
    "DROP TRIGGER IF EXISTS keep_payroll_budgetmonth_moved",
)


def create(_apps, schema_editor):
    for statement in CREATE_POSTGRESQL if schema_editor.connection.vendor == "postgresql" else CREATE_SQLITE:
        schema_editor.execute(statement, params=None)


def drop(_apps, schema_editor):
    for statement in DROP_POSTGRESQL if schema_editor.connection.vendor == "postgresql" else DROP_SQLITE:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("payroll", "0004_money_beyond_the_month")]
    operations = [migrations.RunPython(create, drop)]
