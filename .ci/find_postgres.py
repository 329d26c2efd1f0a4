"""Print a DATABASE_URL for one test run on PostgreSQL, or exit 1 with the reason why there is none."""

import os
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg2

DEFAULT_URL = "postgres://postgres@127.0.0.1:5432/postgres"


def refusal(url: str) -> str:
    """Why no test database can be made there; empty when it can."""
    try:
        connection = psycopg2.connect(url, connect_timeout=5)
    except psycopg2.OperationalError as error:
        return f"连接不上：{str(error).strip().splitlines()[0]}"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
            if not cursor.fetchone()[0]:
                return "该用户没有建库权限（CREATEDB）"
    finally:
        connection.close()
    return ""


def main() -> int:
    url = os.environ.get("TEST_DATABASE_URL") or DEFAULT_URL
    reason = refusal(url)
    if reason:
        print(reason, file=sys.stderr)
        return 1
    print(urlunsplit(urlsplit(url)._replace(path=f"/songshan_{os.getpid()}")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
