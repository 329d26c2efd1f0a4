"""What is worked out while it is typed: a post's effect, the count of 优秀, the division of the pool."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.tour import STAFF, event_preview, first_person
from tests.browser.visits import CLERK, LEADER, STREET, Visitor, amount

Visit = Callable[[str], Visitor]


def test_a_post_change_is_seen_before_it_is_recorded(visit: Visit) -> None:
    clerk = visit(CLERK)
    clerk.open(STAFF)
    event_preview(clerk)
    effect = clerk.page.locator(".sw-table").first
    expect(effect).to_contain_text("2026年12月")
    before, after = (effect.locator(f"tr.sw-{side}").first.locator("td").all_inner_texts() for side in ("old", "new"))
    assert before[2].endswith("（工作人员）") and after[2] == "居委会副主任（副职）"
    grades = [int(side[3].partition("级")[0]) for side in (before, after)]
    assert grades[0] < grades[1]
    assert clerk.page.get_by_role("link", name="取消").is_visible()
    clerk.press("确认登记")
    clerk.sees("的岗位变动。")
    assert "tab=posts" in clerk.page.url
    clerk.sees("居委会副主任")
    clerk.page.locator("nav.sw-tabs").get_by_role("link", name="变更记录").click()
    clerk.sees("振兴街道经办")


def test_a_preview_left_alone_records_nothing(visit: Visit) -> None:
    clerk = visit(CLERK)
    clerk.open(STAFF)
    event_preview(clerk)
    clerk.page.get_by_role("link", name="取消").click()
    clerk.page.wait_for_url("**/people/*/")
    expect(clerk.page.locator("body")).not_to_contain_text("居委会副主任")
    clerk.open(STAFF)
    first_person(clerk)
    expect(clerk.page.locator("body")).not_to_contain_text("居委会副主任")


def test_the_leader_sees_the_share_while_choosing(visit: Visit) -> None:
    leader = visit(LEADER)
    page = leader.open(f"/assess/2026/{STREET}/")
    count, over = page.locator("[data-count]"), page.locator("[data-over]")
    choices = page.locator("select[data-counts]")
    most = int(str(count.get_attribute("data-most")))
    used = int(count.inner_text())
    assert most >= 1 and choices.count() > most - used
    for place in range(most - used):
        choices.nth(place).select_option("优秀")
    expect(count).to_have_text(str(most))
    expect(over).to_be_hidden()
    choices.nth(most - used).select_option("优秀")
    expect(count).to_have_text(str(most + 1))
    expect(over).to_be_visible()
    leader.press("全部保存")
    leader.sees("没有保存")
    page.locator("select[data-counts]").nth(most - used).select_option("合格")
    expect(over).to_be_hidden()
    leader.press("全部保存")
    leader.sees("已保存")


def test_the_clerk_proposes_scores(visit: Visit) -> None:
    clerk = visit(CLERK)
    page = clerk.open(f"/assess/2026/{STREET}/")
    row = page.locator("tbody tr").filter(has=page.locator("input.en-score")).first
    for box, score in zip(row.locator("input.en-score").all(), ("90", "88.5", "92"), strict=True):
        box.fill(score)
    row.locator("select").select_option("合格")
    expect(page.locator("[data-unsaved]")).to_contain_text("1人有改动")
    clerk.press("全部保存")
    clerk.sees("已保存，改动1人")


def test_the_pool_divides_itself_while_weights_are_typed(visit: Visit) -> None:
    clerk = visit(CLERK)
    page = clerk.open(f"/performance/2026/{STREET}/")
    total, shares = page.locator("[data-total]"), page.locator("[data-share]")
    weights = page.locator("input[name^=own-]")
    weights.nth(0).fill("1")
    page.locator("input[name^=why-]").nth(0).fill("年度重点工作")
    for place in range(1, weights.count()):
        weights.nth(place).fill("1")
        page.locator("input[name^=why-]").nth(place).fill("全年在岗")
    expect(page.locator("#weights")).not_to_have_class("sw-busy")
    expect(shares.nth(0)).not_to_have_text("—")
    even = amount(shares.nth(0))
    weights.nth(0).fill("2")
    expect(page.locator("#fault")).to_contain_text("1.5")  # beyond the bounds nothing is divided
    expect(total).to_have_text("—")
    weights.nth(0).fill("1.5")
    expect(page.locator("#fault")).to_be_hidden()
    expect(shares.nth(0)).not_to_have_text(f"{even:,.2f}")
    assert sum(amount(share) for share in shares.all()) == amount(total)
    clerk.press("保存权重")
    clerk.sees("已保存")
    expect(page.locator("input[name^=own-]").first).to_have_value("1.50")
