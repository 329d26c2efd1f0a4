"""A PostgreSQL server of a test's own, which may be killed, run out of disk and be started again."""

import contextlib
import glob
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2

from tests.browser.site import free_port

PATIENCE = 60
OPTIONS = "-c listen_addresses=127.0.0.1 -c shared_buffers=16MB -c max_connections=40 -c fsync=off"


def programs() -> Path | None:
    """Where the server's programs are, the newest first."""
    found = glob.glob("/usr/lib/postgresql/*/bin/initdb")
    return Path(max(found)).parent if found else None


class Cluster:
    """``home`` holds its data and belongs to whom the server runs as: PostgreSQL refuses root."""

    def __init__(self, home: Path, port: int, *more: str) -> None:
        self.home, self.port, self.data = home, port, home / "data"
        bin_folder = programs()
        assert bin_folder is not None
        self.bin = bin_folder
        self.options = " ".join([OPTIONS, f"-p {port} -c unix_socket_directories=''", *more])

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def create(self, *options: str) -> None:
        self.own(self.home)
        self._run("initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", *options)
        self.start()

    def own(self, folder: Path) -> None:
        """The server may write there."""
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")

    def answers(self) -> bool:
        try:
            psycopg2.connect(self.url, connect_timeout=5).close()
        except psycopg2.OperationalError:
            return False
        return True

    def start(self) -> None:
        """Started, recovered from its log and answering."""
        log = str(self.home / "server.log")
        self._run("pg_ctl", "-D", str(self.data), "-l", log, "-w", "-t", str(PATIENCE), "-o", self.options, "start")

    def kill(self) -> None:
        """SIGKILL to the server and every process of it: as the machine's power goes, but for its caches."""
        until = time.monotonic() + PATIENCE
        while left := self.processes():
            assert time.monotonic() < until, "数据库进程没有结束"
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)
        # Where nobody reaps the dead, the server would take its own number for another server running.
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def processes(self) -> list[int]:
        """All that live in its data folder, as every process of the server does."""
        found = []
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and os.readlink(entry / "cwd") == str(self.data):
                    found.append(int(entry.name))
        return [pid for pid in found if alive(pid)]

    def _run(self, name: str, *arguments: str) -> None:
        owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        done = subprocess.run(
            [*owner, str(self.bin / name), *arguments], cwd="/", capture_output=True, text=True, timeout=2 * PATIENCE
        )
        if done.returncode:
            log = self.home / "server.log"
            told = log.read_text()[-1500:] if log.exists() else ""
            raise RuntimeError(f"{name}：{done.stdout[-500:]}{done.stderr[-500:]}{told}")


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@contextlib.contextmanager
def running(home: Path | None = None, *options: str) -> Iterator[Cluster]:
    """A server for as long as the block; its folder goes with it unless it was given."""
    folder = home or Path(tempfile.mkdtemp(prefix="songshan-cluster-"))
    cluster = Cluster(folder, free_port())
    try:
        cluster.create(*options)
        yield cluster
    finally:
        cluster.kill()
        if home is None:
            shutil.rmtree(folder, ignore_errors=True)
