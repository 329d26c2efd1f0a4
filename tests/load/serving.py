"""The product as it is shipped: gunicorn with deploy/gunicorn.conf.py, production settings, a database by address."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.browser.site import free_port
from tests.house.source import ROOT

PATIENCE = 60
NOT_OURS = {"DATABASE_URL", "DEBUG", "CELERY_BROKER_URL"}


def environment(url: str, folder: Path, **more: str) -> dict[str, str]:
    """Production settings; only TLS, the second factor and the age of passwords are left out."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    own = {
        "DJANGO_SETTINGS_MODULE": "songshan_cw.settings",
        "SECRET_KEY": "load-test" * 8,
        "VAR_DIR": str(folder),
        "ALLOWED_HOSTS": "127.0.0.1",
        "BEHIND_TLS": "0",
        "REQUIRE_TOTP": "0",
        "PASSWORD_MAX_AGE_DAYS": "0",
        "TZ": "Asia/Shanghai",
    }
    database = {"DATABASE_URL": url} if url else {}
    return {**kept, **own, **database, **more}


def manage(settings: Mapping[str, str], *arguments: str, debug: bool = False) -> str:
    return program(settings, "manage.py", *arguments, debug=debug)


def program(settings: Mapping[str, str], *arguments: str, debug: bool = False) -> str:
    surroundings = {**settings, "DEBUG": "1"} if debug else dict(settings)
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}：\n{done.stdout[-2000:]}{done.stderr[-3000:]}")
    return done.stdout


@contextmanager
def served(settings: Mapping[str, str], log: Path) -> Iterator[str]:
    """The site's address; the server and all its processes end with the block."""
    port = free_port()
    surroundings = {**settings, "WEB_BIND": f"127.0.0.1:{port}"}
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, env=surroundings, stdout=output, stderr=output, start_new_session=True
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/login/", server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"网站没有启动：\n{log.read_text()[-3000:]}")
