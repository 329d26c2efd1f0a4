"""The main pages in the order of the work: who looks, where, and what is opened there. Pictures carry their names."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.visits import CLERK, LEADER, STREET, Visitor

LAST = "2026-10"  # the newest approved month of the prepared state

JANUARY = "2026-01"  # many rise in January


@dataclass(frozen=True)
class Stop:
    """``path`` is opened, then ``act`` done, where given; ``pictured``: kept as a picture."""

    name: str
    username: str
    path: str
    act: Callable[[Visitor], None] | None = None
    pictured: bool = True

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
    Stop("waiting", CLERK, "/start/waiting/contract-90/", pictured=False),
    Stop("import", CLERK, "/import/"),
    Stop("export", CLERK, "/export/", pictured=False),
    Stop("people", CLERK, "/people/"),
    Stop("person", CLERK, STAFF, first_person),
    Stop("person-changes", CLERK, STAFF, tab("变更记录"), pictured=False),
    Stop("event-form", CLERK, STAFF, event_form, pictured=False),
    Stop("event-preview", CLERK, STAFF, event_preview),
    Stop("run", CLERK, f"/pay/{JANUARY}/{STREET}/"),
    Stop("explain", CLERK, f"/pay/{LAST}/{STREET}/", first_slip),
    Stop("performance", CLERK, f"/performance/2025/{STREET}/"),
    Stop("forecast", CLERK, "/forecast/"),
    Stop("contracts", CLERK, "/contracts/"),
    Stop("duties", CLERK, "/duties/", pictured=False),
    Stop("leader-start", LEADER, "/", pictured=False),
    Stop("assess", LEADER, f"/assess/2026/{STREET}/"),
    Stop("secondments", LEADER, "/secondments/"),
    Stop("bureau-start", "bureau", "/"),
    Stop("months", "bureau", "/pay/", pictured=False),
    Stop("month", "bureau", f"/pay/{LAST}/"),
    Stop("review", "bureau", f"/pay/{LAST}/review/"),
    Stop("receivables", "bureau", "/receivables/"),
    Stop("reconciliation", "bureau", "/reconciliation/", pictured=False),
    Stop("go-live", "bureau", "/go-live/", pictured=False),
    Stop("bureau-people", "bureau", "/people/", pictured=False),
    Stop("tables", "bureau", "/tables/", pictured=False),
    Stop("table", "bureau", "/tables/", first_table),
    Stop("budgets", "bureau", "/budget/"),
    Stop("income", "bureau", "/income/"),
    Stop("limits", "bureau", "/limits/"),
    Stop("compare", "bureau", "/compare/", pictured=False),
    Stop("staffing", "bureau", "/staffing/"),
    Stop("finance-start", "finance", "/"),
    Stop("organisation-start", "organisation", "/"),
    Stop("archives", "organisation", "/archives/"),
    Stop("talent", "organisation", "/talent/", pictured=False),
    Stop("admin-start", "admin", "/"),
    Stop("history", "admin", "/workers/change/"),
    Stop("users", "admin", "/workers/user/", pictured=False),
)
