"""Budgets of coming years, forecast of promotions, and the income floor (rules 7.4, 7.5)."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from payroll.files.budget_sheet import BUDGETS, MONTHS, NOT_ESTIMATED, STATE, STREET, write_budgets
from payroll.models.budget import PAY_PARTS, Budget, BudgetMonth
from payroll.pages.money_tables import FLOORS, INCOMES, promotions_table, reach_table
from payroll.pages.pay_page import PayPage
from payroll.selectors import budgets, forecast, income
from payroll.selectors.budgets import StreetBudget
from payroll.selectors.forecast import Forecast
from payroll.services.budgets import (
    YEARS_AHEAD,
    approve_budget,
    computation_of,
    compute_budget,
    return_budget,
    submit_budget,
)
from payroll.services.floor import set_basis, set_income
from songshan_cw.data.paging import AT_ONCE
from songshan_cw.data.refusal import Refused
from songshan_cw.files.table import Table
from songshan_cw.policy.readings import AVERAGE_PAY, BUDGET_ASSESSMENT, BUDGET_INSURANCE, BUDGET_PEOPLE
from songshan_cw.site import charts
from songshan_cw.site.charts import Chart
from songshan_cw.site.page import FIRST_YEAR, LAST_YEAR, Page
from songshan_cw.site.parts import badge, beside, faint
from songshan_cw.words.periods import Month, label, month_of, year_of
from songshan_cw.words.terms import RegionLevel, RunState
from workers.models import STREET_ROLES, Region
from workers.selectors.scope import district_of, sees_more_than

SHOWN = 50
OPEN_STATES = (RunState.DRAFT, RunState.RETURNED)
READINGS = (BUDGET_ASSESSMENT, BUDGET_INSURANCE, BUDGET_PEOPLE)


def this_month() -> Month:
    return month_of(timezone.localdate())


def posted_number(request: HttpRequest, name: str, what: str) -> Decimal:
    """Parse a number with or without thousands separators."""
    text = request.POST.get(name, "").strip().replace(",", "").replace("，", "")
    try:
        number = Decimal(text)
    except InvalidOperation as fault:
        raise Refused(f"{what}应填数字，例如25.5。没有保存。") from fault
    return number


def posted_year(request: HttpRequest) -> int:
    text = request.POST.get("year", "")
    if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text[:6]) <= LAST_YEAR):
        raise Refused("请填写年度，例如2026。没有保存。")
    return int(text)


class BudgetsPage(PayPage):
    """A year's budgets by street. The bureau enters their basis."""

    permission = "payroll.view_budget"
    title = "经费预算"
    template = "pages/money/budgets.html"
    keeps_typed = True

    def get(self, request: HttpRequest) -> HttpResponse:
        year, coming = self.year(), year_of(this_month()) + 1
        rows = budgets.budgets_by_street(self.user, year)
        there = [row.budget for row in rows if row.budget is not None]
        district = district_of(self.user.region_id or "")
        return self.show(
            year=year,
            years=sorted({*range(coming, coming + YEARS_AHEAD), *budgets.years_with_budgets(self.user)}),
            budgets=self.draw(self.table(year), rows),
            count=len(there),
            basis=budgets.basis_of(district, year) if district else None,
            asks_basis=bool(district),
            sets_basis=self.user.has_perm("payroll.change_budgetbasis"),
            computes=self.user.has_perm("payroll.compute_budget"),
        )

    def table(self, year: int) -> Table[StreetBudget]:
        computes = self.user.has_perm("payroll.compute_budget")

        def address(row: StreetBudget) -> str:
            return reverse("admin:budget", args=[year, row.street.pk]) if row.budget or computes else ""

        table = BUDGETS.on_page(STREET, link=address).on_page(STATE, show=_state)
        return replace(table, empty=f"{year}年还没有可看的预算。")

    def post(self, request: HttpRequest) -> HttpResponse:
        year = self.year()
        changed = set_basis(
            actor=self.user,
            district=district_of(self.user.region_id or ""),
            year=year,
            insurance_rate=posted_number(request, "insurance_rate", "单位缴费比例"),
            training_per_head=posted_number(request, "training_per_head", "人均培训经费"),
            at=timezone.now(),
        )
        done = f"{year}年的测算依据已保存。已测算的预算须由街道重新测算。"
        messages.success(request, done if changed else "测算依据没有变化。")
        return HttpResponseRedirect(request.get_full_path())

    def year(self) -> int:
        """Return the requested year, by default the coming one."""
        asked = self.request.GET.get("year", "")
        if not asked:
            return year_of(this_month()) + 1
        if not (asked.isascii() and asked.isdigit() and FIRST_YEAR <= int(asked[:6]) <= LAST_YEAR):
            raise Http404
        return int(asked)


class BudgetPage(Page):
    """One street's budget by month, with the user's next step."""

    permission = "payroll.view_budget"
    template = "pages/money/budget.html"
    keeps_typed = True

    def get(self, request: HttpRequest, year: int, street: str) -> HttpResponse:
        region = self.region(year, street)
        budget = budget_of(self, year, region)
        months = list(BudgetMonth.objects.filter(budget=budget)) if budget else []
        return self.show(
            title=f"{region.name}{year}年经费预算",
            street=region,
            year=year,
            budget=budget,
            months=self.draw(MONTHS, months),
            pay_parts=list(zip(PAY_PARTS, budget.amounts, strict=False)) if budget else [],
            promoted=sum(month.promoted for month in months),
            computation=computation_of(budget) if budget else "",
            basis=budgets.basis_of(district_of(region.code), year),
            readings=READINGS,
            **self.steps(budget, year),
        )

    def post(self, request: HttpRequest, year: int, street: str) -> HttpResponse:
        region = self.region(year, street)
        action = request.POST.get("action", "")
        given: dict[str, Any] = {"year": year, "street": region, "actor": self.user, "at": timezone.now()}
        seen = request.POST.get("seen", "")
        if action == "compute":
            compute_budget(**given, today=this_month())
            done = "已按当前的人员和等级系数表测算。请核对后提交。"
        elif action == "submit":
            submit_budget(**given, seen=seen)
            done = "已提交民政局审核。"
        elif action == "approve":
            approve_budget(**given, seen=seen)
            done = "已审核通过，财政可以查看。"
        elif action == "return":
            return_budget(**given, seen=seen, reason=request.POST.get("reason", ""))
            done = "已退回街道。"
        else:
            raise Refused("没有选择要办理的事项，请重新操作。")
        messages.success(request, f"{region.name}{year}年经费预算：{done}")
        return HttpResponseRedirect(request.path)

    def region(self, year: int, street: str) -> Region:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise Http404
        return self.one(Region.objects.filter(level=RegionLevel.STREET.value), code=street)

    def steps(self, budget: Budget | None, year: int) -> dict[str, bool]:
        """Return what this user may do next."""
        is_open = budget is None or budget.state in OPEN_STATES
        ahead = year_of(this_month()) < year <= year_of(this_month()) + YEARS_AHEAD
        waits = budget is not None and budget.state == RunState.SUBMITTED
        submits = self.user.has_perm("payroll.submit_budget") and self.user.role in STREET_ROLES
        return {
            "computes": is_open and ahead and self.user.has_perm("payroll.compute_budget"),
            "submits": is_open and budget is not None and submits,
            "approves": waits and self.user.has_perm("payroll.approve_budget"),
        }


class BudgetSheet(Page):
    """Download the year's budgets, or one street's, as a workbook."""

    permission = "payroll.view_budget"

    def get(self, request: HttpRequest, year: int, street: str = "") -> HttpResponse:
        rows = self.seen(Budget.objects.filter(year=year)).select_related("street__parent")
        found = list((rows.filter(street=street) if street else rows).prefetch_related("months").order_by("street"))
        if not found:
            raise Http404
        place = found[0].street.name if street else ""
        return streamed(found, f"{place}{year}年经费预算表.xlsx")


class ForecastPage(PayPage):
    """Promotions within 36 months and their cost."""

    permission = "payroll.view_forecast"
    title = "晋级预测"
    template = "pages/money/forecast.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        streets = forecast.streets_of(self.user)
        street = next((one for one in streets if one.code == request.GET.get("street")), None)
        if len(streets) > 1 and sees_more_than(self.user, AT_ONCE):
            if street is None:
                return self.show(streets=streets, most=AT_ONCE)
            streets = [street]
        found = forecast.forecast(streets=streets, today=this_month())
        chosen = [one for one in found.promotions if street is None or one.street == street.code]
        names = {one.code: one.name for one in streets}
        several, query = len(streets) > 1, f"street={street.code}&" if street else ""
        nobody = "没有等级系数表，不能推算。" if self.untabled else "这三年里没有人晋级。"
        sheet = Paginator(chosen, SHOWN).get_page(request.GET.get("page"))
        people = self.draw(promotions_table(names, nobody), sheet, query=query, anchor="people")
        reach = reach_table(found.whole, lambda row: f"?street={row.street.pk}#people" if several else "")
        return self.show(
            found=found,
            street=street,
            reach=self.draw(reach, found.streets),
            people=people,
            several=several,
            charts=[months_chart(found)],
            readings=(BUDGET_ASSESSMENT,),
        )


class IncomePage(Page):
    """The average pay of full years and the income figure, which the bureau enters."""

    permission = "payroll.view_disposableincome"
    title = "收入对照"
    template = "pages/money/income.html"
    keeps_typed = True

    def get(self, request: HttpRequest) -> HttpResponse:
        districts = income.districts_of(self.user)
        asked = request.GET.get("district", "")
        district = next((one for one in districts if one.code == asked), districts[0] if districts else None)
        code = district.code if district else ""
        floors = income.floors(code, income.years_to_show(code)) if code else []
        return self.show(
            district=district,
            districts=districts,
            latest=floors[0] if floors else None,
            floors=self.draw(FLOORS, floors),
            incomes=self.draw(INCOMES, income.incomes_of(code) if code else []),
            enters=self.user.has_perm("payroll.change_disposableincome"),
            last_year=timezone.localdate().year - 1,
            readings=(AVERAGE_PAY,),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        year = posted_year(request)
        changed = set_income(
            actor=self.user,
            district=district_of(self.user.region_id or ""),
            year=year,
            amount=posted_number(request, "amount", "人均可支配收入"),
            at=timezone.now(),
        )
        messages.success(request, f"{year}年人均可支配收入已保存。" if changed else "该年度的数没有变化。")
        return HttpResponseRedirect(reverse("admin:income"))


def _state(row: StreetBudget) -> str:
    if row.budget is None:
        return faint(NOT_ESTIMATED)
    return beside(badge(row.budget.state), badge("试算") if row.budget.trial else "")


def budget_of(page: Page, year: int, street: Region) -> Budget | None:
    rows = page.seen(Budget.objects.filter(year=year, street=street))
    return rows.select_related("street", "submitted_by", "approved_by").first()


def months_chart(found: Forecast) -> Chart:
    counts = [(label(month)[2:], number) for month, number in found.by_month]
    return charts.people("各月晋级人次", "月份", counts, upright=True)


def streamed(found: Sequence[Budget], name: str) -> FileResponse:
    """Stream the open file. Its folder is deleted already, so nothing is left behind."""
    with TemporaryDirectory(prefix="songshan-") as folder:
        path = Path(folder, "file")
        write_budgets(budgets=found, path=path)
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)
