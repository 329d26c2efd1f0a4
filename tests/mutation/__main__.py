"""``python -m tests.mutation run AREA… [--every N | --sample]``: how many faults are noticed, and which are not.
``python -m tests.mutation table``: the figures of the last full runs into docs/mutation.md."""

import argparse
import os
import sys
import time
from datetime import date

import pytest

from tests.mutation.areas import AREAS
from tests.mutation.mutants import Mutant
from tests.mutation.page import write_page
from tests.mutation.record import MISSED, explanations, keep, keep_again, on_record, scores, together
from tests.mutation.runner import Chosen, MutationRun
from tests.mutation.trial import Verdict


def main() -> int:
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run")
    run.add_argument("area", choices=AREAS)
    run.add_argument("--every", type=int, default=1, help="每隔几个变异体试一个")
    run.add_argument("--sample", action="store_true", help="只试固定的一小部分")
    run.add_argument("--again", action="store_true", help="只试上次没有发现的和新来的文件，补记在上次的结果里")
    commands.add_parser("table")
    options = parser.parse_args()
    if options.command == "table":
        write_page()
        return 0
    every = AREAS[options.area].every if options.sample else options.every
    if options.again:
        found = on_record()[options.area]
        chosen: Chosen = lambda one: one.name in found.missed or one.module not in found.files  # noqa: E731
        return try_area(options.area, every, chosen, again=True)
    return try_area(options.area, every, None)


def try_area(name: str, every: int, only: Chosen | None, *, again: bool = False) -> int:
    area, known = AREAS[name], explanations()

    def tell(mutant: Mutant, verdict: Verdict) -> None:
        if verdict.how == "超时" or (verdict.how in MISSED and mutant.name not in known):
            print(f"{verdict.how} {mutant}", flush=True)

    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    started = time.monotonic()
    run = MutationRun(area, every, tell, only)
    pytest.main(["-qq", "-p", "no:cacheprovider", "-m", "not postgres and not browser", *area.tests], plugins=[run])
    if run.broken or not run.verdicts:
        print(run.broken or "没有变异体。", file=sys.stderr)
        return 2
    seconds = round(time.monotonic() - started)
    if again:
        keep_again(name, run.verdicts)
    elif every == 1:
        keep(name, date.today().isoformat(), seconds, run.verdicts)
    return told(name, run.verdicts, seconds, whole=every == 1 and only is None)


def told(name: str, verdicts: list[tuple[Mutant, Verdict]], seconds: int, *, whole: bool) -> int:
    area, known = AREAS[name], explanations()
    by_file = scores(verdicts)
    for module, score in by_file.items():
        print(f"  {module}：{score.total}个，发现{score.noticed}个（{score.share:.1f}%）")
    score = together(by_file.values())
    missed = [mutant.name for mutant, verdict in verdicts if verdict.how in MISSED]
    unexplained = [one for one in missed if one not in known]
    superfluous = {one for one in known if one[0] in by_file} - set(missed) if whole else set()
    for one in sorted(superfluous):
        print(f"survivors.yaml 里的这一条已不存在或已被发现，请删去：{one}")
    counts = score.counts
    print(
        f"{area.title}：{score.total}个小错，测试发现{score.noticed}个（{score.share:.1f}%，其中超时{counts['超时']}个），"
        f"存活{counts['存活']}个，没有测试走到{counts['没有测试走到']}个；"
        f"没有发现的已解释{len(missed) - len(unexplained)}个，没有解释{len(unexplained)}个；用时{seconds}秒。"
    )
    return 1 if unexplained or superfluous or (whole and score.share < area.least) else 0


if __name__ == "__main__":
    sys.exit(main())
