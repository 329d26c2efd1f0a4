"""The running product: a database of demo people made once, a server of its own, and a fresh copy for each test."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BEGUN = ("150404002", "150404003", "150404004")
DATABASE = "songshan.sqlite3"
PATIENCE = 60  # seconds until the server must answer


@dataclass
class Site:
    """``folder`` holds its database, uploads and log. ``url`` has no slash at its end."""

    folder: Path
    port: int
    server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def prepare(self, *, people: int, approved: str, earlier: int) -> None:
        """Demo people, and pay approved up to a month (``2026-09``) beginning ``earlier`` months before it."""
        debug = {"DEBUG": "1"}
        self._manage(["migrate", "--verbosity", "0"], debug)
        self._manage(["load_demo", "--workers", str(people)], debug)
        self._manage(["demo_month", "--month", approved, "--earlier", str(earlier)], debug)
        self._forget_wal(self.folder / DATABASE)
        shutil.copy(self.folder / DATABASE, self.folder / "prepared")

    def begin(self, month: str, table: Path) -> None:
        """A month under way: three streets submitted, one of them sent back; and a new table to look at."""
        for street in BEGUN:
            self._manage(["run_payroll", month, "--street", street], {})
            self._manage(["submit_payroll", month, "--street", street, "--by", f"clerk-{street}"], {})
        reason = "请核对新聘人员的试用期"
        self._manage(["return_payroll", month, "--street", BEGUN[-1], "--by", "bureau", "--reason", reason], {})
        self._manage(["import_grade_table", str(table)], {})

    def start(self) -> None:
        command = [sys.executable, "manage.py", "runserver", f"127.0.0.1:{self.port}", "--noreload", "--skip-checks"]
        with self.log.open("wb") as log:
            self.server = subprocess.Popen(command, cwd=ROOT, env=self._environment({}), stdout=log, stderr=log)
        self._wait()

    def stop(self) -> None:
        if self.server is not None:
            self.server.terminate()
            self.server.wait(timeout=20)

    def restore(self) -> None:
        """The prepared state again: every request opens the file anew."""
        database = self.folder / DATABASE
        for path in (database, *_beside(database)):
            path.unlink(missing_ok=True)
        shutil.copy(self.folder / "prepared", database)

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.server is None or self.server.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"网站没有启动：\n{self.log.read_text()[-3000:]}")

    def _manage(self, arguments: list[str], extra: Mapping[str, str]) -> None:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self._environment(extra), capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}：\n{done.stdout}{done.stderr}")

    def _environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DEBUG"}}
        own = {
            "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
            "VAR_DIR": str(self.folder),
            "ALLOWED_HOSTS": "127.0.0.1",
            "BEHIND_TLS": "0",
            "REQUIRE_TOTP": "0",
            "PASSWORD_MAX_AGE_DAYS": "0",
            "ACT_FOR_USERS": "1",
            "TZ": "Asia/Shanghai",
        }
        return kept | own | dict(extra)

    def _forget_wal(self, database: Path) -> None:
        """Everything into the one file, so that a copy of it is whole."""
        connection = sqlite3.connect(database)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()


def _beside(database: Path) -> list[Path]:
    return [database.with_name(f"{database.name}{ending}") for ending in ("-wal", "-shm", "-journal")]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
