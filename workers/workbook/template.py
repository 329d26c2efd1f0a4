"""The empty form: every sheet with its columns, drop-downs and an example row that imports skip."""

from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from workers.workbook.columns import Column
from workers.workbook.exporting import SheetWriter
from workers.workbook.sheets import all_sheets

LAST_ROW = 2_000
EXAMPLES: dict[str, Any] = {
    "民族": "汉族",
    "政治面貌": "群众",
    "联系电话": "13800000000",
    "街道(乡镇)": "振兴街道",
    "社区": "振兴社区居委会",
    "人员类别": "专职工作者",
    "岗位": "工作人员",
    "职务": "社区工作者",
    "一肩挑": "否",
    "学历": "大学本科",
    "入职学历": "大学专科",
    "参加社区工作时间": date(2018, 7, 15),
    "合同起始日": date(2021, 7, 15),
    "合同终止日": date(2024, 7, 14),
    "开户行": "中国农业银行松山支行",
    "银行卡号": "6228480000000000000",
    "任职日期": date(2018, 7, 15),
    "文号": "松民〔2022〕1号",
    "取得日期": date(2020, 6, 30),
    "毕业院校": "内蒙古大学",
    "专业": "社会工作",
    "证书等级": "助理社会工作师",
    "批准日期": date(2021, 9, 1),
    "证书编号": "20210000001",
    "年度": 2022,
    "等次": "合格",
    "起始日期": date(2018, 7, 15),
    "开始日期": date(2022, 3, 1),
    "结束日期": date(2022, 5, 31),
    "核定月份": "2022-03",
    "核定工作年限": 4.5,
    "离职日期": date(2023, 5, 20),
    "借调单位": "松山区民政局",
    "培训名称": "社区治理能力培训",
    "学时": 40,
}
HINTS = {
    "date": "日期，如2018-07-15；只写到月的按当月第一天。",
    "month": "月份，如2022-03。",
    "years": "工作年限，单位：年，最多两位小数；4.5就是54个月。",
    "truth": "填“是”或“否”；新增人员留空为“否”。",
}


def write_template(target: str | Path) -> None:
    """Write the form to ``target`` (a path or a binary file)."""
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False}) as book:
        writer = SheetWriter(book)
        example = book.add_format({"font_color": "#808080", "italic": True, "num_format": "@"})
        example_day = book.add_format({"font_color": "#808080", "italic": True, "num_format": "yyyy-mm-dd"})
        for sheet in all_sheets():
            page = writer.open(sheet)
            for index, column in enumerate(sheet.columns):
                _write_example(page, index, column, example_day if column.kind == "date" else example)
                _add_help(page, index, column)


def _write_example(page: Worksheet, index: int, column: Column, style: Any) -> None:
    value = column.example or EXAMPLES.get(column.header)
    if isinstance(value, date):
        page.write_datetime(1, index, value, style)
    elif isinstance(value, int | float):
        page.write_number(1, index, value, style)
    elif value:
        page.write_string(1, index, value, style)


def _add_help(page: Worksheet, index: int, column: Column) -> None:
    """Add a drop-down for closed values, else a hint for the cell."""
    title = f"{column.header}（必填）" if column.required else column.header
    rule: dict[str, Any] = {"validate": "any"}
    if column.choices:
        rule = {"validate": "list", "source": list(column.choices), "error_title": "请从列表中选择"}
        rule["error_message"] = "这一列只能填列表中的内容。"
    hint = HINTS.get(column.kind, "")
    if hint or column.required:
        rule |= {"input_title": title[:32], "input_message": hint or "必填。"}
    if len(rule) > 1:
        page.data_validation(1, index, LAST_ROW, index, rule)
