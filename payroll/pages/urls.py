"""Addresses of this app's pages: (route, page, name in the ``admin`` namespace)."""

from payroll.pages import downloads, events, explain, jobs, money, payroll, people, performance, person, start, tables
from songshan_cw.site.page import Address

PAGES: tuple[Address, ...] = (
    ("", start.StartPage, "index"),
    ("start/waiting/<slug:kind>/", start.WaitingPage, "waiting"),
    ("pay/", payroll.PayMonths, "pay_months"),
    ("pay/jobs/<int:pk>/", jobs.JobPage, "job"),
    ("pay/explain/<int:slip>/", explain.ExplainSlip, "pay_explain"),
    ("pay/explain/<int:slip>/print/", explain.PrintedSlip, "pay_slip_print"),
    ("pay/explain/<int:worker>/<slug:month>/", explain.ExplainMonth, "pay_explain_month"),
    ("tables/", tables.TablesPage, "pay_tables"),
    ("tables/<int:pk>/", tables.TablePage, "pay_table"),
    ("performance/", performance.PerformanceList, "pay_performance"),
    ("performance/<int:year>/<slug:street>/", performance.PerformancePage, "pay_performance_year"),
    ("performance/<int:year>/<slug:street>/preview/", performance.PerformancePreview, "pay_performance_preview"),
    ("pay/<slug:month>/", payroll.PayMonth, "pay_month"),
    ("pay/<slug:month>/download/<slug:kind>/", downloads.Download, "pay_month_download"),
    ("pay/<slug:month>/<slug:street>/", payroll.PayRun, "pay_run"),
    ("pay/<slug:month>/<slug:street>/download/<slug:kind>/", downloads.Download, "pay_run_download"),
    ("budget/", money.BudgetsPage, "budgets"),
    ("budget/<int:year>/sheet/", money.BudgetSheet, "budgets_sheet"),
    ("budget/<int:year>/<str:street>/", money.BudgetPage, "budget"),
    ("budget/<int:year>/<str:street>/sheet/", money.BudgetSheet, "budget_sheet"),
    ("forecast/", money.ForecastPage, "forecast"),
    ("income/", money.IncomePage, "income"),
    ("people/", people.PeoplePage, "people"),
    ("people/<int:pk>/", person.PersonPage, "person"),
    ("people/<int:pk>/do/<slug:kind>/", events.EventPage, "person_event"),
)
