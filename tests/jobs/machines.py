"""Workers as on machines of their own: processes with the broker and the database in their environment."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from workers.models import Job

VISIBILITY = "8"  # seconds after which Redis hands on what a dead worker held
PATIENCE = 120


def database_url() -> str:
    given = connection.settings_dict
    host, port = given["HOST"] or "127.0.0.1", given["PORT"] or 5432
    return f"postgres://{given['USER']}:{given['PASSWORD']}@{host}:{port}/{given['NAME']}"


def environment(broker: str, queue: str) -> dict[str, str]:
    return {
        **os.environ,
        "VAR_DIR": str(settings.UPLOAD_DIR.parent),
        "DJANGO_SETTINGS_MODULE": "songshan_cw.settings",
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "CELERY_BROKER_URL": broker,
        "CELERY_QUEUE": queue,
        "CELERY_VISIBILITY_SECONDS": os.environ.get("TEST_VISIBILITY", VISIBILITY),
    }


def send_from_elsewhere(job: Job, broker: str, queue: str, sender: str = "payroll.tasks import send") -> None:
    """As a web process does, which has this broker in its settings."""
    program = f"import django; django.setup(); from {sender} as send; from workers.models import Job; "
    program += f"send(Job.objects.get(pk={job.pk}))"
    subprocess.run([sys.executable, "-c", program], env=environment(broker, queue), check=True, timeout=PATIENCE)


@contextmanager
def worker(broker: str, queue: str, name: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of one process, in a process group of its own; whatever is left of it is killed in the end."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "songshan_cw",
        "worker",
        "-c",
        "1",
        "-Q",
        queue,
        "-n",
        f"{name}@%h",
    ]
    command += ["-n", f"{name}@%h", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    process = subprocess.Popen(command, env=environment(broker, queue), start_new_session=True)
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(met: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while not met():
        assert time.monotonic() < end, f"等了{patience:g}秒：{what}"
        time.sleep(0.2)
