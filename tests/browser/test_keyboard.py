"""Without a mouse: signing in, finding the month, computing and submitting it."""

from playwright.sync_api import Page, expect

from tests.browser.visits import CLERK, PASSWORD, RUN, at_home

FOCUSED = "() => (document.activeElement.innerText || document.activeElement.value || '').trim()"
FOCUSED_FIELD = "() => document.activeElement.name || ''"
RING = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
}"""
FURTHEST = 120


def tab_to(page: Page, words: str) -> None:
    """Tab until what has the focus carries these words; whoever cannot see it there is lost."""
    for _ in range(FURTHEST):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED).startswith(words):
            assert page.evaluate(RING), f"“{words}”得到焦点时看不出来"
            return
    raise AssertionError(f"按{FURTHEST}次Tab键也到不了“{words}”")


def test_a_run_is_submitted_by_keyboard(watched_page: Page) -> None:
    page = watched_page
    page.goto("/login/")
    if page.evaluate(FOCUSED_FIELD) != "username":
        page.keyboard.press("Tab")
    expect(page.get_by_label("用户名")).to_be_focused()
    page.keyboard.type(CLERK)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(at_home)
    tab_to(page, "去计算")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{RUN}")
    tab_to(page, "计算")
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text("请核对变动和待核事项")
    tab_to(page, "提交民政局审核")
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text("已提交民政局审核")
