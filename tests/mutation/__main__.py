"""``python -m tests.mutation AREA [--every N | --sample]``: try small faults and print those that no test notices.

Fail when one of them is not explained in survivors.yaml; a full run also when an explanation is out of date or too
small a share is noticed.
"""

import argparse
import os
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
import yaml

from tests.mutation.areas import AREAS
from tests.mutation.mutants import Mutant, Name
from tests.mutation.runner import MutationRun
from tests.mutation.trial import Verdict

SURVIVORS = Path(__file__).with_name("survivors.yaml")
MISSED = ("存活", "没有测试走到")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("area", choices=AREAS)
    parser.add_argument("--every", type=int, default=1, help="每隔几个小错试一个")
    parser.add_argument("--sample", action="store_true", help="只试固定的一小部分")
    options = parser.parse_args()
    area, known = AREAS[options.area], explained()
    every = area.every if options.sample else options.every
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    started = time.monotonic()
    run = MutationRun(area, every, lambda mutant, verdict: _print_missed(mutant, verdict, known))
    pytest.main(["-qq", "-p", "no:cacheprovider", "-m", "not postgres and not browser", *area.tests], plugins=[run])
    if run.broken or not run.verdicts:
        print(run.broken or "没有可放的小错。", file=sys.stderr)
        return 2
    seconds = round(time.monotonic() - started)
    print(f"{area.title}，用时{seconds}秒：", end="")
    return report(run.verdicts, known, least=area.least if every == 1 else None)


def explained() -> set[Name]:
    """The faults that survive for a reason."""
    rows = yaml.safe_load(SURVIVORS.read_text(encoding="utf-8"))
    return {(row["file"], row["in"], row["line"], row["fault"]) for row in rows}


def report(verdicts: list[tuple[Mutant, Verdict]], known: set[Name], *, least: int | None) -> int:
    """Print the figures and return the exit status; ``least`` (per cent) is given for a full run."""
    hows = Counter(verdict.how for _, verdict in verdicts)
    missed = {mutant.name for mutant, verdict in verdicts if verdict.how in MISSED}
    tried = {mutant.module for mutant, _ in verdicts}
    outdated = {name for name in known - missed if name[0] in tried} if least is not None else set()
    share = 100 - 100 * len(missed) / len(verdicts)
    counted = "，".join(f"{how}{count}个" for how, count in hows.most_common())
    print(f"{len(verdicts)}个小错，{counted}，发现{share:.1f}%；没有发现又没有说明的{len(missed - known)}个。")
    for name in sorted(outdated):
        print(f"survivors.yaml 里的这一条已不存在或已被发现，请删去：{name}")
    return 1 if missed - known or outdated or (least is not None and share < least) else 0


def _print_missed(mutant: Mutant, verdict: Verdict, known: set[Name]) -> None:
    if verdict.how == "超时" or (verdict.how in MISSED and mutant.name not in known):
        print(f"{verdict.how} {mutant}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
