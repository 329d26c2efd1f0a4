"""What the last full run found, kept beside the explanations of what survives."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.mutation.mutants import Mutant
from tests.mutation.trial import Verdict

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
EXPLANATIONS = HERE / "survivors.yaml"
NOTICED = ("杀死", "超时")
MISSED = ("存活", "没有测试走到")
Name = tuple[str, str, str, str]


@dataclass(frozen=True)
class Explanation:
    """Why a fault survives: 等价 (changes nothing), or 别处 (a test that cannot run here notices it)."""

    name: Name
    kind: str
    why: str


def explanations() -> dict[Name, Explanation]:
    rows = yaml.safe_load(EXPLANATIONS.read_text(encoding="utf-8")) or []
    found = [Explanation((row["file"], row["in"], row["line"], row["fault"]), row["kind"], row["why"]) for row in rows]
    return {one.name: one for one in found}


@dataclass(frozen=True)
class Score:
    counts: Counter[str]

    @property
    def total(self) -> int:
        return sum(self.counts[how] for how in (*NOTICED, *MISSED))

    @property
    def noticed(self) -> int:
        return sum(self.counts[how] for how in NOTICED)

    @property
    def share(self) -> float:
        return 100 * self.noticed / self.total if self.total else 0.0


def scores(verdicts: Iterable[tuple[Mutant, Verdict]]) -> dict[str, Score]:
    """By file, in order."""
    counted: dict[str, Counter[str]] = {}
    for mutant, verdict in verdicts:
        counted.setdefault(mutant.module, Counter())[verdict.how] += 1
    return {module: Score(counts) for module, counts in counted.items()}


def together(all_: Iterable[Score]) -> Score:
    return Score(sum((score.counts for score in all_), Counter()))


@dataclass(frozen=True)
class Found:
    """What is on record of one area: of the last full run, and of tries since at what it had missed."""

    on: str
    seconds: int
    files: dict[str, Score]
    missed: dict[Name, str]

    def kinds_of(self, module: str) -> Counter[str]:
        """How the missed ones of a file are explained."""
        known = explanations()
        return Counter(known[name].kind for name in self.missed if name[0] == module and name in known)


def on_record() -> dict[str, Found]:
    rows = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    return {area: _read(row) for area, row in rows.items()}


def keep(area: str, on: str, seconds: int, verdicts: list[tuple[Mutant, Verdict]]) -> None:
    """A full run takes the place of what was on record."""
    missed = {mutant.name: verdict.how for mutant, verdict in verdicts if verdict.how in MISSED}
    _write(on_record() | {area: Found(on, seconds, scores(verdicts), missed)})


def keep_again(area: str, verdicts: list[tuple[Mutant, Verdict]]) -> None:
    """What was missed before, tried again since tests were added; and files that were not there before."""
    found = on_record()[area]
    for mutant, verdict in verdicts:
        counts = found.files.setdefault(mutant.module, Score(Counter())).counts
        before = found.missed.pop(mutant.name, None)
        if before is not None:
            counts[before] -= 1
        counts[verdict.how] += 1
        if verdict.how in MISSED:
            found.missed[mutant.name] = verdict.how
    _write(on_record() | {area: found})


def _read(row: dict[str, Any]) -> Found:
    files = {module: Score(Counter(counts)) for module, counts in row["files"].items()}
    missed = {(one[0], one[1], one[2], one[3]): one[4] for one in row["missed"]}
    return Found(row["on"], row["seconds"], files, missed)


def _write(all_: dict[str, Found]) -> None:
    rows = {area: _row(found) for area, found in all_.items()}
    RESULTS.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _row(found: Found) -> dict[str, Any]:
    files = {module: {how: n for how, n in sorted(score.counts.items()) if n} for module, score in found.files.items()}
    missed = [[*name, how] for name, how in found.missed.items()]
    return {"on": found.on, "seconds": found.seconds, "files": files, "missed": missed}
