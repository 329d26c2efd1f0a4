"""A picture of each main page from demo data: ``python -m tests.browser.screenshots [name…]``."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from tests.browser.launching import launch
from tests.browser.site import ROOT, Site, free_port
from tests.browser.tour import TOUR, Stop
from tests.browser.visits import Visitor
from tests.browser.watch import Watch

PEOPLE = 300
SCREEN = {"width": 1366, "height": 768}


def main(folder: Path, names: list[str]) -> int:
    stops = [stop for stop in TOUR if (stop.name in names if names else stop.pictured)]
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="songshan-") as place, sync_playwright() as playwright:
        site = Site(Path(place), free_port())
        site.prepare(people=PEOPLE, approved="2026-10", earlier=11)
        site.begin("2026-11", _dearer_table(Path(place, "table")))
        site.start()
        try:
            browser = launch(playwright)
            for username in dict.fromkeys(stop.username for stop in stops):
                _pictures(browser, site, username, [stop for stop in stops if stop.username == username], folder)
            browser.close()
        finally:
            site.stop()
    print(f"已保存{len(stops)}张截图：{folder}")
    return 0


def _dearer_table(folder: Path) -> Path:
    """The sample table with more to go round."""
    copytree(ROOT / "fixtures" / "sample-grade-table", folder)
    (folder / "基数.csv").write_text("起始月份,年基数\n2026-12,45600.00\n", encoding="utf-8")
    return folder


def _pictures(browser: Browser, site: Site, username: str, stops: list[Stop], folder: Path) -> None:
    context = browser.new_context(
        base_url=site.url, viewport=SCREEN, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
    )
    visitor = Visitor(context.new_page(), Watch(f"127.0.0.1:{site.port}"))
    visitor.sign_in(username)
    for stop in stops:
        stop.go(visitor)
        visitor.page.wait_for_load_state("networkidle")
        visitor.page.mouse.move(1365, 767)
        visitor.page.screenshot(path=folder / f"{stop.name}.png", animations="disabled", caret="hide")
    context.close()


def _arguments() -> Namespace:
    parser = ArgumentParser(description="拍下主要页面的截图")
    parser.add_argument("names", nargs="*", metavar="页面", help="只拍这几张，缺省为全部")
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "screenshots", help="存放位置")
    return parser.parse_args()


if __name__ == "__main__":
    given = _arguments()
    sys.exit(main(given.folder, given.names))
