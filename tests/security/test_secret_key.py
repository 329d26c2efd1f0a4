"""A key that can be guessed signs any session, so the product does not start with one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
LONG = "f3Qk-" * 10


def started(folder: Path, key: str, debug: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SECRET_KEY": key, "DEBUG": debug, "VAR_DIR": str(folder)}
    command = [sys.executable, "-c", "import songshan_cw.settings"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("key", ["province", LONG[:49], "abcd" * 20, f"django-insecure-{LONG}"])
def test_a_weak_key_is_refused_outside_debug(key: str, tmp_path: Path) -> None:
    done = started(tmp_path, key, "0")
    assert done.returncode != 0
    assert "SECRET_KEY 太短或太简单" in done.stderr
    assert started(tmp_path, key, "1").returncode == 0


@pytest.mark.parametrize("key", [LONG, ""])
def test_a_strong_key_and_the_one_made_here_are_taken(key: str, tmp_path: Path) -> None:
    done = started(tmp_path, key, "0")
    assert done.returncode == 0, done.stderr
