"""Clean workbooks made by code: plain lists of cells, so that a test can spoil any of them."""

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import openpyxl

from workers.models import Region
from workers.rules.identity import check_character

STREETS = {"150404001": "振兴街道", "150404002": "向阳街道"}
COMMUNITIES = {
    "150404001001": "北苑社区居委会",
    "150404001002": "广场社区居委会",
    "150404001003": "木兰社区居委会",
    "150404002001": "安居社区居委会",
    "150404002003": "向阳社区居委会",
}
HEADERS: dict[str, list[str]] = {
    "花名册": [
        "姓名",
        "身份证号",
        "民族",
        "政治面貌",
        "联系电话",
        "街道(乡镇)",
        "社区",
        "人员类别",
        "岗位",
        "职务",
        "一肩挑",
        "学历",
        "入职学历",
        "参加社区工作时间",
        "合同起始日",
        "合同终止日",
        "开户行",
        "银行卡号",
        "备注",
    ],
    "岗位变动": ["姓名", "身份证号", "任职日期", "社区", "岗位", "职务", "一肩挑", "文号"],
    "学历提升": ["姓名", "身份证号", "学历", "取得日期", "毕业院校", "专业"],
    "职业资格": ["姓名", "身份证号", "证书等级", "批准日期", "证书编号", "失效日期"],
    "年度考核": ["姓名", "身份证号", "年度", "等次"],
    "中断服务": ["姓名", "身份证号", "开始日期", "结束日期", "原因"],
    "定级核定": ["姓名", "身份证号", "核定月份", "核定工作年限", "文号"],
    "离职": ["姓名", "身份证号", "离职日期", "原因"],
    "借调": ["姓名", "身份证号", "借调单位", "开始日期", "结束日期", "原因"],
    "培训": ["姓名", "身份证号", "培训名称", "开始日期", "结束日期", "学时"],
    "人员类别": ["姓名", "身份证号", "起始日期", "人员类别", "文号"],
}
Book = dict[str, list[list[Any]]]


def make_regions() -> None:
    """Two streets of one district with their communities."""
    rows = [("15", "内蒙古自治区", "province", None), ("1504", "赤峰市", "city", "15")]
    rows += [("150404", "松山区", "district", "1504")]
    rows += [(code, name, "street", "150404") for code, name in STREETS.items()]
    rows += [(code, name, "community", code[:9]) for code, name in COMMUNITIES.items()]
    for code, name, level, parent in rows:
        Region.objects.get_or_create(code=code, defaults={"name": name, "level": level, "parent_id": parent})


def id_number(born: date, sequence: int) -> str:
    first = f"150404{born:%Y%m%d}{sequence:03d}"
    return first + check_character(first)


def person(index: int, **changes: Any) -> list[Any]:
    """One roster row, a 工作人员 hired in 2018 unless told otherwise."""
    community = "北苑社区居委会" if index % 2 else "安居社区居委会"
    row: dict[str, Any] = {
        "姓名": "王李张刘陈"[index % 5] + "小明",
        "身份证号": id_number(date(1985, 1, 1) + timedelta(days=index % 3000), index % 1000),
        "民族": "蒙古族",
        "政治面貌": "群众",
        "联系电话": f"1390476{index:04d}",
        "街道(乡镇)": "振兴街道" if index % 2 else "向阳街道",
        "社区": community,
        "人员类别": "专职工作者",
        "岗位": "工作人员",
        "职务": "社区工作者",
        "一肩挑": "否",
        "学历": "大学本科",
        "入职学历": "大学本科",
        "参加社区工作时间": date(2018, 7, 15),
        "合同起始日": date(2021, 7, 15),
        "合同终止日": date(2024, 7, 14),
        "开户行": "农业银行",
        "银行卡号": f"622848000000000{index:04d}",
        "备注": None,
    }
    row |= changes
    return [row[header] for header in HEADERS["花名册"]]


def clean_book(people: int = 6) -> Book:
    """A few people with something in every sheet."""
    roster = [person(index) for index in range(people)]
    roster[0] = person(0, 岗位="正职", 职务="党组织书记", 一肩挑="是", 社区="向阳社区居委会")
    roster[1] = person(1, 学历="大学本科", 入职学历="大学专科")
    names = [(row[0], row[1]) for row in roster]
    return {
        "花名册": roster,
        "岗位变动": [
            [*names[0], date(2018, 7, 15), "安居社区居委会", "工作人员", "社区工作者", "否", None],
            [*names[0], date(2021, 3, 1), "向阳社区居委会", "正职", "党组织书记", "是", "松组〔2021〕3号"],
        ],
        "学历提升": [[*names[1], "大学本科", date(2020, 6, 30), "内蒙古大学", "社会学"]],
        "职业资格": [[*names[2], "助理社会工作师", date(2021, 9, 1), "A123", date(2025, 6, 30)]],
        "年度考核": [[*name, 2022, "合格"] for name in names] + [[*names[3], 2021, "优秀"]],
        "中断服务": [[*names[3], date(2019, 2, 1), date(2019, 5, 31), "病假"]],
        "定级核定": [[*names[4], "2022-03", 4.5, "松民〔2022〕1号"]],
        "离职": [[*names[5], date(2023, 5, 20), "个人原因"]],
        "借调": [[*names[2], "松山区民政局", date(2022, 3, 1), date(2022, 5, 31), "专项工作"]],
        "培训": [[*names[2], "社区治理", date(2022, 4, 11), date(2022, 4, 15), 40]],
    }


def save(book: Book, path: Path, headers: dict[str, list[Any]] | None = None) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in book.items():
        sheet = workbook.create_sheet(name)
        sheet.append((headers or {}).get(name) or HEADERS[name])
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return path


def random_book(seed: int, people: int) -> Book:
    """Many people of one kind each, for sizes and round trips."""
    chance = Random(seed)
    roster = [person(index, 民族=chance.choice(["汉族", "蒙古族", None])) for index in range(people)]
    return {"花名册": roster, "年度考核": [[row[0], row[1], 2022, "合格"] for row in roster]}
