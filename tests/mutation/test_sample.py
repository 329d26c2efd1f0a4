"""A few real faults in every run of the suite; all of them are tried by ``make torture``."""

import os
import subprocess
import sys

import pytest

from tests.house.source import ROOT


@pytest.mark.programs
def test_faults_put_into_the_rules_of_records_are_noticed() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "tests.mutation", "records", "--sample"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "没有发现又没有说明的0个" in done.stdout, done.stdout[-3000:] + done.stderr[-2000:]
