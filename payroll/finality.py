"""Approved is final, kept by the database itself on both engines (rules 7.1): the triggers, as SQL.

PostgreSQL checks once per statement (transition tables), so bulk writes stay bulk; SQLite checks row by row.
"""

from collections.abc import Iterator

from songshan_cw.terms import RunState, TableState

APPROVED = RunState.APPROVED.value
CONFIRMED = TableState.CONFIRMED.value
RUN, SLIP, LINE, EVENT = "payroll_payrollrun", "payroll_payslip", "payroll_payline", "payroll_runevent"
TABLE = "payroll_gradetable"
TABLE_PARTS = ("payroll_gradecoefficient", "payroll_steprequirement", "payroll_paystandard")
TRUNCATABLE = (RUN, SLIP, LINE, EVENT)
MESSAGE = "已审核的工资不可更改或删除；有误之处请更正事实，差额随下一批次补发或扣回。"
EVENT_MESSAGE = "批次流转记录只能新增。"
TABLE_MESSAGE = "已确认的等级系数表不可更改；请上传新表代替。"

# How a row of each table, under the name {rows}, is found to belong to something final.
FINAL_ROWS = {
    SLIP: f"SELECT 1 FROM {{rows}} x JOIN {RUN} r ON r.id = x.run_id WHERE r.state = '{APPROVED}'",
    LINE: (
        f"SELECT 1 FROM {{rows}} x JOIN {SLIP} s ON s.id = x.payslip_id "
        f"JOIN {RUN} r ON r.id = s.run_id WHERE r.state = '{APPROVED}'"
    ),
} | dict.fromkeys(
    TABLE_PARTS, f"SELECT 1 FROM {{rows}} x JOIN {TABLE} t ON t.id = x.table_id WHERE t.state = '{CONFIRMED}'"
)
STATES = {RUN: (APPROVED, MESSAGE), TABLE: (CONFIRMED, TABLE_MESSAGE)}


def _message(table: str) -> str:
    return TABLE_MESSAGE if table in TABLE_PARTS else MESSAGE


def create_statements(vendor: str) -> Iterator[str]:
    """The triggers of an engine, one statement each."""
    yield from _postgresql() if vendor == "postgresql" else _sqlite()


def drop_statements(vendor: str) -> Iterator[str]:
    if vendor == "postgresql":
        for table in (*FINAL_ROWS, *STATES, EVENT):
            yield f"DROP FUNCTION IF EXISTS keep_{table}() CASCADE"
        yield "DROP FUNCTION IF EXISTS keep_from_truncation() CASCADE"
        return
    for table in (*FINAL_ROWS, *STATES, EVENT):
        for event in ("insert", "update", "delete", "moved"):
            yield f"DROP TRIGGER IF EXISTS keep_{table}_{event}"


def _raise(message: str) -> str:
    return f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'"


def _postgresql() -> Iterator[str]:
    for table, query in FINAL_ROWS.items():
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
    for table, (state, message) in STATES.items():
        yield (f"CREATE FUNCTION keep_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_raise(message)}; END $$")
        yield (
            f"CREATE TRIGGER keep_{table} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
            f"WHEN (OLD.state = '{state}') EXECUTE FUNCTION keep_{table}()"
        )
    yield (
        f"CREATE FUNCTION keep_{EVENT}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_raise(EVENT_MESSAGE)}; END $$"
    )
    yield (
        f"CREATE TRIGGER keep_{EVENT} BEFORE UPDATE OR DELETE ON {EVENT} FOR EACH ROW EXECUTE FUNCTION keep_{EVENT}()"
    )
    yield (
        "CREATE FUNCTION keep_from_truncation() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF EXISTS (SELECT 1 FROM {RUN} WHERE state = '{APPROVED}') THEN {_raise(MESSAGE)}; END IF; "
        "RETURN NULL; END $$"
    )
    for table in TRUNCATABLE:
        yield (
            f"CREATE TRIGGER keep_{table}_whole BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION keep_from_truncation()"
        )


def _sqlite() -> Iterator[str]:
    for table in FINAL_ROWS:
        for event, row in (("insert", "NEW"), ("update", "OLD"), ("delete", "OLD")):
            yield _sqlite_trigger(table, event, _sqlite_condition(table, row), _message(table))
        yield _sqlite_trigger(table, "update", _sqlite_condition(table, "NEW"), _message(table), name="moved")
    for table, (state, message) in STATES.items():
        for event in ("update", "delete"):
            yield _sqlite_trigger(table, event, f"OLD.state = '{state}'", message)
    for event in ("update", "delete"):
        yield _sqlite_trigger(EVENT, event, "1", EVENT_MESSAGE)


def _sqlite_condition(table: str, row: str) -> str:
    if table == SLIP:
        return f"EXISTS (SELECT 1 FROM {RUN} r WHERE r.id = {row}.run_id AND r.state = '{APPROVED}')"
    if table == LINE:
        return (
            f"EXISTS (SELECT 1 FROM {SLIP} s JOIN {RUN} r ON r.id = s.run_id "
            f"WHERE s.id = {row}.payslip_id AND r.state = '{APPROVED}')"
        )
    return f"EXISTS (SELECT 1 FROM {TABLE} t WHERE t.id = {row}.table_id AND t.state = '{CONFIRMED}')"


def _sqlite_trigger(table: str, event: str, condition: str, message: str, name: str = "") -> str:
    return (
        f"CREATE TRIGGER keep_{table}_{name or event} BEFORE {event.upper()} ON {table} FOR EACH ROW "
        f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )
