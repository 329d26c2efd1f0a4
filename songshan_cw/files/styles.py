"""How our sheets look: one set of cell formats, paper and headings for all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from songshan_cw.files.capital import capital_yuan
from songshan_cw.files.text import width_of

Value = str | int | Decimal | None
FONT = "宋体"
MONEY = "#,##0.00"
A4 = 9
ROW_HEIGHT = 24
LINE_HEIGHT = 13.5
MONEY_EDGE = 2.0


@dataclass(frozen=True, slots=True)
class Styles:
    """The formats of one workbook."""

    title: Format
    warning: Format
    ready: Format
    left: Format
    center: Format
    right: Format
    header: Format
    text: Format
    wrapped: Format
    number: Format
    plain_number: Format
    money: Format
    sum_text: Format
    sum_count: Format
    sum_money: Format
    total_text: Format
    total_count: Format
    total_money: Format
    capital: Format
    signature: Format


def make_styles(workbook: Workbook) -> Styles:
    def style(**properties: Any) -> Format:
        return workbook.add_format({"font_name": FONT, "font_size": 10, "valign": "vcenter", **properties})

    boxed: dict[str, Any] = {"border": 1}
    centered = boxed | {"align": "center"}
    bold_sum = {"bold": True, "bg_color": "#F2F2F2"}
    bold_total = {"bold": True, "bg_color": "#D9D9D9"}
    money = boxed | {"num_format": MONEY, "align": "right"}
    return Styles(
        title=style(bold=True, font_size=18, align="center"),
        warning=style(bold=True, font_color="#C00000", align="center"),
        ready=style(align="center"),
        left=style(align="left"),
        center=style(align="center"),
        right=style(align="right"),
        header=style(**centered, bold=True, text_wrap=True, bg_color="#D9E2F3"),
        text=style(**centered, num_format="@"),
        wrapped=style(**centered, text_wrap=True, num_format="@"),
        number=style(**centered, num_format="0"),
        plain_number=style(**centered, num_format="0.00##"),
        money=style(**money),
        sum_text=style(**boxed, align="left", **bold_sum),
        sum_count=style(**centered, **bold_sum, num_format='0"人"'),
        sum_money=style(**money, **bold_sum),
        total_text=style(**boxed, align="left", **bold_total),
        total_count=style(**centered, **bold_total, num_format='0"人"'),
        total_money=style(**money, **bold_total),
        capital=style(**boxed, align="left", bold=True, text_wrap=True),
        signature=style(align="left", font_size=11),
    )


def on_a4(sheet: Worksheet, *, landscape: bool, repeat_to: int, header: str = "") -> None:
    """One page wide, as many pages high as it takes; title and column heads on every page."""
    if landscape:
        sheet.set_landscape()
    else:
        sheet.set_portrait()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.repeat_rows(0, repeat_to)
    sheet.set_header(f"&R{header}" if header else "")
    sheet.set_footer("&C第 &P 页 共 &N 页")
    sheet.hide_gridlines(2)


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the columns 0 to ``last``; ``breaks``: last column of the unit, first of 单位：元."""

    title: str
    warning: str
    may_pay: bool
    unit: str
    month: str
    last: int
    breaks: tuple[int, int]


def write_heading(sheet: Worksheet, styles: Styles, heading: Heading) -> None:
    """Title, state, and the line of unit (left), month (middle) and 单位：元 (right)."""
    left, right = heading.breaks
    sheet.set_row(0, 30)
    across(sheet, 0, (0, heading.last), heading.title, styles.title)
    sheet.set_row(1, 18)
    across(sheet, 1, (0, heading.last), heading.warning, styles.ready if heading.may_pay else styles.warning)
    sheet.set_row(2, 18)
    across(sheet, 2, (0, left), f"编制单位：{heading.unit}", styles.left)
    across(sheet, 2, (left + 1, right - 1), f"月份：{heading.month}", styles.center)
    across(sheet, 2, (right, heading.last), "单位：元", styles.right)


def across(sheet: Worksheet, row: int, columns: tuple[int, int], text: str, style: Format) -> None:
    """Text over some columns of a row, always as text."""
    first, last = columns
    if first < last:
        sheet.merge_range(row, first, row, last, "", style)
    sheet.write_string(row, first, text, style)


def write_column_heads(sheet: Worksheet, styles: Styles, row: int, heads: Sequence[tuple[str, float]]) -> None:
    sheet.set_row(row, 30)
    for column, (name, width) in enumerate(heads):
        sheet.set_column(column, column, width)
        sheet.write_string(row, column, name, styles.header)


def money_heads(heads: Iterable[tuple[str, float]], amounts: Iterable[Decimal]) -> list[tuple[str, float]]:
    """Column heads, each at least wide enough for its total."""
    return [(name, max(width, money_width(amount))) for (name, width), amount in zip(heads, amounts, strict=True)]


def money_width(amount: Decimal) -> float:
    return width_of(f"{amount:,.2f}") + MONEY_EDGE


def write_cells(sheet: Worksheet, row: int, height: float, values: Sequence[Value], formats: Sequence[Format]) -> None:
    """A row from column A on: text stays text whatever it begins with; None and empty text leave the cell blank."""
    sheet.set_row(row, height)
    for column, (value, style) in enumerate(zip(values, formats, strict=True)):
        if value is None or value == "":
            sheet.write_blank(row, column, None, style)
        elif isinstance(value, str):
            sheet.write_string(row, column, value, style)
        else:
            sheet.write_number(row, column, value, style)


def capital_line(what: str, amount: Decimal) -> str:
    """An amount in words and figures, as it stands under a sheet."""
    return f"{what}（大写）：{capital_yuan(amount)}　　（小写）：¥{amount:,.2f}"


def write_signatures(sheet: Worksheet, styles: Styles, row: int, starts: Sequence[int], last: int) -> None:
    """制表, 审核, 负责人 and the day, to be filled in by hand; each begins at a column of ``starts``."""
    sheet.set_row(row, 36)
    ends = [start - 1 for start in starts[1:]] + [last]
    labels = ("制表：", "审核：", "负责人：", "日期：　　　年　　月　　日")
    for label, start, end in zip(labels, starts, ends, strict=True):
        across(sheet, row, (start, end), label, styles.signature)


def sheet_names(names: Sequence[tuple[str, str]]) -> list[str]:
    """Names Excel accepts, one per (code, name): at most 31 characters, none twice, none of ``[]:*?/\\``."""
    taken = {"汇总"}
    result = []
    for code, name in names:
        clean = "".join("_" if character in "[]:*?/\\'" else character for character in name)[:31]
        if clean in taken:
            clean = f"{clean[: 30 - len(code)]}{code}"
        taken.add(clean)
        result.append(clean)
    return result
