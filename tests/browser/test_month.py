"""A whole month: people come in, the street computes and submits, is sent back, corrects, is approved and paid."""

import base64
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Download, Page, expect

from tests.browser.visits import CLERK, LEADER, MONTH, OTHER_STREET, RUN, STREET, Visitor, amount
from tests.workbook import build

Visit = Callable[[str], Visitor]
NEWCOMER = "陈新颖"
HIRED = {"参加社区工作时间": date(2026, 11, 2), "合同起始日": date(2026, 11, 2), "合同终止日": date(2029, 11, 1)}
REASON = "请核对新聘人员的试用期"
# What a hand does when it lets go of a file over the page.
DROP = """([content, name]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name));
  return carried;
}"""


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return build.save({"花名册": [build.person(1, 姓名=NEWCOMER, **HIRED)]}, tmp_path / "十一月新聘.xlsx")


def drop(page: Page, workbook: Path) -> None:
    content = base64.b64encode(workbook.read_bytes()).decode()
    carried = page.evaluate_handle(DROP, [content, workbook.name])
    page.dispatch_event(".en-drop", "dragenter", {"dataTransfer": carried})
    page.dispatch_event(".en-drop", "drop", {"dataTransfer": carried})


def bring_in(visitor: Visitor, workbook: Path) -> None:
    drop(visitor.open("/import/"), workbook)
    visitor.page.wait_for_url("**/import/*/")
    visitor.sees("检查通过")
    visitor.sees("新增1条")
    visitor.sees(NEWCOMER)
    visitor.press("确认导入")
    visitor.sees("已导入：新增1条")


def gross(visitor: Visitor) -> Decimal:
    row = visitor.page.get_by_role("row").filter(has=visitor.page.get_by_role("rowheader", name="应发工资"))
    return amount(row.locator("td.n").first)


def sheet_total(download: Download, folder: Path) -> Decimal:
    path = folder / download.suggested_filename
    download.save_as(path)
    rows = list(openpyxl.load_workbook(path, data_only=True).worksheets[0].iter_rows(values_only=True))
    head = next(row for row in rows if row[0] == "序号")
    (total,) = [row for row in rows if row[0] == "合计"]
    return Decimal(str(total[head.index("应发工资")])).quantize(Decimal("0.01"))


def test_from_import_to_the_approved_sheet(visit: Visit, workbook: Path, tmp_path: Path) -> None:
    clerk, bureau, leader = visit(CLERK), visit("bureau"), visit(LEADER)
    clerk.sees("未计算")
    bring_in(clerk, workbook)
    _compute_and_submit(clerk)
    _send_back(bureau)
    _correct(clerk)
    leader.open(RUN)
    leader.sees("待审核")
    expect(leader.page.get_by_role("button", name="审核通过")).to_have_count(0)
    _approve(bureau)
    _pay(clerk, tmp_path)
    _explained(clerk)
    finance = visit("finance")
    finance.open(RUN)
    finance.sees("已审核")


def _compute_and_submit(clerk: Visitor) -> None:
    clerk.open(RUN)
    clerk.sees("还没有计算")
    clerk.page.get_by_role("button", name="计算").click()
    clerk.sees("请核对变动和待核事项")
    changes = clerk.page.locator("#changes")
    expect(changes).to_contain_text(NEWCOMER)
    expect(changes).to_contain_text("新聘")
    clerk.press("提交民政局审核")
    clerk.sees("已提交民政局审核")


def _send_back(bureau: Visitor) -> None:
    bureau.open("/")
    bureau.page.locator("#content").get_by_role("link", name="振兴街道").first.click()
    bureau.open(RUN)
    bureau.page.get_by_label("退回原因").fill(REASON)
    bureau.press("退回")
    bureau.sees("已退回。街道会在首页看到退回原因")


def _correct(clerk: Visitor) -> None:
    """The reason stands on the start page and leads to the month."""
    clerk.open("/")
    clerk.sees(REASON)
    clerk.follow("2026年11月工资已退回")
    clerk.press("重新计算")
    clerk.sees("请核对变动和待核事项")
    clerk.press("提交民政局审核")
    clerk.sees("已提交民政局审核")


def _approve(bureau: Visitor) -> None:
    """On the district's page, where several streets may be approved at once."""
    bureau.open(f"/pay/{MONTH}/")
    bureau.page.get_by_role("checkbox", name="振兴街道").check()
    bureau.press("审核通过所选")
    bureau.sees("已审核通过：振兴街道")


def _pay(clerk: Visitor, folder: Path) -> None:
    clerk.open(RUN)
    clerk.sees("已审核")
    expect(clerk.page.get_by_role("button", name="重新计算")).to_have_count(0)
    with clerk.page.expect_download() as download:
        clerk.page.get_by_role("link", name="工资发放表").click()
    assert sheet_total(download.value, folder) == gross(clerk) > 0


def _explained(clerk: Visitor) -> None:
    clerk.page.locator("#slips").get_by_role("link", name=NEWCOMER).click()
    for words in ("金额怎么算", "等级怎么定", "工作年限怎么来", "条款与口径", "基本工资"):
        clerk.sees(words)


def test_nothing_is_submitted_before_a_second_yes(visit: Visit) -> None:
    clerk = visit(CLERK)
    clerk.open(RUN)
    clerk.page.get_by_role("button", name="计算").click()
    clerk.sees("请核对变动和待核事项")
    clerk.page.evaluate("() => { window.confirm = (text) => { document.title = text; return false; }; }")
    clerk.press("提交民政局审核")
    expect(clerk.page).to_have_title(re.compile("^提交振兴街道2026年11月工资：.*确定提交吗？$"))
    clerk.open(RUN)
    clerk.sees("草稿")
    clerk.press("提交民政局审核")
    clerk.sees("已提交民政局审核")


def test_the_administrator_brings_in_and_sees_it_listed(visit: Visit, workbook: Path) -> None:
    admin = visit("admin")
    bring_in(admin, workbook)
    expect(admin.page.get_by_role("row").filter(has_text="十一月新聘.xlsx")).to_have_count(1)
    admin.open("/people/")
    admin.page.get_by_label("查找").fill(NEWCOMER)
    admin.press("查找")
    admin.sees("共1人")


def test_a_fault_stands_at_its_cell_and_nothing_can_be_confirmed(visit: Visit, tmp_path: Path) -> None:
    wrong = build.save(
        {"花名册": [build.person(1, **{**HIRED, "参加社区工作时间": "2026-02-30"})]}, tmp_path / "有错.xlsx"
    )
    clerk = visit(CLERK)
    drop(clerk.open("/import/"), wrong)
    clerk.page.wait_for_url("**/import/*/")
    clerk.sees("改好之前不能导入")
    clerk.sees("2026-02-30")
    expect(clerk.page.get_by_role("button", name="确认导入")).to_have_count(0)
    with clerk.page.expect_download() as download:
        clerk.page.get_by_role("link", name="下载标注副本").click()
    assert download.value.suggested_filename == "标注_有错.xlsx"


def test_another_streets_pages_are_not_there(visit: Visit) -> None:
    """The link a colleague sent along leads nowhere, and says nothing about whose it was."""
    bureau = visit("bureau")
    bureau.open(f"/people/?street={OTHER_STREET}")
    link = bureau.page.locator("#people tbody a").first
    name, person = link.inner_text(), str(link.get_attribute("href"))
    bureau.open(f"/pay/2026-10/{OTHER_STREET}/")
    slip = str(bureau.page.locator("#slips tbody a").first.get_attribute("href"))
    clerk = visit(CLERK)
    for path in (person, slip, f"/pay/2026-10/{OTHER_STREET}/", f"/performance/2026/{OTHER_STREET}/"):
        text = clerk.refused(path)
        assert "不在您的管辖范围内" in text
        assert name not in text and "向阳" not in text
    clerk.open(f"/pay/2026-10/{STREET}/")
    clerk.sees("振兴街道")
