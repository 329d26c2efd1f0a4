"""The figures and the explanations in docs/mutation.md, written from the record."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.mutation.areas import AREAS
from tests.mutation.record import Found, Score, explanations, on_record, together

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "mutation.md"
BEGIN, END = (
    "<!-- 以下由 python -m tests.mutation table 写出 -->\n",
    "<!-- 以上由 python -m tests.mutation table 写出 -->",
)


def write_page() -> None:
    """And the scores on one line each, as the last word of a full run."""
    for name, found in on_record().items():
        score = together(found.files.values())
        print(f"{found.on} {AREAS[name].title}：{score.noticed}/{score.total}，{score.share:.1f}%")
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def page(text: str) -> str:
    """The page with its figures as the record has them."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return before + BEGIN + "\n".join(_lines()) + "\n" + END + after


def _lines() -> Iterator[str]:
    results = on_record()
    for name, area in AREAS.items():
        if name in results:
            yield from _area(area.title, results[name])
    yield from _explained(results)


def _area(title: str, found: Found) -> Iterator[str]:
    yield f"\n### {title}（{found.on}，{found.seconds}秒）\n"
    yield "| 文件 | 小错 | 杀死 | 超时 | 存活 | 没有测试走到 | 没发现的里等价 | 没发现的里别处发现 | 发现 |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    kinds = {module: found.kinds_of(module) for module in found.files}
    for module, score in found.files.items():
        yield _row(f"`{module}`", score, kinds[module])
    yield _row("合计", together(found.files.values()), sum(kinds.values(), Counter()))


def _row(name: str, score: Score, kinds: Counter[str]) -> str:
    numbers = [score.counts[how] for how in ("杀死", "超时", "存活", "没有测试走到")] + [kinds["等价"], kinds["别处"]]
    return f"| {name} | {score.total} | {' | '.join(map(str, numbers))} | {score.share:.1f}% |"


def _explained(results: dict[str, Found]) -> Iterator[str]:
    known = explanations()
    yield "\n### 没有发现的，逐个说明\n"
    yield "| 函数 | 原来 | 放入的小错 | 类别 | 为什么 |"
    yield "|---|---|---|---|---|"
    for found in results.values():
        for name in found.missed:
            if name in known:
                one = known[name]
                cells = [f"`{name[0]}.{name[1]}`", _code(name[2]), _code(name[3]), one.kind, one.why]
                yield "| " + " | ".join(cells) + " |"


def _code(line: str) -> str:
    return "`" + line.replace("|", "\\|") + "`"
