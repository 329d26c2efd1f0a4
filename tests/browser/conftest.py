"""A browser and the running product. Each test starts from the same prepared state."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.launching import chromium_path, launch
from tests.browser.site import Site, free_port
from tests.browser.visits import Visitor
from tests.browser.watch import Watch
from tests.migrated import sqlite_copy

PEOPLE = 120  # enough for a street to have a share of 优秀

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if chromium_path() is None:
        pytest.skip("找不到 Chromium：安装后再试，或用 CHROMIUM 给出程序路径")
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    sqlite_copy(folder)
    site = Site(folder, free_port())
    site.prepare(people=PEOPLE, approved="2026-10", earlier=10)
    site.start()
    yield site
    site.stop()


@pytest.fixture
def site(prepared: Site) -> Site:
    prepared.restore()
    return prepared


@pytest.fixture
def watch(site: Site) -> Iterator[Watch]:
    """Asserts at the end: no console error, nothing asked of another host, no untranslated word, no failed answer."""
    watch = Watch(f"127.0.0.1:{site.port}")
    yield watch
    watch.assert_clean()


@pytest.fixture
def open_context(site: Site, browser: Browser, watch: Watch) -> Iterator[Callable[[], BrowserContext]]:
    opened: list[BrowserContext] = []

    def new() -> BrowserContext:
        context = browser.new_context(
            base_url=site.url, viewport={"width": 1366, "height": 768}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        context.set_default_timeout(10_000)
        context.on("dialog", lambda dialog: dialog.accept())  # whoever presses means it
        watch.over(context)
        opened.append(context)
        return context

    yield new
    for context in opened:
        for page in context.pages:
            watch.look(page)
        context.close()


@pytest.fixture
def watched_page(open_context: Callable[[], BrowserContext]) -> Page:
    """Nobody has signed in yet."""
    return open_context().new_page()


@pytest.fixture
def visit(open_context: Callable[[], BrowserContext], watch: Watch) -> Callable[[str], Visitor]:
    """A signed-in person with a browser window of their own; asked again, the same window."""
    known: dict[str, Visitor] = {}

    def as_user(username: str) -> Visitor:
        if username not in known:
            known[username] = Visitor(open_context().new_page(), watch)
            known[username].sign_in(username)
        return known[username]

    return as_user
