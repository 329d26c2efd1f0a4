"""Start pages of the roles (rules 10), and the lists behind their numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from payroll.models import PayrollRun
from payroll.pages.pay_page import PayPage
from payroll.pages.pay_tables import StreetMonth, finance_months_table, matrix_table, months_table
from payroll.selectors import housekeeping, income, overview
from payroll.selectors.budgets import budgets_in_state
from payroll.selectors.figures import Figures, figures_of
from payroll.selectors.overview import MonthTotal, StreetMonths
from payroll.selectors.waiting import Waits, people_waiting
from songshan_cw.files.table import DAY, WHOLE, Column, Table
from songshan_cw.site import charts
from songshan_cw.site.charts import Chart, Point
from songshan_cw.site.page import Page
from songshan_cw.site.parts import badge, person_address
from songshan_cw.words.periods import Month, label, label_zh
from songshan_cw.words.terms import Role, RunState, TableState
from workers.models import STREET_ROLES, Region, User, Worker
from workers.pages.import_tables import DIGEST, IMPORTS
from workers.selectors.scope import DISTRICT_DIGITS
from workers.selectors.sign_ins import guessing

MONTHS = 6
SHOWN = 30
UNFILED = "未备案"
NOBODY = "还没有登记人员的街道。人员由系统管理员或街道经办用人事工作簿导入。"
WAIT_TITLES = {
    Waits.ASSESSMENT: "上年度考核未录入",
    Waits.EXPIRED: "合同已到期",
    Waits.CONTRACT_30: "合同30天内到期",
    Waits.CONTRACT_60: "合同31–60天内到期",
    Waits.CONTRACT_90: "合同61–90天内到期",
    Waits.PROBATION: "试用期30天内届满",
    Waits.ACCOUNT: "缺银行卡号",
}
WAIT_ADVICE = {
    Waits.ASSESSMENT: "没有考核结果的年度，次年1月不计入工作年限。打开人员，在“考核”里点“补录考核结果”。",
    Waits.EXPIRED: "打开人员，续签合同或登记离职。",
    Waits.CONTRACT_30: "续聘须期满考核合格。打开人员，在“合同”里登记新合同。",
    Waits.CONTRACT_60: "续聘须期满考核合格。打开人员，在“合同”里登记新合同。",
    Waits.CONTRACT_90: "续聘须期满考核合格。打开人员，在“合同”里登记新合同。",
    Waits.PROBATION: "核对试用期考核情况，按期转正或办理离职。",
    Waits.ACCOUNT: "没有银行卡号就不能代发工资。打开人员，补填开户行和卡号。",
}
NEXT_STEPS = {
    None: "还没有计算",
    RunState.DRAFT: "已计算，核对后提交",
    RunState.SUBMITTED: "已提交，等待民政局审核",
    RunState.RETURNED: "已退回，更正后重新计算再提交",
    RunState.APPROVED: "已审核，可据以发放",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of pending work."""

    title: str
    count: int
    href: str


def waiting_table(title: str) -> Table[Worker]:
    return Table(
        title,
        (
            Column("姓名", lambda row: row.name, link=lambda row: person_address(row.pk)),
            Column("街道", lambda row: row.standing.street.name),
            Column("社区", lambda row: row.standing.community.name),
            Column("职务", lambda row: row.standing.position),
            Column("参加社区工作", lambda row: row.hired_on, DAY),
            Column("合同终止日", lambda row: row.standing.contract_end, DAY),
        ),
        empty="没有人需要办理。",
    )


SECRETARIES = Table[Any](
    "社区党组织书记",
    (
        Column("姓名", lambda row: row.name, link=lambda row: person_address(row.pk)),
        Column("街道", lambda row: row.standing.street.name),
        Column("社区", lambda row: f"{row.standing.community.name}{'（一肩挑）' if row.standing.dual else ''}"),
        Column("学历", lambda row: row.standing.education),
        Column("合同终止日", lambda row: row.standing.contract_end, DAY),
        Column(
            "档案备案",
            lambda row: row.filed_on or UNFILED,
            show=lambda row: str(row.filed_on) if row.filed_on else badge(UNFILED, "试算"),
        ),
        Column("附件", lambda row: "有" if row.has_files else "无"),
    ),
    empty="还没有登记在任的社区党组织书记。",
)
ACCOUNTS = Table[tuple[Role, int, int]](
    "用户",
    (
        Column("角色", lambda row: row[0], link=lambda row: reverse("admin:workers_user_changelist")),
        Column("启用", lambda row: row[1], WHOLE),
        Column("停用", lambda row: row[2], WHOLE),
    ),
)


class StartPage(PayPage):
    """The page after signing in, by role."""

    title = "首页"

    def get(self, request: HttpRequest) -> HttpResponse:
        role = Role(self.user.role)
        template, start = STARTS[Role.CLERK if role in STREET_ROLES else role]
        return self.show(f"pages/start/{template}.html", **start(self, timezone.localdate()))


class WaitingPage(Page):
    """The people behind a number, each with a link to the page that solves it."""

    permission = "workers.view_worker"
    template = "pages/start/waiting.html"

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        try:
            waits = Waits(kind)
        except ValueError as fault:
            raise Http404 from fault
        people = people_waiting(self.user, waits, timezone.localdate())
        rows = Paginator(people, SHOWN).get_page(request.GET.get("page"))
        table = waiting_table(WAIT_TITLES[waits])
        own_street = self.user.role in STREET_ROLES
        people = self.draw(table.without("街道") if own_street else table, rows)
        return self.show(title=WAIT_TITLES[waits], advice=WAIT_ADVICE[waits], people=people)


def street_start(page: Page, day: date) -> dict[str, Any]:
    user = page.user
    months, rows = _months(user, day)
    runs = rows[0].runs if rows else (None,) * len(months)
    returned = list(overview.runs_in_state(user, RunState.RETURNED))
    drafts = list(overview.runs_in_state(user, RunState.DRAFT))
    figures = figures_of(user, day, timezone.now())
    return {
        "street": user.region,
        "is_clerk": user.role == Role.CLERK,
        "current": months[0],
        "current_run": runs[0],
        "next_step": NEXT_STEPS[_state(runs[0])],
        "months": page.draw(months_table(), _street_months(user, months, runs)),
        "returned": returned,
        "drafts": drafts,
        "waiting": _waiting(figures),
        "counted_at": figures.counted_at,
        "share": figures.shares.get(user.region_id or ""),
        "share_year": day.year - 1,
        "charts": [*_portrait(figures), *_pay_charts(overview.month_totals(user, months), rows)],
    }


def bureau_start(page: Page, day: date) -> dict[str, Any]:
    user = page.user
    months, rows = _months(user, day)
    totals, figures = overview.month_totals(user, months), figures_of(user, day, timezone.now())
    of_several = len(user.region_id or "") < DISTRICT_DIGITS
    matrix, sums = matrix_table(list(zip(months, totals, strict=True)), of_several=of_several, opens=True)
    samples = [table for table in housekeeping.tables_of(user) if table.state == TableState.SAMPLE]
    return {
        "months": page.draw(replace(matrix, empty=NOBODY), rows, totals=sums),
        "pending": list(overview.runs_in_state(user, RunState.SUBMITTED)),
        "returned": list(overview.runs_in_state(user, RunState.RETURNED)),
        "samples": samples,
        "budgets_waiting": list(budgets_in_state(user, RunState.SUBMITTED)),
        "counted_at": figures.counted_at,
        "floors": income.floors(user.region_id or "", [day.year - 1]),
        "waiting": _waiting(figures),
        "charts": [
            *_pay_charts(totals, rows),
            _share_chart([row.street for row in rows], figures, day.year - 1),
            *_portrait(figures),
        ],
    }


def finance_start(page: Page, day: date) -> dict[str, Any]:
    user = page.user
    latest = overview.latest_month(user)
    if latest is None:
        return {"months": page.draw(finance_months_table(), []), "charts": []}
    months = overview.recent(latest, 12)
    rows = overview.months_by_street(user, months)
    totals = overview.month_totals(user, months)
    figures = figures_of(user, day, timezone.now())
    drawn = [*_pay_charts(totals[:MONTHS], rows), *_grades(figures)]
    shown = page.draw(finance_months_table(), [one for one in totals if one.streets])
    return {"months": shown, "charts": drawn, "counted_at": figures.counted_at}


def organisation_start(page: Page, day: date) -> dict[str, Any]:
    user = page.user
    people = list(housekeeping.secretaries(user))
    unfiled, empty = housekeeping.archive_gaps(people)
    rows = Paginator(people, SHOWN).get_page(page.request.GET.get("page"))
    figures = figures_of(user, day, timezone.now())
    return {
        "secretaries": page.draw(SECRETARIES, rows),
        "unfiled": unfiled,
        "empty": empty,
        "charts": _portrait(figures),
        "counted_at": figures.counted_at,
    }


def administrator_start(page: Page, day: date) -> dict[str, Any]:
    user = page.user
    return {
        "accounts": page.draw(ACCOUNTS, housekeeping.accounts_by_role()),
        "regions": housekeeping.regions_by_level(),
        "imports": page.draw(IMPORTS.without(DIGEST), housekeeping.latest_imports(user, 8)),
        "tables": list(housekeeping.tables_of(user)[:8]),
        "guessing": guessing(at=timezone.now()),
    }


def _months(user: User, day: date) -> tuple[list[Month], list[StreetMonths]]:
    months = overview.recent(overview.month_of_work(day, overview.latest_month(user)), MONTHS)
    return months, overview.months_by_street(user, months)


def _street_months(user: User, months: list[Month], runs: Sequence[PayrollRun | None]) -> list[StreetMonth]:
    if user.region is None:
        return []
    return [StreetMonth(user.region, month, run) for month, run in zip(months, runs, strict=True)]


def _state(run: PayrollRun | None) -> RunState | None:
    return RunState(run.state) if run else None


def _waiting(figures: Figures) -> list[Waiting]:
    return [
        Waiting(WAIT_TITLES[kind], count, reverse("admin:waiting", args=[kind.value]))
        for kind, count in figures.waiting.items()
        if count
    ]


def _portrait(figures: Figures) -> list[Chart]:
    """Chart the structure of people in the user's scope."""
    drawn = []
    if figures.portrait is not None:
        drawn = [
            charts.people("在岗人员年龄", "年龄", figures.portrait.ages),
            charts.people("在岗人员学历", "学历", figures.portrait.educations),
            charts.people("在岗人员岗位", "岗位", figures.portrait.posts),
        ]
    return [*drawn, *_grades(figures)]


def _grades(figures: Figures) -> list[Chart]:
    """Chart the people paid at each grade in the newest month."""
    if figures.graded is None:
        return []
    month, graded = figures.graded
    counts = [(str(grade), number) for grade, number in graded]
    return [charts.people(f"等级分布（{label_zh(month)}）", "等级", counts, upright=True)]


def _pay_charts(months: list[MonthTotal], rows: list[StreetMonths]) -> list[Chart]:
    """Chart gross pay by month, and by street in the newest month."""
    totals = [one for one in reversed(months) if one.streets]
    if not totals:
        return []
    points = [Point(_short(one.month), one.gross, charts.ten_thousands(one.gross)) for one in totals]
    drawn = [charts.columns("应发工资（各月，元）", ("月份", "应发合计"), points)]
    newest = months.index(totals[-1])
    runs = [run for row in rows if (run := row.runs[newest]) is not None]
    if len(rows) > 1:
        streets = [_street_point(run) for run in runs]
        drawn.append(charts.bars(f"应发工资（{label_zh(totals[-1].month)}各街道，元）", ("街道", "应发合计"), streets))
    return drawn


def _street_point(run: PayrollRun) -> Point:
    href = reverse("admin:pay_run", args=[label(run.month), run.street_id])
    amount: Decimal = run.gross_total
    return Point(run.street.name, amount, charts.ten_thousands(amount), href=href)


def _short(month: Month) -> str:
    """Write ``26-10``."""
    return label(month)[2:]


def _share_chart(streets: list[Region], figures: Figures, year: int) -> Chart:
    names = {street.code: street.name for street in streets}
    points = [
        Point(names[code], share.used, f"{share.used}／{share.limit + share.extra}人", limit=share.limit + share.extra)
        for code, share in figures.shares.items()
        if code in names
    ]
    return charts.bars(f"{year}年度优秀人数（虚线为名额）", ("街道", "已用／名额"), points)


STARTS: dict[Role, tuple[str, Callable[[Page, date], dict[str, Any]]]] = {
    Role.CLERK: ("street", street_start),
    Role.BUREAU: ("bureau", bureau_start),
    Role.FINANCE: ("finance", finance_start),
    Role.ORGANISATION: ("organisation", organisation_start),
    Role.ADMINISTRATOR: ("administrator", administrator_start),
}
