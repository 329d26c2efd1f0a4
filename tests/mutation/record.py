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
    """By file, in order; «解释» counts the survivors that are explained."""
    known = explanations()
    counted: dict[str, Counter[str]] = {}
    for mutant, verdict in verdicts:
        counts = counted.setdefault(mutant.module, Counter())
        counts[verdict.how] += 1
        if verdict.how in MISSED and mutant.name in known:
            counts[known[mutant.name].kind] += 1
    return {module: Score(counts) for module, counts in counted.items()}


def together(all_: Iterable[Score]) -> Score:
    return Score(sum((score.counts for score in all_), Counter()))


def stored() -> dict[str, Any]:
    return json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}


def missed_last_time(area: str) -> set[Name]:
    found = stored().get(area, {"explained": [], "unexplained": []})
    return {(one[0], one[1], one[2], one[3]) for one in (*found["explained"], *found["unexplained"])}


def store(area: str, on: str, seconds: int, verdicts: list[tuple[Mutant, Verdict]]) -> None:
    known = explanations()
    missed = [mutant.name for mutant, verdict in verdicts if verdict.how in MISSED]
    found = {
        "on": on,
        "seconds": seconds,
        "files": {module: dict(sorted(score.counts.items())) for module, score in scores(verdicts).items()},
        "explained": [list(name) for name in missed if name in known],
        "unexplained": [list(name) for name in missed if name not in known],
    }
    text = json.dumps(stored() | {area: found}, ensure_ascii=False, indent=1)
    RESULTS.write_text(text + "\n", encoding="utf-8")
