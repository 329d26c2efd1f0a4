"""Hiring, contracts, secondments and trainings. They do not affect the grade."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models

from songshan_cw.words.terms import Role, SecondmentState, choices
from workers.models.history import Fact
from workers.models.people import Worker


class Contract(Fact):
    """劳动合同 (S 二(四)5)."""

    start = models.DateField("合同起始日")
    end = models.DateField("合同终止日", null=True, blank=True)
    probation_end = models.DateField("试用期截止日", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "合同"
        ordering = ["worker", "start"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "start"],
                name="contract_once_a_day",
                violation_error_message="该起始日已有合同。",
            ),
            models.CheckConstraint(
                condition=models.Q(end=None) | models.Q(end__gte=models.F("start")),
                name="contract_ends_after_start",
                violation_error_message="合同终止日不能早于起始日。",
            ),
        ]
        indexes = [
            models.Index(fields=["end"], name="contract_end"),
            models.Index(
                fields=["probation_end"], name="contract_probation_end", condition=~models.Q(probation_end=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start}至{self.end or '无固定期限'}"


class Hiring(models.Model):
    """录用: how a person was hired (S 二(三)2; O 6–8). The day is the person's own."""

    worker = models.OneToOneField(Worker, verbose_name="社区工作者", on_delete=models.PROTECT, related_name="hiring")
    method = models.CharField("录用方式", max_length=20)
    document_no = models.CharField("录用文号", max_length=60, blank=True, help_text="录用、任命或备案文件的文号。")

    scope_path = "worker__standing__street"

    class Meta:
        verbose_name = verbose_name_plural = "录用"
        ordering = ["worker"]

    def __str__(self) -> str:
        return self.method


class Secondment(Fact):
    """借调 (S 二(四)2; O 14). A row without ``requested_at`` was imported: approved, and ended on its last day."""

    body = models.CharField("借调单位", max_length=60)
    start = models.DateField("开始日期")
    end = models.DateField("结束日期", null=True, blank=True, help_text="留空表示尚未返回。")
    reason = models.CharField("原因", max_length=100, blank=True)
    state = models.CharField(
        "状态",
        max_length=10,
        choices=choices(SecondmentState),
        default=SecondmentState.APPROVED.value,
        db_default=SecondmentState.APPROVED.value,
        editable=False,
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="申请人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    requested_at = models.DateTimeField("申请时间", null=True, editable=False)
    returned_on = models.DateField("实际返回前最后一天", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "借调"
        ordering = ["worker", "start"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "start"],
                name="secondment_once_a_day",
                violation_error_message="该开始日期已有借调。",
            ),
            models.CheckConstraint(
                condition=models.Q(end=None) | models.Q(end__gte=models.F("start")),
                name="secondment_ends_after_start",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]
        indexes = [models.Index(fields=["state", "end"], name="secondment_state_end")]

    def __str__(self) -> str:
        return f"{self.body} {self.start}至{self.end or '今'}"


class SecondmentApproval(models.Model):
    """借调审批: one approval step with its decision, user and time. It is never changed."""

    secondment = models.ForeignKey(Secondment, verbose_name="借调", on_delete=models.PROTECT, related_name="approvals")
    step = models.PositiveSmallIntegerField("第几道")
    authority = models.CharField("审批单位", max_length=40)
    role = models.CharField("办理角色", max_length=10, choices=choices(Role))
    agreed = models.BooleanField("同意")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="办理人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("办理时间")
    document_no = models.CharField("文号", max_length=60, blank=True)
    reason = models.CharField("意见", max_length=200, blank=True)

    scope_path = "secondment__worker__standing__street"

    class Meta:
        verbose_name = verbose_name_plural = "借调审批"
        ordering = ["secondment", "step"]
        constraints = [
            models.UniqueConstraint(
                fields=["secondment", "step"],
                name="secondment_step_once",
                violation_error_message="这一道审批已办理。",
            ),
            models.CheckConstraint(
                condition=models.Q(agreed=True) | ~models.Q(reason=""),
                name="secondment_refused_with_reason",
                violation_error_message="不同意须写明原因。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authority} {'同意' if self.agreed else '不同意'}"


class Training(Fact):
    """培训 (S 二(四)1)."""

    name = models.CharField("培训名称", max_length=100)
    start = models.DateField("开始日期")
    end = models.DateField("结束日期")
    hours = models.DecimalField(
        "学时", max_digits=6, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )

    class Meta:
        verbose_name = verbose_name_plural = "培训"
        ordering = ["worker", "start"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "name", "start"],
                name="training_once",
                violation_error_message="该培训已登记。",
            ),
            models.CheckConstraint(
                condition=models.Q(end__gte=models.F("start")),
                name="training_ends_after_start",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.start}"
