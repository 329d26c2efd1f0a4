"""The tables of the import pages: earlier imports, faults at their cells, the sheets as read, and what would change."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.html import format_html, format_html_join

from songshan_cw.files.figures import text
from songshan_cw.files.table import MOMENT, WHOLE, WRAPPED, Column, Form, Table
from songshan_cw.site.parts import badge, beside, faint, fold, lines, link
from workers.models import WorkbookImport
from workers.workbook.header import letter_of

BROKEN = Form(text, "en-break")
DIGEST = "文件校验值（SHA-256）"
EMPTY = "（空）"


IMPORTS = Table[WorkbookImport](
    "最近的导入",
    (
        Column(
            "时间",
            lambda row: row.at,
            MOMENT,
            link=lambda row: reverse("admin:workers_workbookimport_change", args=[row.pk]),
        ),
        Column("操作人", lambda row: row.actor or "系统命令"),
        Column("文件", lambda row: row.file_name, BROKEN),
        Column("行数", lambda row: row.row_count, WHOLE),
        Column("新增", lambda row: row.created_count, WHOLE),
        Column("更新", lambda row: row.updated_count, WHOLE),
        Column("未变", lambda row: row.unchanged_count, WHOLE),
        Column(
            "撤回",
            show=lambda row: link("撤回", reverse("admin:undo_import", args=[row.pk])) if row.may_be_undone else "",
        ),
        Column(DIGEST, lambda row: row.sha256, show=lambda row: _digest(row.sha256)),
    ),
    empty="还没有导入过人事工作簿。",
)


def _digest(sha256: str) -> str:
    return format_html('<span class="en-hash" title="{}">{}…</span>', sha256, sha256[:16])


class FaultRow(NamedTuple):
    """A cell with a fault. The first of a kind says how many there are; ``sheet`` is empty for the others.

    ``place``: row, column and sheet of a cell that can be corrected in the page.
    """

    sheet: str
    column: str
    count: int | None
    row: int | None
    value: str
    message: str
    place: str = ""


def fault_rows(preview: dict[str, Any]) -> list[FaultRow]:
    rows = []
    for group in preview["faults"]:
        for at, (row, value, message) in enumerate(group["cells"]):
            first = (group["sheet"] or "整个文件", group["column"] or "—", group["count"])
            mendable = row and group["column"] and group.get("mendable")
            place = f"{row}:{group['column']}:{group['sheet']}" if mendable else ""
            rows.append(FaultRow(*(("", "", None) if at else first), row, value or EMPTY, message, place))
        if group["more"]:
            rows.append(FaultRow("", "", None, None, "", f"……还有{group['more']}处，见标注副本。"))
    return rows


FAULTS = Table[FaultRow](
    "问题",
    (
        Column("表", lambda row: row.sheet, show=lambda row: row.sheet),
        Column("列", lambda row: row.column, show=lambda row: row.column),
        Column("处数", lambda row: row.count, WHOLE, show=lambda row: "" if row.count is None else str(row.count)),
        Column("行", lambda row: row.row or None, WHOLE),
        Column("现在的值", lambda row: row.value, BROKEN),
        Column("问题和改法", lambda row: row.message, WRAPPED),
        Column("改成", show=lambda row: mending(row)),
    ),
)


def mending(row: FaultRow) -> str:
    """The field in which a faulty cell is corrected."""
    if not row.place:
        return ""
    return format_html(
        '<input type="hidden" name="place" value="{}"><input class="sw-input" name="value" maxlength="200"'
        ' autocomplete="off" aria-label="第{}行改成">',
        row.place,
        row.row,
    )


def sheets_table(*, written: bool) -> Table[dict[str, Any]]:
    """``written``: whether the import would write anything, so that it can be counted."""

    def count(key: str) -> Any:
        return lambda row: row.get(key, 0) if row["known"] and written else None

    return Table(
        "各表读成了什么",
        (
            Column("文件里的表", lambda row: row["name"], names_row=True),
            Column("认作", lambda row: row["known"] or "未读取", show=_known),
            Column("新增", count("created"), WHOLE),
            Column("更新", count("updated"), WHOLE),
            Column("未变", count("unchanged"), WHOLE),
            Column("列", lambda row: _columns_read(row), WRAPPED, show=_columns),
        ),
    )


def _known(row: dict[str, Any]) -> str:
    if not row["known"]:
        return faint("未读取")
    return lines(row["known"], faint(f"表头在第{row['header_row']}行") if row.get("header_row") else "")


def _columns_read(row: dict[str, Any]) -> str:
    if not row["columns"]:
        return "空表" if row["known"] else "不是人事工作簿的表"
    ignored = f"，没有读取{len(row['ignored'])}列" if row["ignored"] else ""
    return f"认出{len(row['columns'])}列{ignored}"


def _columns(row: dict[str, Any]) -> str:
    if not row["columns"]:
        return faint(_columns_read(row))
    pairs = ((written if written == meant else f"{written} → {meant}",) for written, meant in row["columns"])
    read = format_html('<p class="en-cols">{}</p>', format_html_join("", "<span>{}</span>", pairs))
    missed = [
        format_html('<p class="sw-lead">{}：{}</p>', what, "、".join(names))
        for what, names in (("没有读取", row["ignored"]), ("文件里没有", row.get("missing")))
        if names
    ]
    return fold(_columns_read(row), beside(read, *missed))


class ChangeRow(NamedTuple):
    """A field that would change. The first of a person names them; the names are empty for the others."""

    name: str
    id_number: str
    new_person: bool
    record: str
    key: str
    field: str
    old: str
    new: str


def change_rows(people: Iterable[dict[str, Any]]) -> list[ChangeRow]:
    rows = []
    for person in people:
        for at, item in enumerate(person["items_shown"]):
            who = ("", "", False) if at else (person["name"], person["id_number"], person["new"])
            rows.append(ChangeRow(*who, *item))
    return rows


def _moved(row: ChangeRow) -> str:
    new = format_html('<span class="en-new">{}</span>', row.new or EMPTY)
    return format_html('<span class="en-old">{}</span> → {}', row.old, new) if row.old else new


CHANGES = Table[ChangeRow](
    "会发生的变动",
    (
        Column(
            "姓名",
            lambda row: row.name,
            names_row=True,
            show=lambda row: beside(row.name, badge("新", "已审核") if row.new_person else ""),
        ),
        Column("身份证号", lambda row: row.id_number, show=lambda row: row.id_number),
        Column(
            "表",
            lambda row: f"{row.record}{row.key}",
            show=lambda row: lines(row.record, faint(row.key) if row.key else ""),
        ),
        Column("项目", lambda row: row.field),
        Column(
            "原来 → 现在", lambda row: f"{row.old}{' → ' if row.old else ''}{row.new or EMPTY}", BROKEN, show=_moved
        ),
    ),
)

SKIPPED = Table[list[Any]](
    "没有读取的行",
    (
        Column("表", lambda row: row[0]),
        Column("行", lambda row: row[1] or None, WHOLE),
        Column("内容", lambda row: row[2], BROKEN),
        Column("原因", lambda row: row[3], WRAPPED),
    ),
)


def first_rows_table(preview: dict[str, Any]) -> Table[list[Any]]:
    """The first rows of the file beside the questions, by the letters of its columns."""
    width = max((len(row) for row in preview.get("first_rows", ())), default=2) - 2
    letters = tuple(
        Column(letter_of(index), lambda row, place=index + 2: row[place] if place < len(row) else "")
        for index in range(width)
    )
    return Table(
        "文件的前几行",
        (Column("表", lambda row: row[0]), Column("行", lambda row: row[1], WHOLE), *letters),
    )
