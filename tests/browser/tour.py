"""The main pages in the order of the work: who looks, where, and what is opened there. Pictures carry their names."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.visits import CLERK, LEADER, STREET, Visitor

LAST = "2026-10"  # the newest approved month of the prepared state

JANUARY = "2026-01"  # many rise in January


@dataclass(frozen=True)
class Stop:
    """``path`` is opened, then ``act`` done, where given."""

    name: str
    username: str
    path: str
    act: Callable[[Visitor], None] | None = None

    def go(self, visitor: Visitor) -> None:
        visitor.open(self.path)
        if self.act is not None:
            self.act(visitor)


def first_person(visitor: Visitor) -> None:
    visitor.page.locator("#people tbody a").first.click()


def tab(name: str) -> Callable[[Visitor], None]:
    def act(visitor: Visitor) -> None:
        first_person(visitor)
        visitor.page.locator("nav.sw-tabs").get_by_role("link", name=name).click()

    return act


def event_form(visitor: Visitor) -> None:
    first_person(visitor)
    visitor.follow("岗位变动")


def event_preview(visitor: Visitor) -> None:
    event_form(visitor)
    visitor.page.get_by_label("任职日期").fill("2026-11-20")
    visitor.page.get_by_label("职务").select_option("居委会副主任")
    visitor.press("下一步：看对等级和工资的影响")


def first_slip(visitor: Visitor) -> None:
    visitor.page.locator("#slips tbody a").first.click()


def first_table(visitor: Visitor) -> None:
    visitor.page.locator("#content a[href*='/tables/']").first.click()


STAFF = "/people/?post=工作人员&serving=在岗"
TOUR = (
    Stop("clerk-start", CLERK, "/"),
    Stop("waiting", CLERK, "/start/waiting/contract-90/"),
    Stop("import", CLERK, "/import/"),
    Stop("people", CLERK, "/people/"),
    Stop("person", CLERK, STAFF, first_person),
    Stop("person-changes", CLERK, STAFF, tab("变更记录")),
    Stop("event-form", CLERK, STAFF, event_form),
    Stop("event-preview", CLERK, STAFF, event_preview),
    Stop("run", CLERK, f"/pay/{JANUARY}/{STREET}/"),
    Stop("explain", CLERK, f"/pay/{LAST}/{STREET}/", first_slip),
    Stop("leader-start", LEADER, "/"),
    Stop("assess", LEADER, f"/assess/2026/{STREET}/"),
    Stop("performance", CLERK, f"/performance/2026/{STREET}/"),
    Stop("bureau-start", "bureau", "/"),
    Stop("months", "bureau", "/pay/"),
    Stop("month", "bureau", f"/pay/{LAST}/"),
    Stop("bureau-people", "bureau", "/people/"),
    Stop("tables", "bureau", "/tables/"),
    Stop("table", "bureau", "/tables/", first_table),
    Stop("finance-start", "finance", "/"),
    Stop("organisation-start", "organisation", "/"),
    Stop("admin-start", "admin", "/"),
    Stop("history", "admin", "/workers/change/"),
    Stop("users", "admin", "/workers/user/"),
)
