"""``python -m tests.mutation [rules|access] [--every N]``: how many faults are noticed, and which are not.

The survivors that are no faults in effect are explained in docs/mutation.md.
"""

import argparse
import os
import sys
import time

import pytest

from tests.mutation.runner import MutationRun

RULES = ["arrears", "causes", "credit", "effect", "explanation", "grading", "pay", "performance", "review", "service"]
RULES += ["slip", "tables", "timeline", "trace"]
AREAS = {
    "rules": ([f"payroll.rules.{name}" for name in RULES], ["tests/rules"], 95),
    "access": (
        ["workers.permissions", "workers.scope", "payroll.services.transitions"],
        ["tests/access", "tests/payroll/test_runs.py"],
        94,  # the district's lock does nothing on SQLite: see docs/mutation.md
    ),
}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("area", choices=AREAS)
    parser.add_argument("--every", type=int, default=1, help="每隔几个变异体试一个")
    options = parser.parse_args()
    modules, tests, least = AREAS[options.area]
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    started = time.monotonic()
    run = MutationRun(modules, options.every)
    status = pytest.main(["-q", "-p", "no:cacheprovider", "-m", "not postgres and not browser", *tests], plugins=[run])
    outcome = run.outcome
    total = len(outcome.killed) + len(outcome.survived) + len(outcome.untested)
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) or not total:
        print("没有变异体，或测试本身没有通过。", file=sys.stderr)
        return 2
    for mutant in outcome.untested:
        print(f"没有测试走到 {mutant}")
    for mutant in outcome.survived:
        print(f"存活 {mutant}")
    share = 100 * len(outcome.killed) / total
    print(
        f"{options.area}：{total}个变异体，杀死{len(outcome.killed)}个（{share:.1f}%），存活{len(outcome.survived)}个，"
        f"没有测试走到{len(outcome.untested)}个；用时{time.monotonic() - started:.0f}秒。"
    )
    return 0 if share >= least else 1


if __name__ == "__main__":
    sys.exit(main())
