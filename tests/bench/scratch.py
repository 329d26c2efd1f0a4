"""A database of the benchmark's own: made, migrated and dropped by itself, so that nothing of the user's is touched."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection


@contextmanager
def scratch_database() -> Iterator[str]:
    """On the server of DATABASE_URL a database ``bench_…``, otherwise a SQLite file; yields what it runs on."""
    given = connection.settings_dict["NAME"]
    with TemporaryDirectory(prefix="bench-") as folder:
        on_server = connection.vendor == "postgresql"
        own = f"bench_{os.getpid()}" if on_server else str(Path(folder, "bench.sqlite3"))
        connection.settings_dict["TEST"]["NAME"] = own
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            yield _engine()
        finally:
            connection.creation.destroy_test_db(given, verbosity=0)


def settle_storage() -> None:
    """Clear away dead rows and refresh statistics, as the server would in a quiet minute. With a checkpoint where the
    user may: after one, the first to touch a page writes all of it to the log, and that must not fall to one side."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("ANALYZE")
            return
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        if cursor.fetchone()[0]:
            cursor.execute("CHECKPOINT")


def _engine() -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW server_version")
            return f"PostgreSQL {cursor.fetchone()[0]}"
        cursor.execute("SELECT sqlite_version()")
        return f"SQLite {cursor.fetchone()[0]}"
