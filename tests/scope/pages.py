"""The site's own pages beside the models': how each is addressed with a street's own keys."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from songshan_cw.words import periods
from tests.scope.world import MONTH, Street

EVENTS = ("post", "degree", "certificate", "hiring", "renewal", "gap", "placement", "exit")
DOWNLOADS = ("sheet", "payslips", "bank", "register")
YEAR = periods.year_of(MONTH)

# Without keys: whoever may, opens them and sees the own part.
OPEN_PAGES = ("people", "pay_months", "pay_tables", "pay_performance", "assess", "import", "export_workbook")
REGISTERS = (
    "limits",
    "compare",
    "secondments",
    "secondment_request",
    "staffing",
    "duties",
    "contracts",
    "archives",
    "talent",
)
OPEN_PAGES = (*OPEN_PAGES, *REGISTERS)
OPEN_PAGES += ("budgets", "forecast", "income", "reconciliation", "receivables", "go_live")
# Addressed by a token of the upload's own user; tried with the imports themselves.
BY_TOKEN = {
    "job",
    "import_preview",
    "import_answers",
    "import_mend",
    "import_confirm",
    "import_discard",
    "import_annotated",
}
# Nobody's data: the own second factor, an empty workbook, a month of whatever one may see, work of the own start page.
HARMLESS_PAGES = {
    "second_factor",
    "sessions",
    "import_template",
    "pay_month",
    "pay_month_download",
    "pay_review",
    "waiting",
    "pay_table",
    "duties_year",
}
HARMLESS_PAGES |= {"budgets_sheet"}

KEYED: dict[str, Callable[[Street], list[tuple[Any, ...]]]] = {
    "person": lambda street: [(worker.pk,) for worker in street.workers],
    "person_event": lambda street: [(worker.pk, kind) for worker in street.workers for kind in EVENTS],
    "pay_explain": lambda street: [(street.rows["payroll.payslip"].pk,)],
    "pay_slip_print": lambda street: [(street.rows["payroll.payslip"].pk,)],
    "person_numbers": lambda street: [(worker.pk,) for worker in street.workers],
    "person_report": lambda street: [(worker.pk,) for worker in street.workers],
    "pay_explain_month": lambda street: [(worker.pk, periods.label(MONTH)) for worker in street.workers],
    "pay_run": lambda street: [(periods.label(MONTH), street.region.code)],
    "pay_run_download": lambda street: [(periods.label(MONTH), street.region.code, kind) for kind in DOWNLOADS],
    "pay_performance_year": lambda street: [(YEAR, street.region.code)],
    "pay_performance_preview": lambda street: [(YEAR, street.region.code)],
    "pay_performance_batches": lambda street: [(YEAR, street.region.code)],
    "pay_performance_batch": lambda street: [(YEAR, street.region.code, 1)],
    "pay_performance_file": lambda street: [(YEAR, street.region.code, 1, kind) for kind in ("sheet", "bank", "csv")],
    "budget": lambda street: [(YEAR + 1, street.region.code)],
    "budget_sheet": lambda street: [(YEAR + 1, street.region.code)],
    "assess_sheet": lambda street: [(str(YEAR), street.region.code)],
    "secondment": lambda street: [(street.rows["workers.secondment"].pk,)],
    "archive": lambda street: [(worker.pk,) for worker in street.workers],
    "attachment": lambda street: [(street.rows["workers.attachment"].pk,)],
    "correct_number": lambda street: [(worker.pk,) for worker in street.workers],
    "merge_people": lambda street: [(worker.pk,) for worker in street.workers],
    "remove_person": lambda street: [(worker.pk,) for worker in street.workers],
    "undo_import": lambda street: [(street.rows["workers.workbookimport"].pk,)],
    "rename_region": lambda street: [(street.region.code,)],
    "reset_factor": lambda street: [(street.leader.pk,)],
    "confirm_user": lambda street: [(street.leader.pk,)],
}


def addresses(name: str, street: Street) -> list[str]:
    return [reverse(f"admin:{name}", args=args) for args in KEYED[name](street)]


def page_names() -> set[str]:
    return {*OPEN_PAGES, *KEYED, *BY_TOKEN, *HARMLESS_PAGES}
