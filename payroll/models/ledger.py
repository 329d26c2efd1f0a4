"""The ledger: runs, slips and lines. What a person got for a month is the sum of approved lines for that month."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.timezone import localtime

from payroll.models.reviewed import Reviewed
from payroll.models.tables import GradeTable
from payroll.rules.columns import Column, PayColumns
from songshan_cw.data.fields import MonthField, SealedTextField
from songshan_cw.words import periods
from songshan_cw.words.money import ZERO
from songshan_cw.words.terms import Position, Post, RunState, choices
from workers.models import Region, Worker


class PayrollRun(Reviewed):
    """工资批次: one street, one month. Approved is final; the database itself refuses any change (rules 7)."""

    street = models.ForeignKey(Region, verbose_name="街道(乡镇)", on_delete=models.PROTECT, related_name="+")
    month = MonthField("月份")
    trial = models.BooleanField("试算")
    table = models.ForeignKey(GradeTable, verbose_name="等级系数表", on_delete=models.PROTECT, related_name="+")
    policy_version = models.CharField("政策版本", max_length=60)
    computed_at = models.DateTimeField("计算时间")
    closed_before = models.PositiveIntegerField(
        "已结批次数", default=0, help_text="计算时本旗县区以前月份已审核的批次数；审核时据此判断台账是否又有变动。"
    )
    headcount = models.PositiveIntegerField("人数", default=0)
    gross_total = models.DecimalField("应发合计", max_digits=14, decimal_places=2, default=0)

    scope_path = "street"

    class Meta:
        verbose_name = verbose_name_plural = "工资批次"
        ordering = ["-month", "street"]
        indexes = [models.Index(fields=["month", "state"], name="run_month_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["street", "month"],
                name="run_once_a_month",
                violation_error_message="该街道本月批次已存在。",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RunState.APPROVED.value) | models.Q(trial=False),
                name="trial_never_approved",
                violation_error_message="试算批次不能审核通过。",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RunState.APPROVED.value)
                | models.Q(approved_by__isnull=False, approved_at__isnull=False, submitted_by__isnull=False)
                & ~models.Q(approved_by=models.F("submitted_by")),
                name="run_four_eyes",
                violation_error_message="提交人不能审核自己提交的批次。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.street} {periods.label_zh(self.month)}{'（试算）' if self.trial else ''}"

    @property
    def sums(self) -> dict[Column, Decimal]:
        """Yuan by column of pay, as kept beside the run."""
        kept = {one.column: one.amount for one in self.totals.all()}
        return {column: kept.get(column.csv_name, ZERO) for column in PayColumns().all}


class RunTotal(models.Model):
    """批次合计: what a run's slips add up to in one column of pay, in yuan."""

    run = models.ForeignKey(
        PayrollRun, verbose_name="工资批次", on_delete=models.PROTECT, related_name="totals", db_index=False
    )
    column = models.CharField("栏目", max_length=40)
    amount = models.DecimalField("合计", max_digits=14, decimal_places=2)

    scope_path = "run__street"

    class Meta:
        verbose_name = verbose_name_plural = "批次合计"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "column"], name="run_total_once")]

    def __str__(self) -> str:
        return f"{self.column} {self.amount}"


class RunEvent(models.Model):
    """批次流转: who moved a run, when and why (rules 7.2). Append-only."""

    run = models.ForeignKey(PayrollRun, verbose_name="工资批次", on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="操作人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField("动作", max_length=10)
    reason = models.CharField("原因", max_length=200, blank=True)
    # Null, so that SQLite adds the column without making the table, and its triggers, anew.
    channel = models.CharField("途径", max_length=80, null=True, blank=True, help_text="空白为网页。")  # noqa: DJ001

    scope_path = "run__street"

    class Meta:
        verbose_name = verbose_name_plural = "批次流转"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.action} {localtime(self.at):%Y-%m-%d %H:%M}"


class Payslip(models.Model):
    """工资条: one person, one month, with all it was computed from, so that it reads the same in ten years.

    Amounts are its lines; ``gross_pay`` is their earned sum in yuan. A person who gets only arrears has no grade.
    Keys without an index of their own: another one begins with them, or nothing is ever looked up by them.
    """

    run = models.ForeignKey(PayrollRun, verbose_name="工资批次", on_delete=models.PROTECT, related_name="slips")
    worker = models.ForeignKey(
        Worker, verbose_name="社区工作者", on_delete=models.PROTECT, related_name="slips", db_index=False
    )
    month = MonthField("月份")
    name = models.CharField("姓名", max_length=40)
    community = models.ForeignKey(Region, verbose_name="社区", on_delete=models.PROTECT, related_name="+")
    post = models.CharField("岗位", max_length=10, choices=choices(Post), blank=True)
    position = models.CharField("职务", max_length=10, choices=choices(Position), blank=True)
    dual = models.BooleanField("一肩挑", default=False)
    credited_months = models.PositiveSmallIntegerField("工作年限(月)", null=True)
    step = models.PositiveSmallIntegerField("档次", null=True)
    grade = models.PositiveSmallIntegerField("等级", null=True)
    coefficient = models.DecimalField("系数", max_digits=8, decimal_places=4, null=True)
    annual_base = models.DecimalField("年基数", max_digits=12, decimal_places=2, null=True)
    gross_pay = models.DecimalField("应发工资", max_digits=12, decimal_places=2)
    policy_version = models.CharField("政策版本", max_length=60)
    table = models.ForeignKey(
        GradeTable, verbose_name="等级系数表", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    facts_digest = models.CharField("事实摘要", max_length=32)
    trace = models.TextField("推算过程", blank=True)

    scope_path = "run__street"

    class Meta:
        verbose_name = verbose_name_plural = "工资条"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "month"],
                name="slip_once_a_month",
                violation_error_message="该人员本月已有工资条。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {periods.label_zh(self.month)}"

    @property
    def sums(self) -> dict[Column, Decimal]:
        """Yuan by column of pay, out of the lines."""
        return PayColumns().sums(((one.for_month, one.component, one.amount) for one in self.lines.all()), self.month)


class PaidTo(models.Model):
    """发放对象: to whom an approved slip is paid, as on the day of its approval (rules 7.9).

    A later change of name, number, community or account does not move what was approved.
    """

    payslip = models.OneToOneField(
        Payslip, verbose_name="工资条", primary_key=True, on_delete=models.PROTECT, related_name="paid_to"
    )
    id_number = models.CharField("身份证号", max_length=18)
    community_name = models.CharField("社区名称", max_length=60)
    bank_name = models.CharField("开户行", max_length=60, blank=True)
    bank_account = SealedTextField("银行卡号", blank=True)

    scope_path = "payslip__run__street"

    class Meta:
        verbose_name = verbose_name_plural = "发放对象"

    def __str__(self) -> str:
        return str(self.payslip)


class PayLine(models.Model):
    """工资明细: one amount for one month and component. ``already_paid`` is the approved sum for that month and
    component when the line was computed: an approval whose ledger has moved since is refused."""

    payslip = models.ForeignKey(
        Payslip, verbose_name="工资条", on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    worker = models.ForeignKey(
        Worker, verbose_name="社区工作者", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    for_month = MonthField("所属月份")
    component = models.CharField("项目", max_length=20)
    amount = models.DecimalField("金额", max_digits=10, decimal_places=2)
    already_paid = models.DecimalField("此前已发", max_digits=10, decimal_places=2)
    clause = models.CharField("依据", max_length=60)

    scope_path = "payslip__run__street"

    class Meta:
        verbose_name = verbose_name_plural = "工资明细"
        ordering = ["payslip", "for_month", "id"]
        constraints = [
            models.UniqueConstraint(fields=["payslip", "for_month", "component"], name="line_once_a_component")
        ]
        indexes = [models.Index(fields=["worker", "for_month"], name="line_worker_month")]

    def __str__(self) -> str:
        return f"{periods.label(self.for_month)} {self.component} {self.amount}"


class RunNote(models.Model):
    """待核事项: what needs a look before a run is submitted; it informs and blocks nothing (rules 7.3)."""

    run = models.ForeignKey(PayrollRun, verbose_name="工资批次", on_delete=models.CASCADE, related_name="notes")
    worker = models.ForeignKey(Worker, verbose_name="社区工作者", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("类别", max_length=20)
    text = models.CharField("说明", max_length=300)

    scope_path = "run__street"

    class Meta:
        verbose_name = verbose_name_plural = "待核事项"
        ordering = ["run", "kind", "worker"]

    def __str__(self) -> str:
        return f"{self.kind}：{self.text}"


class Settlement(models.Model):
    """结算标记: with which facts a person's ledger was made whole, and up to which closed month.

    It counts only while both are still the newest (``payroll/selectors/settled.py``). A missing row means "look again",
    so rows may be deleted at any time.
    """

    worker = models.OneToOneField(
        Worker,
        verbose_name="社区工作者",
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="settlement",
    )
    month = MonthField("月份")
    facts_digest = models.CharField("事实摘要", max_length=32)

    scope_path = "worker__standing__street"

    class Meta:
        verbose_name = verbose_name_plural = "结算标记"

    def __str__(self) -> str:
        return periods.label(self.month)
