"""Each table is declared once: page, xlsx and csv have its heads and its cells, and no template writes one by hand."""

import ast
import csv
import re
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.template.loader import render_to_string
from openpyxl import load_workbook

from songshan_cw.files.table import MONEY, Column, Listed, Table, csv_of, xlsx_of
from songshan_cw.files.text import harmless
from songshan_cw.site import page
from songshan_cw.site.drawing import Drawn, drawn
from songshan_cw.words.terms import Role
from tests.house.source import modules
from tests.scope.world import World
from tests.web import every_address as walk
from tests.web.test_every_address import visitor

BY_HAND = {"pages/assessments/sheet.html", "pages/performance/sheet.html"}  # forms: each row has fields to fill in
PRINTED = {"payroll/payslips.html", "pages/people/report.html"}  # documents on paper, which are no pages
# Drawn after an upload, a filled form or the import of a grade table: the tests of those pages have them.
AFTER_ACTS = {
    "问题",
    "没有读取的行",
    "文件的前几行",
    "会发生的变动",
    "各表读成了什么",
    "对等级和工资的影响",
    "已审核月份的差额",
    "换用此表的影响",
    "有变动的人",
}
OWN_LOOK = {"songshan/change_items.html", "pages/chart.html", "pages/table.html"}


class Heads(HTMLParser):
    """The texts of the column heads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "th" and ("scope", "col") in attrs:
            self.inside = True
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "th"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found[-1] += data


def heads_on_page(one: Drawn) -> list[str]:
    parser = Heads()
    parser.feed(render_to_string("pages/table.html", {"table": one}))
    return [text.strip().rstrip("▲▼ ") for text in parser.found]


def in_csv(table: Table[Any], rows: list[Any]) -> list[list[str]]:
    return list(csv.reader(StringIO(csv_of(Listed(table, rows, "表", "表")).decode("utf-8-sig"))))


def in_xlsx(table: Table[Any], rows: list[Any]) -> list[list[Any]]:
    sheet = load_workbook(BytesIO(xlsx_of([Listed(table, rows, "表", "表")]))).worksheets[0]
    return [list(line) for line in sheet.iter_rows(min_row=2, max_col=len(table.heads), values_only=True)]


def as_csv(value: Any) -> str:
    if value is None:
        return ""
    return harmless(value) if isinstance(value, str) else f"{value:.10f}".rstrip("0").rstrip(".")


def faults_of(table: Table[Any], rows: list[Any], one: Drawn) -> Iterator[str]:
    declared = [column.title for column in table.columns]
    if rows and heads_on_page(one) != declared:
        yield f"{table.title}：网页的列名是{heads_on_page(one)}，声明的是{declared}"
    if not table.filed:
        return
    text, sheet = in_csv(table, rows), in_xlsx(table, rows)
    if not text[0] == sheet[0] == [column.title for column in table.columns if column.value]:
        yield f"{table.title}：csv、xlsx的列名与声明不同"
    for said, kept in zip(text[1:], sheet[1:], strict=True):
        numbers = [as_csv(value) for value in kept]
        if said != numbers:
            yield f"{table.title}：csv是{said}，xlsx是{numbers}"


@pytest.mark.django_db
def test_every_table_says_the_same_on_page_xlsx_and_csv(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    met: dict[str, tuple[Table[Any], list[Any], Drawn]] = {}

    def noting(table: Table[Any], rows: Any, **given: Any) -> Drawn:
        shown = list(rows)
        if table.title not in met or shown:
            met[table.title] = table, shown, drawn(table, rows, **given)
        return drawn(table, rows, **given)

    monkeypatch.setattr(page, "drawn", noting)
    for role in Role:
        client = visitor(world, role)
        for address in walk.own_addresses(world, world.a):
            walk.get(client, address)
    faults = [fault for one in met.values() for fault in faults_of(*one)]
    seen = {*met, *AFTER_ACTS}
    unseen = [title.pattern for title in declared_titles() if not any(map(title.fullmatch, seen))]
    assert not faults, "\n".join(faults)
    assert not unseen, f"没有哪个页面画出这些表：{unseen}"


def declared_titles() -> list[re.Pattern[str]]:
    """The title of each ``Table(...)`` in the code; where it is put together, the fixed parts of it."""
    calls = [node for module in modules() for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    return [re.compile(_pattern(call.args[0])) for call in calls if _declares(call.func) and call.args]


def _declares(function: ast.expr) -> bool:
    name = function.value if isinstance(function, ast.Subscript) else function
    return isinstance(name, ast.Name) and name.id == "Table"


def _pattern(title: ast.expr) -> str:
    if isinstance(title, ast.Constant):
        return re.escape(title.value)
    if isinstance(title, ast.JoinedStr):
        return "".join(_pattern(part) for part in title.values)
    return ".*"


LEDGER = Table[dict[str, Any]](
    "账",
    (
        Column("姓名", lambda row: row["name"], names_row=True),
        Column("工资", lambda row: row["pay"], MONEY, unit="元", total=True, permission="payroll.view_payslip"),
        Column("办理", show=lambda row: "打开"),
    ),
)
PEOPLE = [{"name": "=甲", "pay": Decimal("1200.50")}, {"name": "乙", "pay": Decimal("800.00")}]


def test_a_forbidden_column_is_on_none_of_the_three() -> None:
    seen, unseen = LEDGER.seen_by(lambda right: True), LEDGER.seen_by(lambda right: False)
    assert [head.title for head in drawn(seen, PEOPLE).heads] == ["姓名", "工资(元)", "办理"]
    assert in_csv(seen, PEOPLE)[0] == in_xlsx(seen, PEOPLE)[0] == ["姓名", "工资(元)"]
    assert heads_on_page(drawn(unseen, PEOPLE)) == ["姓名", "办理"]
    assert in_csv(unseen, PEOPLE)[0] == in_xlsx(unseen, PEOPLE)[0] == ["姓名"]
    assert "1,200.50" not in render_to_string("pages/table.html", {"table": drawn(unseen, PEOPLE)})


def test_totals_and_cells_are_written_for_readers() -> None:
    shown = render_to_string("pages/table.html", {"table": drawn(LEDGER, PEOPLE)})
    assert "1,200.50" in shown and "2,000.50" in shown and '<th scope="row">=甲</th>' in shown
    assert in_csv(LEDGER, PEOPLE)[1:] == [["'=甲", "1200.5"], ["乙", "800"]]
    assert LEDGER.empty in render_to_string("pages/table.html", {"table": drawn(LEDGER, [])})


def test_no_template_writes_a_table_by_hand() -> None:
    folder = Path(site.BASE_DIR, "templates")
    found = {str(path.relative_to(folder)) for path in folder.rglob("*.html") if "<thead" in path.read_text("utf-8")}
    assert found - PRINTED - OWN_LOOK == BY_HAND
