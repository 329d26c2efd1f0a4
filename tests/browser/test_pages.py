"""Every main page, as the role that works on it, on the smallest screen in use."""

from collections.abc import Callable

import pytest

from tests.browser.tour import TOUR, Stop
from tests.browser.visits import CLERK, LEADER, Visitor

Visit = Callable[[str], Visitor]
FITS = "() => document.documentElement.scrollWidth - window.innerWidth"
ROLES = {
    CLERK: "振兴街道",
    LEADER: "振兴街道",
    "bureau": "待审核",
    "finance": "应发",
    "organisation": "书记",
    "admin": "区划",
}


@pytest.mark.parametrize("username", {stop.username for stop in TOUR})
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


@pytest.mark.parametrize(("username", "words"), ROLES.items())
def test_each_role_starts_with_its_own_work(visit: Visit, username: str, words: str) -> None:
    visitor = visit(username)
    visitor.sees(words)
    visitor.sees("首页")
