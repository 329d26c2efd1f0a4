"""Roles and their rights in one table (rules 10). All permission checks use it."""

from collections.abc import Mapping

from songshan_cw.words.terms import Role

EVERYTHING = ("view", "add", "change", "delete")
RECORDS = (
    "worker",
    "postassignment",
    "categoryrecord",
    "educationrecord",
    "certificate",
    "servicegap",
    "placement",
    "exit",
    "hiring",
    "contract",
    "secondment",
    "training",
    "absence",
    "visit",
    "leave",
    "dutybackup",
    "committeeseat",
    "partyworker",
    "honour",
    "attachment",
)
PROCEEDINGS = ("secondmentapproval", "archivefiling", "communityprofile", "calendarday")
DECISIONS = ("annualassessment", "assessmentproposal", "shareexception")
TRAILS = ("change", "workbookimport")
PAY = (
    "payrollrun",
    "payslip",
    "payline",
    "runevent",
    "runnote",
    "gradetable",
    "gradecoefficient",
    "steprequirement",
    "paystandard",
)
WEIGHTS = ("resultweight", "personalweight")
PERFORMANCE = ("performancebatch", "performanceshare", "weightbounds", "reviewtick")
DEBTS = ("receivable", "receivableentry")
BUDGETS = ("budget", "budgetmonth", "budgetbasis")


def _grant(app: str, models: tuple[str, ...], actions: tuple[str, ...]) -> set[str]:
    return {f"{app}.{action}_{model}" for model in models for action in actions}


VIEW = ("view",)
PEOPLE_SEEN = _grant("workers", (*RECORDS, *TRAILS, *PROCEEDINGS, "region"), VIEW) | _grant(
    "assessment", DECISIONS, VIEW
)
PEOPLE_KEPT = _grant("workers", (*RECORDS, "communityprofile"), EVERYTHING) | _grant(
    "assessment", ("annualassessment", "assessmentproposal"), EVERYTHING
)
# Checks, comparison and staffing cover whole streets, so they need a scope that includes everybody in them.
WHOLE_STREETS = {"assessment.check_limits"}
PAY_SEEN = _grant("payroll", PAY + WEIGHTS + PERFORMANCE + DEBTS + BUDGETS, VIEW)
INCOME_SEEN = _grant("payroll", ("disposableincome",), VIEW)

PERMISSIONS: Mapping[Role, frozenset[str]] = {
    Role.CLERK: frozenset(
        PEOPLE_SEEN
        | WHOLE_STREETS
        | PEOPLE_KEPT
        | PAY_SEEN
        | _grant("payroll", WEIGHTS, EVERYTHING)
        | {"workers.import_workbook", "workers.export_workbook", "payroll.compute_run", "payroll.submit_run"}
        | {"payroll.export_run", "payroll.compute_budget", "payroll.submit_budget", "payroll.view_forecast"}
        | {"payroll.compute_performance", "payroll.submit_performance", "payroll.repay_receivable"}
    ),
    Role.LEADER: frozenset(
        PEOPLE_SEEN
        | WHOLE_STREETS
        | PAY_SEEN
        | _grant("assessment", ("annualassessment",), EVERYTHING)
        | {"assessment.decide", "workers.approve_secondment", "workers.export_workbook", "payroll.export_run"}
        | {"payroll.view_forecast", "payroll.submit_performance"}
    ),
    Role.BUREAU: frozenset(
        PEOPLE_SEEN
        | WHOLE_STREETS
        | PAY_SEEN
        | _grant("workers", ("placement", "calendarday"), EVERYTHING)
        | {"workers.approve_secondment", "workers.correct_person", "assessment.grant_exception", "assessment.file"}
        | {"workers.export_workbook", "payroll.compute_run", "payroll.approve_run", "payroll.export_run"}
        | _grant("payroll", ("disposableincome", "budgetbasis"), ("view", "add", "change"))
        | {"payroll.confirm_table", "payroll.import_table", "workers.view_privateaccess"}
        | {"payroll.approve_budget", "payroll.view_forecast", "payroll.change_weightbounds"}
        | {"payroll.reconcile", "payroll.view_reconciliation"}
        | {"payroll.repay_receivable", "payroll.write_off_receivable"}
        | {"payroll.view_golive", "payroll.change_golive"}
    ),
    Role.FINANCE: frozenset(PAY_SEEN | INCOME_SEEN | {"workers.view_region", "payroll.export_run"}),
    Role.ORGANISATION: frozenset(PEOPLE_SEEN | {"workers.approve_secondment", "workers.file_archive"}),
    Role.ADMINISTRATOR: frozenset(
        PEOPLE_SEEN
        | WHOLE_STREETS
        | PEOPLE_KEPT
        | PAY_SEEN
        | _grant("workers", ("user", "region"), EVERYTHING)
        | {"workers.import_workbook", "workers.export_workbook", "workers.view_privateaccess"}
        | {"workers.view_signinattempt", "workers.correct_person"}
        | INCOME_SEEN
        | {"payroll.compute_run", "payroll.import_table", "payroll.export_run", "payroll.view_forecast"}
    ),
}


# What decides a person's pay or record, or pays it out.
DECIDING = {
    *("payroll.approve_run", "payroll.confirm_table", "payroll.approve_budget", "assessment.decide"),
    *("assessment.grant_exception", "workers.approve_secondment", "workers.change_user"),
}


def role_decides(role: Role) -> bool:
    return role is Role.FINANCE or bool(DECIDING & PERMISSIONS[role])


def role_has_permission(role: Role, permission: str) -> bool:
    """Return whether the role has ``app.action`` or ``app.action_model``."""
    return permission in PERMISSIONS[role]


VERBS = {"view": "查看", "export": "导出", "import": "导入"}


def roles_with(permission: str) -> str:
    """Name the roles with the permission: ``街道经办、民政局和系统管理员``."""
    *others, last = [role.value for role in Role if role_has_permission(role, permission)]
    return f"{'、'.join(others)}和{last}" if others else last


def who_may(permission: str) -> str:
    """Say who may do what a user may not."""
    verb = VERBS.get(permission.partition(".")[2].partition("_")[0], "办理")
    return f"您的角色没有这项权限，由{roles_with(permission)}{verb}。"


def role_has_module(role: Role, app_label: str) -> bool:
    return any(permission.startswith(f"{app_label}.") for permission in PERMISSIONS[role])
