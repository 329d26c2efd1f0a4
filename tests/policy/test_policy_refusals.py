"""Faulty policy data stops the start, named by file and key."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from songshan_cw.policy import PolicyDataError
from songshan_cw.policy.book import SHIPPED
from tests.policies import load


@dataclass(frozen=True)
class Fault:
    """One edit of the shipped Songshan files, and what the refusal must name."""

    name: str
    file: str
    old: str
    new: str
    key: str
    words: str


SHARE = '{from: 2022-01-01, clause: 二(四)4, value: "0.15"}'
AT_ONCE = "{from: 2022-01-01, clause: 二(四)2, value: 2}"
VISITS = "{from: 2022-01-01, clause: 二(四)2, value: 30}"
STEPS = "{from: 2022-01-01, clause: 二(五)1, value: 12}"

FAULTS = [
    Fault("missing parameter", "secondment", f"most_at_once:\n  - {AT_ONCE}\n", "", "most_at_once", "缺少"),
    Fault("unknown parameter", "secondment", "most_months:", "longest:", "longest", "不认识"),
    Fault("unknown entry key", "secondment", AT_ONCE, AT_ONCE[:-1] + ", to: 1}", "most_at_once[0].to", "不认识"),
    Fault("missing clause key", "pay", STEPS, "{from: 2022-01-01, value: 12}", "steps[0].clause", "缺少"),
    Fault("text for integer", "pay", STEPS, STEPS.replace("12}", '"12"}'), "steps[0].value", "整数"),
    Fault("truth for integer", "pay", STEPS, STEPS.replace("12}", "true}"), "steps[0].value", "整数"),
    Fault("float for decimal", "assessment", '"0.15"', "0.15", "excellent_share[0].value", "加引号"),
    Fault("not a number", "assessment", '"0.15"', '"NaN"', "excellent_share[0].value", "加引号"),
    Fault("null not allowed", "pay", STEPS, STEPS.replace("12}", "null}"), "steps[0].value", "空"),
    Fault("unknown term", "pay", "{优秀: 6}", "{优良: 6}", "bonus_months[0].value", "优良"),
    Fault("list expected", "pay", "value: [正职]", "value: 正职", "dual_posts[0].value", "列表"),
    Fault("item twice", "pay", "value: [正职]", "value: [正职, 正职]", "dual_posts[0].value", "重复"),
    Fault("mapping expected", "pay", "{优秀: 6}", "[6]", "bonus_months[0].value", "键: 值"),
    Fault("record field", "pay", "{lowest: 4, highest: 15}", "{lowest: 4}", "bands[0].value.副职.highest", "缺少"),
    Fault("no value at all", "pay", f"\n  - {STEPS}", " []", "steps", "至少一项"),
    Fault("date as text", "pay", STEPS, STEPS.replace("2022-01-01", '"2022-01-01"'), "steps[0].from", "日期"),
    Fault("uncovered start", "pay", STEPS, STEPS.replace("2022-01-01", "2022-02-01"), "steps", "施行日2022-01-01"),
    Fault("same start", "training", VISITS, f"{VISITS}\n  - {VISITS}", "visits_per_month", "重叠"),
    Fault(
        "unordered",
        "training",
        VISITS,
        f"{VISITS}\n  - {VISITS.replace('2022', '2024')}\n  - {VISITS.replace('2022', '2023')}",
        "visits_per_month",
        "先后",
    ),
    Fault("unknown clause", "secondment", AT_ONCE, AT_ONCE.replace("二(四)2", "二(九)9"), "most_at_once", "二(九)9"),
    Fault("other clause", "secondment", AT_ONCE, AT_ONCE.replace("(四)2", "(四)3"), "most_at_once", "没有列出"),
    Fault(
        "clause with number",
        "secondment",
        AT_ONCE,
        AT_ONCE.replace("二(四)2", "14"),
        "most_at_once[0].clause",
        "加引号",
    ),
    Fault("key twice", "secondment", "most_months:", "most_at_once:", "most_at_once", "重复"),
    Fault("broken YAML", "secondment", "most_months:", "most_months: [", "", "YAML"),
    Fault("impossible date", "pay", STEPS, STEPS.replace("2022-01-01", "2022-13-01"), "", "日期"),
    Fault("clause listed twice", "clauses", "number: 二(三)4,", "number: 二(三)3,", "clauses.二(三)3", "两次"),
    Fault("clause without words", "clauses", "说明建立职业体系的目标。", '""', "clauses.一", "概要"),
    Fault(
        "clause names nothing", "clauses", "[training.yearly]", "[training.daily]", "clauses.二(四)1", "training.daily"
    ),
    Fault("missing clause", "clauses", "- number: 二(四)1\n", "- number: 二(四)11\n", "yearly", "二(四)1"),
    Fault("region form", "document", '["150404"]', '["15040"]', "regions", "15040"),
    Fault("city with six digits", "document", '["150404"]', '["150400"]', "regions", "四位"),
    Fault("no region", "document", '["150404"]', "[]", "regions", "至少"),
    Fault("region unquoted", "document", '["150404"]', "[150404]", "regions[0]", "加引号"),
    Fault("key and folder", "document", "key: songshan", "key: other", "key", "songshan"),
    Fault("ends before it starts", "document", "to: null", "to: 2021-12-31", "in_force_to", "早于"),
    Fault("document field missing", "document", "issued_on: 2022-03-24\n", "", "issued_on", "缺少"),
    Fault("unregistrable", "scope", "调入人员, 退休人员", "退休人员", "registrable", "登记"),
    Fault("post without band", "pay", "      副职: {lowest: 4, highest: 15}\n", "", "bands", "副职"),
    Fault("band and steps", "pay", "{lowest: 4, highest: 15}", "{lowest: 4, highest: 14}", "bands", "档次"),
    Fault("band too high", "pay", "{lowest: 7, highest: 18}", "{lowest: 8, highest: 19}", "bands", "超出"),
    Fault("share above one", "assessment", '"0.15"', '"15"', "excellent_share", "0与1"),
    Fault("shares together", "pay", 'value: "0.10"', 'value: "0.11"', "performance_share", "超过"),
    Fault("result twice", "pay", '不合格: "0"', '优秀: "1"', "优秀", "重复"),
    Fault("weight missing", "pay", ', 不合格: "0"', "", "performance_weights", "不合格"),
    Fault("negative weight", "pay", '不合格: "0"', '不合格: "-1"', "performance_weights", "负数"),
    Fault("negative allowance", "pay", '"500.00"', '"-500.00"', "allowances", "负数"),
    Fault("allowance inside a month", "pay", "value: 2022-01-01}", "value: 2022-01-02}", "allowance_from", "1日"),
    Fault("negative credit", "pay", "大学本科: 48", "大学本科: -48", "entry_credit", "负数"),
    Fault("households", "staffing", "fewest: 300", "fewest: 301", "households_per_worker", "下限"),
    Fault("limit of nothing", "dismissal", "days: 15", "days: 0", "absence_running", "正数"),
    Fault("secondment below none", "secondment", AT_ONCE, AT_ONCE.replace("2}", "-2}"), "most_at_once", "负数"),
    Fault("position forgotten", "training", ", 两委委员", "", "yearly", "两委委员"),
    Fault("position twice", "training", ", 两委委员", ", 两委委员, 党组织书记", "yearly", "两项"),
    Fault("term forgotten", "contract", ", 调入人员: 36", "", "term_months", "调入人员"),
    Fault("term of nothing", "contract", "调入人员: 36", "调入人员: 0", "term_months", "正的月数"),
    Fault("due in the past", "contract", "[90, 60, 30]", "[90, 60, -30]", "due_days", "正数"),
    Fault("leave order", "leave", "from_years: 10", "from_years: 30", "annual_days", "由低到高"),
]


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    for key in ("songshan", "ordos"):
        shutil.copytree(SHIPPED / key, tmp_path / key)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"the edit no longer fits {path.name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refusal_of(folder: Path) -> PolicyDataError:
    with pytest.raises(PolicyDataError) as refusal:
        load(folder)
    assert str(refusal.value).startswith(f"政策数据有误：{refusal.value.file}")
    return refusal.value


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_is_named_by_file_and_key(copies: Path, fault: Fault) -> None:
    edit(copies / "songshan" / f"{fault.file}.yaml", fault.old, fault.new)
    refusal = refusal_of(copies)
    file = "secondment" if fault.name == "other clause" else fault.file
    file = "training" if fault.name == "missing clause" else file
    assert (refusal.file, refusal.key) == (f"songshan/{file}.yaml", fault.key)
    assert fault.words in refusal.problem


def test_clean_copies_load(copies: Path) -> None:
    assert {document.key for document in load(copies).documents} == {"songshan", "ordos"}


@pytest.mark.parametrize("name", ["document", "clauses", "pay", "archive"])
def test_missing_file(copies: Path, name: str) -> None:
    (copies / "ordos" / f"{name}.yaml").unlink()
    refusal = refusal_of(copies)
    assert refusal.file == f"ordos/{name}.yaml"
    assert "缺少这个文件" in refusal.problem


def test_unknown_file(copies: Path) -> None:
    (copies / "songshan" / "salary.yaml").write_text("{}", encoding="utf-8")
    assert refusal_of(copies).file == "songshan/salary.yaml"


def test_other_encoding(copies: Path) -> None:
    path = copies / "songshan" / "leave.yaml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    assert "UTF-8" in refusal_of(copies).problem


def test_folder_without_documents(tmp_path: Path) -> None:
    assert "没有任何政策文件" in refusal_of(tmp_path).problem


def test_value_after_the_last_day_never_applies(copies: Path) -> None:
    edit(copies / "songshan" / "document.yaml", "in_force_to: null", "in_force_to: 2024-12-31")
    edit(copies / "songshan" / "training.yaml", VISITS, f"{VISITS}\n  - {VISITS.replace('2022', '2025')}")
    refusal = refusal_of(copies)
    assert (refusal.file, refusal.key) == ("songshan/training.yaml", "visits_per_month")
    assert "2024-12-31" in refusal.problem


@pytest.mark.parametrize("regions", ['["1504"]', '["150404"]', '["150602", "150404"]'])
def test_two_documents_for_one_district_and_time(copies: Path, regions: str) -> None:
    edit(copies / "ordos" / "document.yaml", '["1506"]', regions)
    refusal = refusal_of(copies)
    assert (refusal.file, refusal.key) == ("songshan/document.yaml", "regions")
    assert "150404" in refusal.problem and "ordos" in refusal.problem


def test_documents_may_follow_each_other(copies: Path) -> None:
    """The end of one and the start of the next share no day: the district has both, in turn."""
    edit(copies / "ordos" / "document.yaml", '["1506"]', '["150404"]')
    edit(copies / "ordos" / "document.yaml", "in_force_to: null", "in_force_to: 2021-12-31")
    book = load(copies)
    assert [policy.document.key for policy in book.timeline("150404").policies] == ["ordos", "songshan"]


def test_documents_overlap_by_one_day(copies: Path) -> None:
    edit(copies / "ordos" / "document.yaml", '["1506"]', '["150404"]')
    edit(copies / "ordos" / "document.yaml", "in_force_to: null", "in_force_to: 2022-01-01")
    assert refusal_of(copies).key == "regions"
