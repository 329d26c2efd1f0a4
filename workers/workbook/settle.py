"""Settle what a roster says in other ways than by its columns, on typed rows, before they are checked."""

from collections.abc import Iterable

from workers.workbook.dated_columns import DatedColumns
from workers.workbook.derived import Derived
from workers.workbook.doubtful_rows import DoubtfulRows
from workers.workbook.faults import Notice
from workers.workbook.scene import Scene
from workers.workbook.sheets import ROSTER
from workers.workbook.sources import Source


def settle(scene: Scene) -> None:
    """Ask, derive and compare, in this order: rows left out need nothing derived."""
    if ROSTER.name in scene.tables:
        DoubtfulRows(scene).settle()
        Derived(scene).settle()
        DatedColumns(scene).settle()


def hidden_rows_told(sources: Iterable[Source]) -> list[Notice]:
    """Tell which hidden rows were read."""
    notices = []
    for source in sources:
        rows = sorted(number for number in source.raw.hidden if number > source.header.last_row)
        if rows and not source.wanted:
            listed = "、".join(map(str, rows[:10]))
            message = f"第{listed}行等{len(rows)}行是隐藏的行，也读取了。不要的请删除这些行。"
            notices.append(Notice(source.raw.name, rows[0], "", message))
    return notices
