"""Addresses of budgets, the forecast and the income floor: (route, page, name)."""

from songshan_cw.pages import money
from songshan_cw.pages.base import Page

MONEY_PAGES: tuple[tuple[str, type[Page], str], ...] = (
    ("budget/", money.BudgetsPage, "budgets"),
    ("budget/<int:year>/sheet/", money.BudgetSheet, "budgets_sheet"),
    ("budget/<int:year>/<str:street>/", money.BudgetPage, "budget"),
    ("budget/<int:year>/<str:street>/sheet/", money.BudgetSheet, "budget_sheet"),
    ("forecast/", money.ForecastPage, "forecast"),
    ("income/", money.IncomePage, "income"),
)
