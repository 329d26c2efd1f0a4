"""What each tab of a person's page lists; one statement a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localdate

from assessment.models import AnnualAssessment
from payroll.models import Payslip
from songshan_cw.files.figures import text
from songshan_cw.files.table import Column, Form, Table
from songshan_cw.site.drawing import Drawn, drawn
from songshan_cw.site.parts import link
from songshan_cw.words.periods import label_zh, month_of, next_month_of
from workers.models import Exit, Hiring, Leave, Training, User, Visit, Worker
from workers.selectors.hirings import hired
from workers.selectors.numbers import owners_of
from workers.selectors.scope import visible

MONTHS_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Part:
    """A table of a tab. ``adds``: the words and the address of the form for a new record, empty where the user may
    not, or a button above does it."""

    drawn: Drawn
    adds: tuple[str, str] = ("", "")


def _part(
    user: User, title: str, heads: str, rows: QuerySet[Any], empty: str, cells: Callable[[Any], Sequence[Any]]
) -> Part:
    """List rows by one function, which gives the cells under the heads, and a way to each record's form."""
    meta = rows.model._meta
    verb = "更正" if user.has_perm(f"{meta.app_label}.change_{meta.model_name}") else "查看"

    def column(at: int, head: str) -> Column[Any]:
        return Column(head, lambda row: cells(row)[at], PLAIN)

    columns = [column(at, head) for at, head in enumerate(heads.split())]
    acts = Column[Any]("办理", show=lambda row: link(verb, address) if (address := _form_of(row)) else "—")
    return Part(drawn(Table(title, (*columns, acts), empty=empty), rows))


def _adding(part: Part, words: str, model: type[Model], worker: Worker, user: User) -> Part:
    """Add a way to the form for a new record of this person."""
    meta = model._meta
    if not user.has_perm(f"{meta.app_label}.add_{meta.model_name}"):
        return part
    form = reverse(f"admin:{meta.app_label}_{meta.model_name}_add")
    return replace(part, adds=(words, f"{form}?worker={worker.pk}"))


def _form_of(row: Any) -> str:
    """Return the record's own form, where the site has one."""
    try:
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        return ""


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return text(value)


PLAIN = Form(_text, "")


def posts(worker: Worker, user: User, today: date) -> list[Part]:
    first = worker.postassignments.order_by("start").values_list("pk", flat=True).first()

    def cells(row: Any) -> Sequence[Any]:
        counts = label_zh(month_of(row.start) if row.pk == first else next_month_of(row.start))
        dual = "一肩挑" if row.dual else ""
        return row.start, f"{counts}起", row.community, row.position, row.post, dual, row.document_no

    rows = worker.postassignments.select_related("community").order_by("-start")
    columns = "任职日期 计薪月份 社区 职务 岗位 一肩挑 文号"
    placements = worker.placements.order_by("-month")
    changes = worker.categoryrecords.order_by("-start")
    return [
        _part(
            user,
            f"聘用时为{worker.category}；此后的人员类别",
            "起始日期 人员类别 文号",
            changes,
            "人员类别没有变动。纳入或退出薪酬体系用上方“人员类别变动”登记。",
            lambda row: (row.start, row.category, row.document_no),
        ),
        _part(user, "任职", columns, rows, "还没有任职记录。请用上方“岗位变动”登记。", cells),
        _part(
            user,
            "定级核定",
            "核定月份 核定工作年限 文号",
            placements,
            "没有定级核定，等级按学历、年限和考核推算。",
            lambda row: (label_zh(row.month), f"{row.credited_months}个月", row.document_no),
        ),
    ]


def degrees(worker: Worker, user: User, today: date) -> list[Part]:
    rows = worker.educationrecords.order_by("-earned_on")
    part = _part(
        user,
        f"入职学历：{worker.entry_education}；此后取得的学历",
        "取得日期 学历 毕业院校 专业 调整月份",
        rows,
        "入职后没有登记新的学历。取得更高学历后用上方“取得学历”登记。",
        lambda row: (row.earned_on, row.level, row.school, row.major, f"{label_zh(next_month_of(row.earned_on))}起"),
    )
    return [part]


def certificates(worker: Worker, user: User, today: date) -> list[Part]:
    part = _part(
        user,
        "社会工作者职业资格",
        "批准日期 证书等级 证书编号 失效日期",
        worker.certificates.order_by("-approved_on"),
        "没有登记职业资格证书。取得证书后用上方“取得证书”登记，次月起发放津贴。",
        lambda row: (row.approved_on, row.level, row.number, row.ended_on or ""),
    )
    return [part]


def assessments(worker: Worker, user: User, today: date) -> list[Part]:
    part = _part(
        user,
        "年度考核",
        "年度 等次 确定人 确定日期 备案日期",
        worker.assessments.select_related("decided_by").order_by("-year"),
        "还没有考核结果。没有结果的年度不计入工作年限。",
        lambda row: (row.year, row.result, row.decided_by, row.decided_at and localdate(row.decided_at), row.filed_on),
    )
    return [_adding(part, "补录考核结果", AnnualAssessment, worker, user)]


def contracts(worker: Worker, user: User, today: date) -> list[Part]:
    came = hired(worker, today)
    least = f"最低服务期至{came.until}" if came.until else ""
    hiring = _part(
        user,
        "录用",
        "参加社区工作 录用方式 录用文号 最低服务期 请核对",
        Hiring.objects.filter(worker=worker),
        "没有登记录用方式。请用上方“录用登记”登记。",
        lambda row: (worker.hired_on, row.method, row.document_no, least, "".join(came.doubts)),
    )
    part = _part(
        user,
        "合同",
        "起始日 终止日 试用期截止 状态",
        worker.contracts.order_by("-start"),
        "没有登记合同。请用上方“续聘”登记。",
        lambda row: (
            row.start,
            row.end or "无固定期限",
            row.probation_end,
            contract_state(row.start, row.end, today, worker.standing.left_on),
        ),
    )
    return [hiring, part]


def contract_state(start: date | None, end: date | None, today: date, left_on: date | None = None) -> str:
    """How far from its end, in words; leaving ends it too."""
    if left_on is not None and (end is None or end > left_on):
        return "因离职终止"
    if start is not None and start > today:
        return "未开始"
    if end is None:
        return "履行中"
    left = (end - today).days
    if left < 0:
        return "已到期"
    return f"{left}天后到期" if left <= 90 else "履行中"


def secondments(worker: Worker, user: User, today: date) -> list[Part]:
    part = _part(
        user,
        "借调",
        "借调单位 开始 结束 实际返回前最后一天 原因 状态",
        worker.secondments.order_by("-start"),
        "没有借调记录。",
        lambda row: (row.body, row.start, row.end, row.returned_on, row.reason, row.state),
    )
    return [part]


def trainings(worker: Worker, user: User, today: date) -> list[Part]:
    training = _part(
        user,
        "培训",
        "培训名称 开始 结束 学时",
        worker.trainings.order_by("-start"),
        "没有培训记录。",
        lambda row: (row.name, row.start, row.end, row.hours and f"{row.hours.normalize():f}"),
    )
    visits = _part(
        user,
        f"入户走访（最近{MONTHS_SHOWN}次登记）",
        "月份 走访户数",
        worker.visits.order_by("-month")[:MONTHS_SHOWN],
        "没有走访记录。",
        lambda row: (label_zh(row.month), row.households),
    )
    leaves = _part(
        user,
        "休假",
        "假别 首日 末日 天数 文号",
        worker.leaves.order_by("-first_day"),
        "没有休假记录。",
        lambda row: (row.kind, row.first_day, row.last_day, f"{row.days.normalize():f}", row.document_no),
    )
    return [
        _adding(training, "登记培训", Training, worker, user),
        _adding(visits, "登记走访", Visit, worker, user),
        _adding(leaves, "登记休假", Leave, worker, user),
    ]


def absences(worker: Worker, user: User, today: date) -> list[Part]:
    gaps = worker.servicegaps.order_by("-first_day")
    return [
        _part(
            user,
            "中断服务",
            "开始 结束 原因",
            gaps,
            "没有中断记录。",
            lambda row: (row.first_day, row.last_day or "仍在中断", row.reason),
        ),
        _part(
            user,
            "旷工",
            "首日 末日 情况说明 文号",
            worker.absences.order_by("-first_day"),
            "没有旷工记录。",
            lambda row: (row.first_day, row.last_day, row.note, row.document_no),
        ),
        _part(
            user,
            "离职",
            "离职日期 原因 文号",
            Exit.objects.filter(worker=worker),
            "没有离职记录。",
            lambda row: (row.left_on, row.reason, row.document_no),
        ),
    ]


def archive(worker: Worker, user: User, today: date) -> list[Part]:
    return [
        _part(
            user,
            "档案附件",
            "类别 名称 大小 上传人 上传日期",
            worker.attachments.select_related("added_by").order_by("part", "-id"),
            "档案里还没有文件。",
            lambda row: (row.part, row.title, _size(row.size), row.added_by, localdate(row.added_at)),
        ),
        _part(
            user,
            "荣誉",
            "授予日期 荣誉名称 级别 文号",
            worker.honours.order_by("-awarded_on"),
            "没有荣誉记录。",
            lambda row: (row.awarded_on, row.name, row.level, row.document_no),
        ),
    ]


def _size(count: int) -> str:
    return f"{count / 1024 / 1024:.1f} MB" if count >= 1024 * 1024 else f"{max(1, count // 1024)} KB"


def slips_of(worker: Worker, user: User) -> QuerySet[Payslip]:
    """The person's slips with their lines in the user's scope, newest first; finance sees approved runs only
    (rules 10.4)."""
    slips = visible(Payslip.objects.filter(worker__in=owners_of([worker.pk])), user).select_related("run__street")
    return slips.prefetch_related("lines").order_by("-month")


TABS: dict[str, tuple[str, Callable[[Worker, User, date], list[Part]]]] = {
    "posts": ("任职", posts),
    "degrees": ("学历", degrees),
    "certificates": ("证书", certificates),
    "assessments": ("考核", assessments),
    "contracts": ("合同", contracts),
    "secondments": ("借调", secondments),
    "trainings": ("培训、走访、休假", trainings),
    "absences": ("中断、旷工与离职", absences),
    "archive": ("附件", archive),
}
