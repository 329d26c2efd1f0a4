"""A person at the screen: signs in, opens pages, presses what is written on buttons."""

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser.watch import Watch

PASSWORD = "demo-2022"
STREET, OTHER_STREET = "150404001", "150404002"
CLERK, LEADER = f"clerk-{STREET}", f"leader-{STREET}"
MONTH = "2026-11"
RUN = f"/pay/{MONTH}/{STREET}/"


@dataclass
class Visitor:
    page: Page
    watch: Watch

    def sign_in(self, username: str) -> None:
        self.page.goto("/login/")
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(at_home)
        expect(self.page.locator("body")).not_to_contain_text("用户名或密码不正确")

    def open(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def sees(self, text: str) -> None:
        expect(self.page.locator("body")).to_contain_text(text)

    def refused(self, path: str) -> str:
        """The text of a page that answers 404."""
        self.watch.expected.add(urljoin(self.page.url, path))
        response = self.page.goto(path)
        assert response is not None and response.status == 404
        return self.page.locator("body").inner_text()


def at_home(url: str) -> bool:
    return urlsplit(url).path == "/"


def amount(cell: Locator) -> Decimal:
    return Decimal(cell.inner_text().replace(",", "").removesuffix("元").strip())
