"""The menu in the order of the work. Rights decide what each role sees."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

# Groups of records with the models in them as (app, model, title, icon).
MENU = (
    (
        "人事记录",
        (
            ("workers", "postassignment", "任职", "badge"),
            ("workers", "categoryrecord", "人员类别变动", "badge"),
            ("workers", "educationrecord", "学历提升", "school"),
            ("workers", "certificate", "职业资格", "workspace_premium"),
            ("assessment", "annualassessment", "年度考核", "grading"),
            ("workers", "servicegap", "中断服务", "pause_circle"),
            ("workers", "placement", "定级核定", "stairs"),
            ("workers", "hiring", "录用", "person_add"),
            ("workers", "contract", "合同", "contract"),
            ("workers", "secondment", "借调", "transfer_within_a_station"),
            ("workers", "training", "培训", "cast_for_education"),
            ("workers", "exit", "离职", "logout"),
        ),
    ),
    (
        "日常记录",
        (
            ("assessment", "assessmentproposal", "考核建议", "rate_review"),
            ("assessment", "shareexception", "优秀名额放宽", "exposure_plus_1"),
            ("workers", "leave", "休假", "beach_access"),
            ("workers", "absence", "旷工", "event_busy"),
            ("workers", "visit", "入户走访", "home_pin"),
            ("workers", "dutybackup", "AB岗", "swap_horiz"),
            ("workers", "committeeseat", "两委任职", "how_to_vote"),
            ("workers", "partyworker", "专职党务工作者", "flag"),
            ("workers", "honour", "荣誉", "military_tech"),
            ("workers", "attachment", "档案附件", "attach_file"),
            ("workers", "archivefiling", "档案备案", "inventory"),
            ("workers", "secondmentapproval", "借调审批", "approval"),
            ("workers", "communityprofile", "社区概况", "location_city"),
            ("workers", "calendarday", "节假日安排", "calendar_month"),
        ),
    ),
    (
        "工资",
        (
            ("payroll", "payslip", "工资条", "receipt_long"),
            ("payroll", "gradetable", "等级系数表", "table_chart"),
            ("payroll", "resultweight", "绩效分配", "percent"),
        ),
    ),
    (
        "留痕",
        (
            ("workers", "change", "变更记录", "history"),
            ("workers", "workbookimport", "导入记录", "upload_file"),
            ("workers", "privateaccess", "查看记录", "visibility"),
        ),
    ),
    (
        "系统",
        (
            ("workers", "region", "区划", "account_tree"),
            ("workers", "user", "用户", "manage_accounts"),
            ("workers", "signinattempt", "登录记录", "login"),
        ),
    ),
)
# Long lists of records, folded by default, because the work is done on the pages above.
FOLDED = {"人事记录", "日常记录"}
# Models with their own page. Their admin list is for corrections.
PAGE_OF_MODEL = {
    "gradetable": "pay_tables",
    "resultweight": "pay_performance",
}

# Pages without a model: right, address, title, icon.
TASKS = (
    ("workers.view_worker", "people", "社区工作者", "groups"),
    ("payroll.view_payrollrun", "pay_months", "每月工资", "payments"),
    ("payroll.view_receivable", "receivables", "应收款", "request_quote"),
    ("payroll.view_golive", "go_live", "启用月份", "event_upcoming"),
    ("payroll.reconcile", "reconciliation", "台账核对", "fact_check"),
    ("payroll.view_budget", "budgets", "经费预算", "savings"),
    ("payroll.view_forecast", "forecast", "晋级预测", "trending_up"),
    ("payroll.view_disposableincome", "income", "收入对照", "balance"),
    ("workers.import_workbook", "import", "导入人员", "upload"),
    ("workers.export_workbook", "export_workbook", "导出人员", "download"),
    ("assessment.view_annualassessment", "assess", "考核评定", "fact_check"),
)

# Pages about limits and duties of the policy: right, address, title, icon.
CARE = (
    ("assessment.check_limits", "limits", "限额检查", "rule"),
    ("workers.view_secondment", "secondments", "借调审批", "transfer_within_a_station"),
    ("assessment.check_limits", "staffing", "人员配备与结构", "diversity_3"),
    ("workers.view_training", "duties", "培训走访休假", "event_available"),
    ("workers.view_contract", "contracts", "合同到期与续聘", "contract_edit"),
    ("workers.view_attachment", "archives", "人事档案", "folder_shared"),
    ("workers.view_honour", "talent", "定向招聘人选", "military_tech"),
    ("assessment.check_limits", "compare", "政策对照", "compare_arrows"),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups of the menu that this user may open."""
    index = reverse("admin:index")
    home = {"title": "首页", "icon": "home", "link": index, "active": request.path == index}
    groups: list[dict[str, Any]] = [{"title": "", "items": [home]}]
    for title, pages in (("办理", TASKS), ("管理", CARE)):
        items = [_task(request, *task[1:]) for task in pages if request.user.has_perm(task[0])]
        if items:
            groups.append(_group(title, items))
    for title, entries in MENU:
        items = [_item(request, *entry) for entry in entries if _may_view(request, entry[0], entry[1])]
        if items:
            groups.append({**_group(title, items), "collapsible": title in FOLDED})
    return groups


def _group(title: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"title": title, "items": items, "items_shown": items, "separator": True}


def _task(request: HttpRequest, name: str, title: str, icon: str) -> dict[str, Any]:
    """Return an entry, marked on its own pages alone: unfold would mark ``/import/`` wherever the path has it."""
    link = reverse(f"admin:{name}")
    return {"title": title, "icon": icon, "link": link, "active": request.path.startswith(link)}


def _item(request: HttpRequest, app: str, model: str, title: str, icon: str) -> dict[str, Any]:
    return _task(request, PAGE_OF_MODEL.get(model, f"{app}_{model}_changelist"), title, icon)


def _may_view(request: HttpRequest, app: str, model: str) -> bool:
    return bool(request.user.has_perm(f"{app}.view_{model}"))
