"""Killed at any statement of import, run and approval: wholly before or wholly after, and the next try works.

A sample of the statements by default; each of them with TORTURE=1.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.house.source import ROOT
from tests.migrated import sqlite_copy
from tests.shown import shown

FULL = os.environ.get("TORTURE") == "1"
EVERY, CHANCES = (1, 40) if FULL else (40, 1)
LIMIT_SECONDS = 3600 if FULL else 300


def tortured(folder: Path, url: str) -> dict[str, Any]:
    environment = {**os.environ, "VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    environment |= {"PYTHONHASHSEED": "0", "SECRET_KEY": "crash" * 12}
    environment.pop("DATABASE_URL", None)
    if url:
        environment["DATABASE_URL"] = url
    command = [sys.executable, "-m", "tests.crash.torture", str(EVERY), str(CHANCES), str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def judge(report: dict[str, Any], engine: str) -> None:
    assert report["engine"] == engine
    assert [one["name"] for one in report["actions"]] == ["import", "run", "approval"]
    assert [fault for one in report["actions"] for fault in one["faults"]] == []
    for one in report["actions"]:
        assert one["statements"] >= 10 and one["kills"] >= one["statements"] // EVERY
        shown(f"{engine} {one['name']}：{one['statements']}条语句，杀{one['kills']}次，断开或写满{one['broken_off']}次")


@pytest.mark.sqlite
def test_kills_on_sqlite(tmp_path: Path) -> None:
    sqlite_copy(tmp_path)
    report = tortured(tmp_path, "")
    judge(report, "sqlite")
    assert report["actions"][0]["broken_off"] >= 1, "the disk was never full"


@pytest.mark.postgres
def test_kills_on_postgresql(own_database: str, tmp_path: Path) -> None:
    report = tortured(tmp_path, own_database)
    judge(report, "postgresql")
    assert [one["broken_off"] for one in report["actions"]] == [4, 4, 4]
