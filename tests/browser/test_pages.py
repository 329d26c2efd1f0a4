"""Every main page, as the role that works on it, on the smallest screen in use."""

from collections.abc import Callable

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.tour import TOUR, Stop
from tests.browser.visits import CLERK, LEADER, STREET, Visitor

Visit = Callable[[str], Visitor]
PHONE: ViewportSize = {"width": 390, "height": 844}
FITS = "() => document.documentElement.scrollWidth - window.innerWidth"
ROLES = {
    CLERK: "振兴街道",
    LEADER: "振兴街道",
    "bureau": "待审核",
    "finance": "应发",
    "organisation": "书记",
    "admin": "区划",
}


@pytest.mark.parametrize("username", sorted({stop.username for stop in TOUR}))
def test_pages_fit_the_screen_and_stand_in_chinese(visit: Visit, username: str) -> None:
    visitor = visit(username)
    too_wide = []
    for stop in [stop for stop in TOUR if stop.username == username]:
        stop.go(visitor)
        _is_a_page(visitor, stop)
        if (beyond := visitor.page.evaluate(FITS)) > 1:
            too_wide.append(f"{stop.name} 宽出 {beyond} 像素")
    assert not too_wide, too_wide


def _is_a_page(visitor: Visitor, stop: Stop) -> None:
    """Not a refusal, and not empty."""
    text = visitor.page.locator("body").inner_text()
    assert len(text) > 40, stop.name
    assert "没有这项权限" not in text, stop.name


def test_pages_fit_a_phone(visit: Visit) -> None:
    visitor = visit("admin")
    visitor.page.set_viewport_size(PHONE)
    for path in ("/", "/import/", "/archives/", "/contracts/", "/workers/workbookimport/"):
        visitor.open(path)
        assert visitor.page.evaluate(FITS) <= 1, path
    visitor.page.locator("#result_list tbody a").first.click()
    expect(visitor.page.locator("#content")).to_contain_text("文件校验值")
    assert visitor.page.evaluate(FITS) <= 1, "导入记录"


def test_heads_and_the_save_button_stay_in_sight(visit: Visit) -> None:
    visitor = visit(CLERK)
    for path in (f"/assess/2026/{STREET}/", "/people/"):
        visitor.open(path)
        visitor.page.locator(".sw-long tbody tr").last.scroll_into_view_if_needed()
        expect(visitor.page.locator(".sw-long thead th").first).to_be_in_viewport()
    visitor.open(f"/assess/2026/{STREET}/")
    expect(visitor.page.get_by_role("button", name="全部保存")).to_be_in_viewport()


@pytest.mark.parametrize(("username", "words"), ROLES.items())
def test_each_role_starts_with_its_own_work(visit: Visit, username: str, words: str) -> None:
    visitor = visit(username)
    visitor.sees(words)
    visitor.sees("首页")
