"""Tests and seconds of each folder, out of pytest's junit reports: ``python -m tests.house.seconds REPORT...``."""

import sys
from collections import Counter
from xml.etree import ElementTree

Figures = dict[str, tuple[int, float]]


def by_folder(report: str) -> Figures:
    tests: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    for case in ElementTree.parse(report).iter("testcase"):
        folder = case.get("classname", "").split(".")[1]
        tests[folder] += 1
        seconds[folder] += float(case.get("time", 0))
    return {folder: (tests[folder], seconds[folder]) for folder in tests}


def table(figures: Figures) -> list[str]:
    ranked = sorted(figures.items(), key=lambda item: -item[1][1])
    total = sum(tests for tests, _ in figures.values()), sum(seconds for _, seconds in figures.values())
    return [f"{name:14}{tests:6}{seconds:9.1f}" for name, (tests, seconds) in [*ranked, ("total", total)]]


def main(reports: list[str]) -> None:
    for report in reports:
        print(report, *table(by_folder(report)), "", sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
