"""Addresses of pay, grade tables and performance: (route, page, name). Explanations stand before months."""

from songshan_cw.pages import downloads, explain, jobs, payroll, performance, start, tables
from songshan_cw.pages.base import Page

PAY_PAGES: tuple[tuple[str, type[Page], str], ...] = (
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
    (
        "performance/<int:year>/<slug:street>/preview/",
        performance.PerformancePreview,
        "pay_performance_preview",
    ),
    ("pay/<slug:month>/", payroll.PayMonth, "pay_month"),
    ("pay/<slug:month>/download/<slug:kind>/", downloads.Download, "pay_month_download"),
    ("pay/<slug:month>/<slug:street>/", payroll.PayRun, "pay_run"),
    ("pay/<slug:month>/<slug:street>/download/<slug:kind>/", downloads.Download, "pay_run_download"),
)
