"""The figures and the explanations in docs/mutation.md, written from the record."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.mutation.areas import AREAS
from tests.mutation.record import Score, explanations, stored, together

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "mutation.md"
BEGIN, END = (
    "<!-- 以下由 python -m tests.mutation table 写出 -->\n",
    "<!-- 以上由 python -m tests.mutation table 写出 -->",
)


def write_page() -> None:
    """And the scores on one line each, as the last word of a full run."""
    for name, found in stored().items():
        score = together(Score(Counter(counts)) for counts in found["files"].values())
        print(f"{found['on']} {AREAS[name].title}：{score.noticed}/{score.total}，{score.share:.1f}%")
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def page(text: str) -> str:
    """The page with its figures as the record has them."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return before + BEGIN + "\n".join(_lines()) + "\n" + END + after


def _lines() -> Iterator[str]:
    results = stored()
    for name, area in AREAS.items():
        if name in results:
            yield from _area(area.title, results[name])
    yield from _explained(results)


def _area(title: str, found: dict) -> Iterator[str]:  # type: ignore[type-arg]
    files = {module: Score(Counter(counts)) for module, counts in found["files"].items()}
    yield f"\n### {title}（{found['on']}，{found['seconds']}秒）\n"
    yield "| 文件 | 小错 | 杀死 | 超时 | 存活 | 没有测试走到 | 存活中等价 | 存活中别处发现 | 发现 |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    for module, score in files.items():
        yield _row(f"`{module}`", score)
    yield _row("合计", together(files.values()))


def _row(name: str, score: Score) -> str:
    kinds = ("杀死", "超时", "存活", "没有测试走到", "等价", "别处")
    cells = " | ".join(str(score.counts[kind]) for kind in kinds)
    return f"| {name} | {score.total} | {cells} | {score.share:.1f}% |"


def _explained(results: dict) -> Iterator[str]:  # type: ignore[type-arg]
    known = explanations()
    names = [tuple(name) for found in results.values() for name in found["explained"]]
    yield "\n### 存活的，逐个说明\n"
    yield "| 函数 | 原来 | 放入的小错 | 类别 | 为什么 |"
    yield "|---|---|---|---|---|"
    for name in dict.fromkeys(names):
        one = known.get(name)
        if one is not None:
            cells = [f"`{name[0]}.{name[1]}`", _code(name[2]), _code(name[3]), one.kind, one.why]
            yield "| " + " | ".join(cells) + " |"


def _code(line: str) -> str:
    return "`" + line.replace("|", "\\|") + "`"
