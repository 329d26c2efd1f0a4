"""Read a grade table from a workbook or a folder of three CSV files, naming every fault (rules 3.2, 3.3)."""

import csv
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from io import StringIO
from pathlib import Path
from typing import Any

from songshan_cw.data.refusal import Refused
from songshan_cw.words import periods
from songshan_cw.words.money import EXACT, yuan
from songshan_cw.words.periods import Month
from songshan_cw.words.terms import Post
from workers.workbook.cells import Context
from workers.workbook.dates import clean_month
from workers.workbook.faults import CellFault
from workers.workbook.reading import read_workbook

GRADES = 18
STEPS = 12
HEADERS = {"系数": ("等级", "系数"), "年限": ("岗位", "档次", "工作年限"), "基数": ("起始月份", "年基数")}
DUST = Decimal("1e-9")
Row = tuple[int, list[Any]]
Rows = list[Row]


@dataclass
class TableContent:
    """Coefficients by grade, months by post and step, yuan by first month; and the faults found."""

    coefficients: dict[int, Decimal] = field(default_factory=dict)
    requirements: dict[tuple[Post, int], int] = field(default_factory=dict)
    standards: dict[Month, Decimal] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    context: Context = field(default=Context(date1904=False, today=date.max), compare=False)


def read_table(path: Path) -> TableContent:
    """Read a complete, rising table. Raises Refused naming every fault."""
    content = TableContent()
    sheets = _csv_sheets(path) if path.is_dir() else _workbook_sheets(path, content)
    for name, headers in HEADERS.items():
        if name not in sheets:
            content.faults.append(f"缺少“{name}”表。")
            continue
        for number, cells in _body(name, headers, sheets[name], content.faults):
            READERS[name](content, f"{name}第{number}行", cells)
    if not content.faults:
        _check_complete(content)
    if content.faults:
        raise Refused("等级系数表不能导入：\n" + "\n".join(content.faults))
    return content


def _workbook_sheets(path: Path, content: TableContent) -> dict[str, Rows]:
    if path.suffix.lower() == ".csv":
        raise Refused("CSV 形式请给出文件夹，其中放“系数.csv”“年限.csv”“基数.csv”三个文件。")
    reading = read_workbook(path)
    if reading.faults:
        raise Refused(f"等级系数表不能导入：{reading.faults[0].message}")
    content.context = Context(date1904=reading.date1904, today=date.max)
    return {sheet.name.strip(): sheet.rows for sheet in reading.sheets}


def _csv_sheets(folder: Path) -> dict[str, Rows]:
    sheets: dict[str, Rows] = {}
    for name in HEADERS:
        file = folder / f"{name}.csv"
        if file.exists():
            lines = csv.reader(StringIO(_text_of(file), newline=""))
            sheets[name] = [(number, list(row)) for number, row in enumerate(lines, start=1)]
    return sheets


def _text_of(file: Path) -> str:
    """Decode CSV. Chinese spreadsheets write GB 18030, others UTF-8. Raises Refused."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return file.read_bytes().decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(f"“{file.name}”不是文本文件，读不出来。请在表格软件里另存为“CSV UTF-8”再导入。")


def _body(name: str, headers: tuple[str, ...], rows: Rows, faults: list[str]) -> Iterable[Row]:
    """Return the rows below the header, with its columns in its order."""
    for index, (_, row) in enumerate(rows):
        texts = ["".join(str(cell or "").split()) for cell in row]
        if set(headers) <= set(texts):
            places = [texts.index(header) for header in headers]
            body = [(number, [*cells, *[None] * len(row)]) for number, cells in rows[index + 1 :]]
            return [(number, [cells[place] for place in places]) for number, cells in body if any(map(_filled, cells))]
    faults.append(f"“{name}”表找不到表头：需要{'、'.join(headers)}。")
    return []


def _filled(cell: Any) -> bool:
    return cell is not None and str(cell).strip() != ""


def _number(value: Any) -> Decimal | None:
    """Read a cell's number, rounding the binary error of a computed cell beyond nine decimals."""
    text = unicodedata.normalize("NFKC", str(value)).strip().replace(",", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= 10**12:
        return None
    return EXACT.quantize(number, DUST)


def _whole(value: Any, lowest: int, highest: int) -> int | None:
    number = _number(value)
    if number is None or number != number.to_integral_value() or not lowest <= number <= highest:
        return None
    return int(number)


def _read_coefficient(content: TableContent, place: str, cells: list[Any]) -> None:
    grade, coefficient = _whole(cells[0], 1, GRADES), _number(cells[1])
    if grade is None:
        content.faults.append(f"{place}：等级“{cells[0]}”应为1至{GRADES}的整数。")
    elif grade in content.coefficients:
        content.faults.append(f"{place}：{grade}级重复。")
    elif coefficient is None or not 0 < coefficient < 1000 or coefficient != round(coefficient, 4):
        content.faults.append(f"{place}：系数“{cells[1]}”应为正数，至多四位小数。")
    else:
        content.coefficients[grade] = coefficient


def _read_requirement(content: TableContent, place: str, cells: list[Any]) -> None:
    post, step, years = str(cells[0] or "").strip(), _whole(cells[1], 1, STEPS), _number(cells[2])
    if post not in set(Post):
        content.faults.append(f"{place}：岗位“{post}”应为正职、副职或工作人员。")
    elif step is None:
        content.faults.append(f"{place}：档次“{cells[1]}”应为1至{STEPS}的整数。")
    elif (Post(post), step) in content.requirements:
        content.faults.append(f"{place}：{post}{step}档重复。")
    elif years is None or years < 0 or years > 60 or years * 12 != (years * 12).to_integral_value():
        content.faults.append(f"{place}：工作年限“{cells[2]}”应为0至60之间、折合整月的年数。")
    else:
        content.requirements[Post(post), step] = int(years * 12)


def _read_standard(content: TableContent, place: str, cells: list[Any]) -> None:
    month, base = _month(cells[0], content.context), _number(cells[1])
    if month is None:
        content.faults.append(f"{place}：起始月份“{cells[0]}”应写作2022-01。")
    elif month in content.standards:
        content.faults.append(f"{place}：{periods.label(month)}重复。")
    elif base is None or base <= 0 or base != yuan(base) or base >= Decimal("1e10"):
        content.faults.append(f"{place}：年基数“{cells[1]}”应为正数，单位元，至多两位小数。")
    else:
        content.standards[month] = yuan(base)


READERS = {"系数": _read_coefficient, "年限": _read_requirement, "基数": _read_standard}


def _month(value: Any, context: Context) -> Month | None:
    try:
        found: Month | None = clean_month(value, context)
    except CellFault:
        return None
    return found


def _check_complete(content: TableContent) -> None:
    """Check that all 18 grades and 3×12 steps are there and rise (contract of the file; rules 3.2)."""
    faults = content.faults
    missing = [str(grade) for grade in range(1, GRADES + 1) if grade not in content.coefficients]
    if missing:
        faults.append(f"系数缺少等级：{'、'.join(missing)}。")
    for grade in range(2, GRADES + 1):
        lower, upper = content.coefficients.get(grade - 1), content.coefficients.get(grade)
        if lower is not None and upper is not None and upper <= lower:
            faults.append(f"系数须逐级递增：{grade}级（{upper}）不高于{grade - 1}级（{lower}）。")
    for post in Post:
        faults.extend(_requirement_faults(post, content.requirements))
    if not content.standards:
        faults.append("基数至少要有一行：起始月份和年基数。")


def _requirement_faults(post: Post, requirements: dict[tuple[Post, int], int]) -> Iterable[str]:
    missing = [str(step) for step in range(1, STEPS + 1) if (post, step) not in requirements]
    if missing:
        yield f"年限缺少{post}档次：{'、'.join(missing)}。"
        return
    if requirements[post, 1] != 0:
        yield f"{post}1档的工作年限应为0，新聘人员从1档起步。"
    for step in range(2, STEPS + 1):
        if requirements[post, step] <= requirements[post, step - 1]:
            yield f"年限须逐档递增：{post}{step}档不高于{step - 1}档。"
