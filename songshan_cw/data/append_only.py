"""SQL of the triggers that make tables append-only, for both engines."""

from collections.abc import Iterable, Iterator

MESSAGE = "留痕记录只能新增，不可更改或删除。"


def create_statements(vendor: str, tables: Iterable[str]) -> Iterator[str]:
    """Return the statements that create the triggers of an engine."""
    for table in tables:
        yield from _postgresql(table) if vendor == "postgresql" else _sqlite(table)


def drop_statements(vendor: str, tables: Iterable[str]) -> Iterator[str]:
    for table in tables:
        if vendor == "postgresql":
            yield f"DROP FUNCTION IF EXISTS append_only_{table}() CASCADE"
        else:
            yield from (f"DROP TRIGGER IF EXISTS append_only_{table}_{event}" for event in ("update", "delete"))


def _postgresql(table: str) -> Iterator[str]:
    yield (
        f"CREATE FUNCTION append_only_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    yield (
        f"CREATE TRIGGER append_only_{table} BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION append_only_{table}()"
    )
    yield (
        f"CREATE TRIGGER append_only_{table}_whole BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION append_only_{table}()"
    )


def _sqlite(table: str) -> Iterator[str]:
    for event in ("update", "delete"):
        yield (
            f"CREATE TRIGGER append_only_{table}_{event} BEFORE {event.upper()} ON {table} FOR EACH ROW "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
