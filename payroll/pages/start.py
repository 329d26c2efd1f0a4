"""Start pages of the roles (rules 10), and the lists behind their numbers."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from payroll.models import PayrollRun
from payroll.pages.pay_page import PayPage
from payroll.selectors import housekeeping, income, overview
from payroll.selectors.budgets import budgets_in_state
from payroll.selectors.figures import Figures, figures_of
from payroll.selectors.overview import MonthTotal, StreetMonths
from payroll.selectors.waiting import Waits, people_waiting
from songshan_cw.site import charts
from songshan_cw.site.charts import Chart, Point
from songshan_cw.site.page import Page
from songshan_cw.words.periods import Month, label, label_zh
from songshan_cw.words.terms import Role, RunState, TableState
from workers.models import STREET_ROLES, Region, User
from workers.selectors.sign_ins import guessing

MONTHS = 6
SHOWN = 30
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


class StartPage(PayPage):
    """The page after signing in, by role."""

    title = "首页"

    def get(self, request: HttpRequest) -> HttpResponse:
        role = Role(self.user.role)
        if role in STREET_ROLES:
            return self.show("pages/start/street.html", **street_start(self.user, timezone.localdate()))
        if role is Role.BUREAU:
            return self.show("pages/start/bureau.html", **bureau_start(self.user, timezone.localdate()))
        if role is Role.FINANCE:
            return self.show("pages/start/finance.html", **finance_start(self.user, timezone.localdate()))
        if role is Role.ORGANISATION:
            context = organisation_start(self.user, timezone.localdate(), request.GET.get("page"))
            return self.show("pages/start/organisation.html", **context)
        return self.show("pages/start/administrator.html", **administrator_start(self.user))


class WaitingPage(Page):
    """The people behind a number, each with a link to the page that solves it."""

    permission = "workers.view_worker"
    who_may = "由街道经办、街道负责人、民政局查看。"
    template = "pages/start/waiting.html"

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        try:
            waits = Waits(kind)
        except ValueError as fault:
            raise Http404 from fault
        people = people_waiting(self.user, waits, timezone.localdate())
        rows = Paginator(people, SHOWN).get_page(request.GET.get("page"))
        return self.show(
            title=WAIT_TITLES[waits], advice=WAIT_ADVICE[waits], rows=rows, own_street=self.user.role in STREET_ROLES
        )


def street_start(user: User, day: date) -> dict[str, Any]:
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
        "months": list(zip(months, runs, strict=True)),
        "returned": returned,
        "drafts": drafts,
        "waiting": _waiting(figures),
        "counted_at": figures.counted_at,
        "share": figures.shares.get(user.region_id or ""),
        "share_year": day.year - 1,
        "charts": [*_portrait(figures), *_pay_charts(overview.month_totals(user, months), rows)],
    }


def bureau_start(user: User, day: date) -> dict[str, Any]:
    months, rows = _months(user, day)
    totals, figures = overview.month_totals(user, months), figures_of(user, day, timezone.now())
    samples = [table for table in housekeeping.tables_of(user) if table.state == TableState.SAMPLE]
    return {
        "months": list(zip(months, totals, strict=True)),
        "rows": rows,
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


def finance_start(user: User, day: date) -> dict[str, Any]:
    latest = overview.latest_month(user)
    if latest is None:
        return {"months": [], "charts": []}
    months = overview.recent(latest, 12)
    rows = overview.months_by_street(user, months)
    totals = overview.month_totals(user, months)
    figures = figures_of(user, day, timezone.now())
    drawn = [*_pay_charts(totals[:MONTHS], rows), *_grades(figures)]
    return {"months": [one for one in totals if one.streets], "charts": drawn, "counted_at": figures.counted_at}


def organisation_start(user: User, day: date, page: str | None) -> dict[str, Any]:
    people = list(housekeeping.secretaries(user))
    unfiled, empty = housekeeping.archive_gaps(people)
    rows = Paginator(people, SHOWN).get_page(page)
    figures = figures_of(user, day, timezone.now())
    gaps = {"unfiled": unfiled, "empty": empty}
    return {"rows": rows, **gaps, "charts": _portrait(figures), "counted_at": figures.counted_at}


def administrator_start(user: User) -> dict[str, Any]:
    return {
        "accounts": housekeeping.accounts_by_role(),
        "regions": housekeeping.regions_by_level(),
        "imports": list(housekeeping.latest_imports(user, 8)),
        "tables": list(housekeeping.tables_of(user)[:8]),
        "guessing": guessing(at=timezone.now()),
    }


def _months(user: User, day: date) -> tuple[list[Month], list[StreetMonths]]:
    months = overview.recent(overview.month_of_work(day, overview.latest_month(user)), MONTHS)
    return months, overview.months_by_street(user, months)


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
