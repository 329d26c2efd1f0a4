"""The measurements in words: one table for each size, and the growth from size to size."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from tests.bench.measuring import Line

HEAD = "| 项目 | 秒 | CPU秒 | 极限(秒) | 倍数 | 目标 | 语句 | 峰值MB |"
RULE = "|---|---:|---:|---:|---:|---:|---:|---:|"
MARKS = {True: "达到", False: "**未达**"}


def row_of(line: Line) -> str:
    limit = "" if line.limit is None else f"{line.limit:.3f}"
    ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
    aim = ""
    if line.aim is not None and line.ratio is not None:
        aim = f"≤{line.aim:g} {MARKS[line.ratio <= line.aim]}"
    own = f"{line.seconds:.3f} | {line.cpu:.3f}"
    return f"| {line.name} | {own} | {limit} | {ratio} | {aim} | {line.statements} | {line.peak} |"


def growth_rows(lines: Sequence[Line]) -> Iterator[str]:
    """How many times the time, for how many times the people; and the limit's, measured in the same minutes: a machine
    that has become slower shows in both."""
    sizes = sorted({line.people for line in lines})
    by_name: dict[str, dict[int, Line]] = {}
    for line in lines:
        by_name.setdefault(line.name, {})[line.people] = line
    steps = list(pairwise(sizes))
    yield "| 项目 | " + " | ".join(f"{small:,}→{large:,}人" for small, large in steps) + " |"
    yield "|---|" + "---:|" * len(steps)
    for name, found in by_name.items():
        cells = [_growth(found[small], found[large]) for small, large in steps if {small, large} <= found.keys()]
        yield f"| {name} | " + " | ".join(cells) + " |"


def _growth(small: Line, large: Line) -> str:
    own = f"{large.seconds / small.seconds:.1f}倍"
    return f"{own}（极限{large.limit / small.limit:.1f}倍）" if small.limit and large.limit else own
