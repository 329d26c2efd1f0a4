"""Columns as objects: header, synonyms, and how a cell is read and written."""

from dataclasses import dataclass, replace
from typing import Any

from workers.rules.dossier import YEARS_AHEAD, YEARS_AHEAD_OF_RETURN
from workers.workbook import vocabulary as words
from workers.workbook.cells import (
    Clean,
    clean_account,
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


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """``field`` is the model's attribute. ``ahead``: how many years a date may lie in the future."""

    header: str
    field: str
    clean: Clean
    required: bool = False
    synonyms: tuple[str, ...] = ()
    kind: str = "text"
    choices: tuple[str, ...] = ()
    ahead: int = YEARS_AHEAD
    private: bool = False
    example: Any = ""
    width: int = 14


def required(column: Column) -> Column:
    return replace(column, required=True)


def day(
    header: str, field: str, *synonyms: str, must: bool = True, ahead: int = YEARS_AHEAD, example: str = ""
) -> Column:
    return Column(header, field, clean_date, must, synonyms, kind="date", ahead=ahead, example=example)


def month(header: str, field: str, *synonyms: str, example: str = "") -> Column:
    return Column(header, field, clean_month, True, synonyms, kind="month", example=example)


def words_of(header: str, field: str, terms: dict[str, str], *synonyms: str, must: bool = True, **more: Any) -> Column:
    choices = tuple(dict.fromkeys(terms.values()))
    return Column(header, field, term(terms), must, synonyms, choices=choices, **more)


def free(header: str, field: str, longest: int, *synonyms: str, must: bool = False, **more: Any) -> Column:
    return Column(header, field, text(longest), must, synonyms, **more)


NAME = Column("姓名", "name", clean_name, False, ("人员姓名", "名字"), example="示例：王小明")
ID_NUMBER = Column(
    "身份证号",
    "id_number",
    clean_id_number,
    True,
    ("身份证号码", "公民身份号码", "公民身份证号码", "身份证", "身份证件号码", "居民身份证号码", "证件号码"),
    example="11010519491231002X",
    width=22,
)
COMMUNITY = free(
    "社区", "community_id", 60, "所在社区", "所属社区", "社区名称", "社区(村)", "任职社区", must=True, width=20
)
POST = words_of("岗位", "post", words.POSTS, "岗位类别", "岗位类型", "任职岗位")
POSITION = words_of("职务", "position", words.POSITIONS, "现任职务", "担任职务", "职务名称")
DUAL = Column(
    "一肩挑", "dual", truth(words.TRUTHS), False, ("是否一肩挑", "书记主任一肩挑"), kind="truth", choices=("是", "否")
)
DOCUMENT_NO = free("文号", "document_no", 60, "文件号", "发文字号", "批准文号")
REASON = free("原因", "reason", 100, "事由")
ROSTER = (
    required(NAME),
    ID_NUMBER,
    free("民族", "ethnicity", 20),
    free("政治面貌", "political_status", 20),
    Column("联系电话", "phone", clean_phone, False, ("电话", "手机", "手机号", "手机号码", "联系方式", "电话号码")),
    free(
        "街道(乡镇)",
        "street",
        60,
        "街道",
        "乡镇",
        "街道乡镇",
        "街道/乡镇",
        "所在街道",
        "所属街道",
        "街道名称",
        must=True,
    ),
    COMMUNITY,
    words_of("人员类别", "category", words.CATEGORIES, "类别", "人员类型", "人员性质"),
    POST,
    POSITION,
    DUAL,
    words_of("学历", "education", words.EDUCATIONS, "最高学历", "现学历", "文化程度", "学历层次"),
    words_of(
        "入职学历", "entry_education", words.EDUCATIONS, "聘用学历", "入职时学历", "聘用时学历", "初始学历", must=False
    ),
    day(
        "参加社区工作时间",
        "hired_on",
        "参加社区工作日期",
        "入职时间",
        "入职日期",
        "聘用时间",
        "聘用日期",
        "从事社区工作时间",
    ),
    day("合同起始日", "contract_start", "合同开始日期", "合同起始日期", "合同开始时间", "合同起始时间", must=False),
    day(
        "合同终止日", "contract_end", "合同结束日期", "合同终止日期", "合同到期日", "合同终止时间", must=False, ahead=60
    ),
    free("开户行", "bank_name", 60, "开户银行", "银行名称"),
    Column(
        "银行卡号",
        "bank_account",
        clean_account,
        False,
        ("银行账号", "工资卡号", "账号", "卡号"),
        private=True,
        width=24,
    ),
    Column("备注", "note", note(500), False, ("说明",), width=24),
)
PERSON = (replace(NAME, field="person_name"), ID_NUMBER)
ASSIGNMENTS = (
    *PERSON,
    day("任职日期", "start", "任职时间", "任职起始日期", "变动日期", "任职起始时间"),
    COMMUNITY,
    POST,
    POSITION,
    DUAL,
    DOCUMENT_NO,
)
DEGREES = (
    *PERSON,
    words_of("学历", "level", words.EDUCATIONS, "最高学历", "提升后学历", "取得学历"),
    day("取得日期", "earned_on", "毕业日期", "毕业时间", "取得时间"),
    free("毕业院校", "school", 60, "院校", "毕业学校", "学校"),
    free("专业", "major", 60, "所学专业"),
)
CERTIFICATES = (
    *PERSON,
    words_of("证书等级", "level", words.CERTIFICATES, "等级", "资格等级", "证书级别", "职业资格", "证书名称"),
    day("批准日期", "approved_on", "批准时间", "取得日期", "发证日期", "取得时间"),
    free("证书编号", "number", 60, "证书号", "证书号码", "编号"),
)
GAPS = (
    *PERSON,
    day("开始日期", "first_day", "开始时间", "中断开始日期", "起始日期"),
    day("结束日期", "last_day", "结束时间", "中断结束日期", "终止日期", must=False, ahead=YEARS_AHEAD_OF_RETURN),
    REASON,
)
PLACEMENTS = (
    *PERSON,
    month("核定月份", "month", "核定时间", "核定年月"),
    Column(
        "核定工作年限",
        "credited_months",
        clean_service_years,
        True,
        ("核定年限", "工作年限", "核定工作年限(年)"),
        kind="years",
    ),
    DOCUMENT_NO,
)
EXITS = (
    *PERSON,
    day("离职日期", "left_on", "离职时间", "离任日期", "解聘日期"),
    free("原因", "reason", 100, "离职原因", "事由", must=True),
)
SECONDMENTS = (
    *PERSON,
    free("借调单位", "body", 60, "借入单位", "借调到单位", "借调去向", must=True),
    day("开始日期", "start", "开始时间", "借调开始日期", "起始日期"),
    day("结束日期", "end", "结束时间", "借调结束日期", "终止日期", must=False, ahead=5),
    free("原因", "reason", 100, "借调原因", "事由"),
)
TRAININGS = (
    *PERSON,
    free("培训名称", "name", 100, "培训内容", "培训班名称", "培训项目", must=True),
    day("开始日期", "start", "开始时间", "培训开始日期", "起始日期"),
    day("结束日期", "end", "结束时间", "培训结束日期", "终止日期"),
    Column("学时", "hours", clean_hours, False, ("学时数", "课时", "培训学时"), kind="decimal"),
)
