"""Approved is final, kept by the database itself on both engines (rules 7.1, 7.5): the triggers, as SQL.

PostgreSQL checks once per statement (transition tables), so bulk writes stay bulk; SQLite checks row by row.
"""

from collections.abc import Collection, Iterator

from songshan_cw.words.terms import RunState, TableState

APPROVED = RunState.APPROVED.value
CONFIRMED = TableState.CONFIRMED.value
RUN, SLIP, LINE, EVENT = "payroll_payrollrun", "payroll_payslip", "payroll_payline", "payroll_runevent"
TOTAL, PAID_TO = "payroll_runtotal", "payroll_paidto"
TABLE, BUDGET, BUDGET_MONTH = "payroll_gradetable", "payroll_budget", "payroll_budgetmonth"
BATCH, SHARE = "payroll_performancebatch", "payroll_performanceshare"
TABLE_PARTS = ("payroll_gradecoefficient", "payroll_steprequirement", "payroll_paystandard")
# What may not be emptied while a row of the first is approved.
TRUNCATABLE = {RUN: (RUN, SLIP, LINE, EVENT, TOTAL, PAID_TO), BUDGET: (BUDGET, BUDGET_MONTH), BATCH: (BATCH, SHARE)}
MESSAGE = "已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。"
EVENT_MESSAGE = "批次流转记录只能新增。"
TABLE_MESSAGE = "已确认的等级系数表不可更改；请上传新表代替。"
BUDGET_MESSAGE = "已审核的经费预算不可更改或删除。"
BATCH_MESSAGE = "已审核的绩效批次不可更改或删除；有误之处请更正事实，差额进入补充批次。"

OF_RUN, OF_SLIP = (SLIP, TOTAL), (LINE, PAID_TO)
# How a row of each table, under the name {rows}, is found to belong to something final.
RUN_IS_FINAL = f"SELECT 1 FROM {{rows}} x JOIN {RUN} r ON r.id = x.run_id WHERE r.state = '{APPROVED}'"
SLIP_IS_FINAL = (
    f"SELECT 1 FROM {{rows}} x JOIN {SLIP} s ON s.id = x.payslip_id "
    f"JOIN {RUN} r ON r.id = s.run_id WHERE r.state = '{APPROVED}'"
)
TABLE_IS_FINAL = f"SELECT 1 FROM {{rows}} x JOIN {TABLE} t ON t.id = x.table_id WHERE t.state = '{CONFIRMED}'"
FINAL_ROWS = {
    **dict.fromkeys(OF_RUN, RUN_IS_FINAL),
    **dict.fromkeys(OF_SLIP, SLIP_IS_FINAL),
    **dict.fromkeys(TABLE_PARTS, TABLE_IS_FINAL),
}
FINAL_ROWS[BUDGET_MONTH] = (
    f"SELECT 1 FROM {{rows}} x JOIN {BUDGET} b ON b.id = x.budget_id WHERE b.state = '{APPROVED}'"
)
FINAL_ROWS[SHARE] = f"SELECT 1 FROM {{rows}} x JOIN {BATCH} b ON b.id = x.batch_id WHERE b.state = '{APPROVED}'"
STATES = {
    RUN: (APPROVED, MESSAGE),
    TABLE: (CONFIRMED, TABLE_MESSAGE),
    BUDGET: (APPROVED, BUDGET_MESSAGE),
    BATCH: (APPROVED, BATCH_MESSAGE),
}
BUDGETS, BATCHES = (BUDGET, BUDGET_MONTH), (BATCH, SHARE)
PAY = tuple(table for table in (*FINAL_ROWS, *STATES, EVENT) if table not in (*BUDGETS, *BATCHES))
EVERY = (*PAY, *BUDGETS, *BATCHES)


def _message(table: str) -> str:
    if table == BUDGET_MONTH:
        return BUDGET_MESSAGE
    if table == SHARE:
        return BATCH_MESSAGE
    return TABLE_MESSAGE if table in TABLE_PARTS else MESSAGE


def create_statements(vendor: str, tables: Collection[str] = EVERY) -> Iterator[str]:
    """The triggers of an engine on these tables, one statement each."""
    yield from _postgresql(tables) if vendor == "postgresql" else _sqlite(tables)


def drop_statements(vendor: str, tables: Collection[str] = EVERY) -> Iterator[str]:
    if vendor == "postgresql":
        for table in tables:
            yield f"DROP FUNCTION IF EXISTS keep_{table}() CASCADE"
        for owner in TRUNCATABLE:
            if owner in tables:
                yield f"DROP FUNCTION IF EXISTS {_truncation(owner)}() CASCADE"
        return
    for table in tables:
        for event in ("insert", "update", "delete", "moved"):
            yield f"DROP TRIGGER IF EXISTS keep_{table}_{event}"


def _raise(message: str) -> str:
    return f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'"


def _truncation(owner: str) -> str:
    return "keep_from_truncation" if owner == RUN else f"keep_{owner}_from_truncation"


def _postgresql(tables: Collection[str]) -> Iterator[str]:
    for table in tables:
        if table in FINAL_ROWS:
            yield from _postgresql_rows(table, FINAL_ROWS[table])
        elif table in STATES:
            yield from _postgresql_state(table, *STATES[table])
        else:
            yield from _postgresql_events()
    for owner, kept in TRUNCATABLE.items():
        if owner in tables:
            yield from _postgresql_truncation(owner, kept)


def _postgresql_rows(table: str, query: str) -> Iterator[str]:
    yield (
        f"CREATE FUNCTION keep_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF EXISTS ({query.format(rows='touched')}) THEN {_raise(_message(table))}; END IF; RETURN NULL; END $$"
    )
    for event, rows in (("insert", "NEW"), ("update", "OLD"), ("delete", "OLD")):
        yield (
            f"CREATE TRIGGER keep_{table}_{event} AFTER {event.upper()} ON {table} "
            f"REFERENCING {rows} TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_{table}()"
        )
    yield (
        f"CREATE TRIGGER keep_{table}_moved AFTER UPDATE ON {table} "
        f"REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_{table}()"
    )


def _postgresql_state(table: str, state: str, message: str) -> Iterator[str]:
    yield (f"CREATE FUNCTION keep_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_raise(message)}; END $$")
    yield (
        f"CREATE TRIGGER keep_{table} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
        f"WHEN (OLD.state = '{state}') EXECUTE FUNCTION keep_{table}()"
    )


def _postgresql_events() -> Iterator[str]:
    yield (
        f"CREATE FUNCTION keep_{EVENT}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_raise(EVENT_MESSAGE)}; END $$"
    )
    yield (
        f"CREATE TRIGGER keep_{EVENT} BEFORE UPDATE OR DELETE ON {EVENT} FOR EACH ROW EXECUTE FUNCTION keep_{EVENT}()"
    )


def _postgresql_truncation(owner: str, kept: Collection[str]) -> Iterator[str]:
    yield (
        f"CREATE FUNCTION {_truncation(owner)}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF EXISTS (SELECT 1 FROM {owner} WHERE state = '{APPROVED}') "
        f"THEN {_raise(STATES[owner][1])}; END IF; RETURN NULL; END $$"
    )
    for table in kept:
        yield (
            f"CREATE TRIGGER keep_{table}_whole BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {_truncation(owner)}()"
        )


def _sqlite(tables: Collection[str]) -> Iterator[str]:
    for table in tables:
        if table in FINAL_ROWS:
            for event, row in (("insert", "NEW"), ("update", "OLD"), ("delete", "OLD")):
                yield _sqlite_trigger(table, event, _sqlite_condition(table, row), _message(table))
            yield _sqlite_trigger(table, "update", _sqlite_condition(table, "NEW"), _message(table), name="moved")
        else:
            state, message = STATES.get(table, ("", EVENT_MESSAGE))
            for event in ("update", "delete"):
                yield _sqlite_trigger(table, event, f"OLD.state = '{state}'" if state else "1", message)


def _sqlite_condition(table: str, row: str) -> str:
    if table in OF_RUN:
        return f"EXISTS (SELECT 1 FROM {RUN} r WHERE r.id = {row}.run_id AND r.state = '{APPROVED}')"
    if table in OF_SLIP:
        return (
            f"EXISTS (SELECT 1 FROM {SLIP} s JOIN {RUN} r ON r.id = s.run_id "
            f"WHERE s.id = {row}.payslip_id AND r.state = '{APPROVED}')"
        )
    if table == BUDGET_MONTH:
        return f"EXISTS (SELECT 1 FROM {BUDGET} b WHERE b.id = {row}.budget_id AND b.state = '{APPROVED}')"
    if table == SHARE:
        return f"EXISTS (SELECT 1 FROM {BATCH} b WHERE b.id = {row}.batch_id AND b.state = '{APPROVED}')"
    return f"EXISTS (SELECT 1 FROM {TABLE} t WHERE t.id = {row}.table_id AND t.state = '{CONFIRMED}')"


def _sqlite_trigger(table: str, event: str, condition: str, message: str, name: str = "") -> str:
    return (
        f"CREATE TRIGGER keep_{table}_{name or event} BEFORE {event.upper()} ON {table} FOR EACH ROW "
        f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )
