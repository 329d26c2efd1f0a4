"""Columns as objects: header, synonyms, and how a cell is read and written."""

from dataclasses import dataclass, replace
from typing import Any

from workers.rules.bounds import YEARS_AHEAD, YEARS_AHEAD_OF_RETURN
from workers.workbook import vocabulary as words
from workers.workbook.cells import (
    Clean,
    clean_account,
    clean_ethnicity,
    clean_hours,
    clean_id_number,
    clean_name,
    clean_phone,
    clean_service_years,
    note,
    term,
    text,
    truth,
)
from workers.workbook.dates import clean_date, clean_month
from workers.workbook.lexicon import SECRETARY_AND_DIRECTOR


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """``field`` is the model's attribute. ``ahead``: how many years a date may lie in the future."""

    header: str
    field: str
    clean: Clean
    required: bool = False
    kind: str = "text"
    choices: tuple[str, ...] = ()
    ahead: int = YEARS_AHEAD
    private: bool = False
    example: Any = ""
    width: int = 14


def required(column: Column) -> Column:
    return replace(column, required=True)


def day(header: str, field: str, must: bool = True, ahead: int = YEARS_AHEAD, example: str = "") -> Column:
    return Column(header, field, clean_date, must, kind="date", ahead=ahead, example=example)


def month(header: str, field: str, example: str = "") -> Column:
    return Column(header, field, clean_month, True, kind="month", example=example)


def words_of(header: str, field: str, terms: dict[str, str], must: bool = True, **more: Any) -> Column:
    choices = tuple(word for word in dict.fromkeys(terms.values()) if word != SECRETARY_AND_DIRECTOR)
    return Column(header, field, term(terms), must, choices=choices, **more)


def free(header: str, field: str, longest: int, must: bool = False, **more: Any) -> Column:
    return Column(header, field, text(longest), must, **more)


NAME = Column("姓名", "name", clean_name, False, example="示例：王小明")
ID_NUMBER = Column(
    "身份证号",
    "id_number",
    clean_id_number,
    True,
    example="11010519491231002X",
    width=22,
)
COMMUNITY = free("社区", "community_id", 60, must=True, width=20)
POST = words_of("岗位", "post", words.POSTS)
POSITION = words_of("职务", "position", words.POSITIONS)
DUAL = Column("一肩挑", "dual", truth(words.TRUTHS), False, kind="truth", choices=("是", "否"))
DOCUMENT_NO = free("文号", "document_no", 60)
REASON = free("原因", "reason", 100)
ROSTER = (
    required(NAME),
    ID_NUMBER,
    Column("民族", "ethnicity", clean_ethnicity),
    free("政治面貌", "political_status", 20),
    Column("联系电话", "phone", clean_phone, False),
    free(
        "街道(乡镇)",
        "street",
        60,
        must=True,
    ),
    COMMUNITY,
    words_of("人员类别", "category", words.CATEGORIES),
    POST,
    POSITION,
    DUAL,
    words_of("学历", "education", words.EDUCATIONS),
    words_of("入职学历", "entry_education", words.EDUCATIONS, must=False),
    day(
        "参加社区工作时间",
        "hired_on",
    ),
    day("合同起始日", "contract_start", must=False),
    day("合同终止日", "contract_end", must=False, ahead=60),
    free("开户行", "bank_name", 60),
    Column(
        "银行卡号",
        "bank_account",
        clean_account,
        False,
        private=True,
        width=24,
    ),
    Column("备注", "note", note(500), False, width=24),
)
PERSON = (replace(NAME, field="person_name"), ID_NUMBER)
ASSIGNMENTS = (
    *PERSON,
    day("任职日期", "start"),
    COMMUNITY,
    POST,
    POSITION,
    DUAL,
    DOCUMENT_NO,
)
CATEGORIES = (
    *PERSON,
    day("起始日期", "start"),
    words_of("人员类别", "category", words.CATEGORIES),
    DOCUMENT_NO,
)
DEGREES = (
    *PERSON,
    words_of("学历", "level", words.EDUCATIONS),
    day("取得日期", "earned_on"),
    free("毕业院校", "school", 60),
    free("专业", "major", 60),
)
CERTIFICATES = (
    *PERSON,
    words_of("证书等级", "level", words.CERTIFICATES),
    day("批准日期", "approved_on"),
    free("证书编号", "number", 60),
    day("失效日期", "ended_on", must=False),
)
GAPS = (
    *PERSON,
    day("开始日期", "first_day"),
    day("结束日期", "last_day", must=False, ahead=YEARS_AHEAD_OF_RETURN),
    REASON,
)
PLACEMENTS = (
    *PERSON,
    month("核定月份", "month"),
    Column(
        "核定工作年限",
        "credited_months",
        clean_service_years,
        True,
        kind="years",
    ),
    DOCUMENT_NO,
)
EXITS = (
    *PERSON,
    day("离职日期", "left_on"),
    free("原因", "reason", 100, must=True),
)
SECONDMENTS = (
    *PERSON,
    free("借调单位", "body", 60, must=True),
    day("开始日期", "start"),
    day("结束日期", "end", must=False, ahead=5),
    free("原因", "reason", 100),
)
TRAININGS = (
    *PERSON,
    free("培训名称", "name", 100, must=True),
    day("开始日期", "start"),
    day("结束日期", "end"),
    Column("学时", "hours", clean_hours, False, kind="decimal"),
)
