"""Year-end performance pay: weights, their bounds, and the batches that pay the shares (rules 6)."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models

from payroll.models.reviewed import Reviewed
from songshan_cw.data.fields import MonthField, SealedTextField
from songshan_cw.words.terms import RegionLevel, Result, RunState, choices
from workers.models import Region, Worker


class ResultWeight(models.Model):
    """考核等次权重 of a street and year; where none is set the policy's default holds."""

    street = models.ForeignKey(Region, verbose_name="街道(乡镇)", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    result = models.CharField("等次", max_length=10, choices=choices(Result))
    weight = models.DecimalField("权重", max_digits=6, decimal_places=3, validators=[MinValueValidator(0)])

    scope_path = "street"

    class Meta:
        verbose_name = verbose_name_plural = "等次权重"
        ordering = ["street", "year", "result"]
        constraints = [
            models.UniqueConstraint(fields=["street", "year", "result"], name="result_weight_once"),
            models.CheckConstraint(
                condition=models.Q(weight__gte=0),
                name="result_weight_not_negative",
                violation_error_message="权重不能小于0。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.result} {self.weight}"


class PersonalWeight(models.Model):
    """个人权重: a street's own weight for one person, with its reason."""

    worker = models.ForeignKey(Worker, verbose_name="社区工作者", on_delete=models.PROTECT, related_name="+")
    street = models.ForeignKey(Region, verbose_name="街道(乡镇)", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    weight = models.DecimalField("权重", max_digits=6, decimal_places=3, validators=[MinValueValidator(0)])
    reason = models.CharField("理由", max_length=200)

    scope_path = "street"

    class Meta:
        verbose_name = verbose_name_plural = "个人权重"
        ordering = ["street", "year", "worker"]
        constraints = [
            models.UniqueConstraint(fields=["worker", "street", "year"], name="personal_weight_once"),
            models.CheckConstraint(
                condition=models.Q(weight__gte=0) & ~models.Q(reason=""),
                name="personal_weight_reasoned",
                violation_error_message="个人权重不能小于0，且须写明理由。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.worker} {self.weight}"


class WeightBounds(models.Model):
    """权重范围 of a district: the least and the greatest weight a street may set (rules 6.3)."""

    district = models.OneToOneField(
        Region, verbose_name="旗县区", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    least = models.DecimalField("最低权重", max_digits=6, decimal_places=3)
    most = models.DecimalField("最高权重", max_digits=6, decimal_places=3)

    scope_path = "district"
    scope_level = RegionLevel.DISTRICT

    class Meta:
        verbose_name = verbose_name_plural = "权重范围"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(least__gte=0, most__gt=models.F("least")),
                name="weight_bounds_rise",
                violation_error_message="最低权重不能小于0，最高权重应大于最低权重。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.least.normalize():f}至{self.most.normalize():f}"


class PerformanceBatch(Reviewed):
    """绩效批次: one street's year, paid once; later batches of the year pay what changed afterwards (rules 6.3, 6.4).

    ``pool`` and ``weighted`` are what the shares were divided by. Once approved it is final. Money in yuan.
    """

    street = models.ForeignKey(Region, verbose_name="街道(乡镇)", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("批次序号")
    paid_month = MonthField("发放月份")
    pool = models.DecimalField("绩效总量", max_digits=14, decimal_places=2)
    weighted = models.DecimalField("加权计提合计", max_digits=18, decimal_places=5)
    headcount = models.PositiveIntegerField("人数")
    share_total = models.DecimalField("分配合计", max_digits=14, decimal_places=2)
    computed_at = models.DateTimeField("计算时间")
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="负责人阅", null=True, on_delete=models.PROTECT, related_name="+"
    )
    read_at = models.DateTimeField("阅看时间", null=True)

    scope_path = "street"

    class Meta:
        verbose_name = verbose_name_plural = "绩效批次"
        ordering = ["-year", "street", "number"]
        constraints = [
            models.UniqueConstraint(fields=["street", "year", "number"], name="performance_batch_once"),
            models.CheckConstraint(
                condition=~models.Q(state=RunState.APPROVED.value)
                | models.Q(approved_by__isnull=False, approved_at__isnull=False, submitted_by__isnull=False)
                & ~models.Q(approved_by=models.F("submitted_by")),
                name="performance_four_eyes",
                violation_error_message="提交人不能审核自己提交的绩效批次。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.street.name}{self.year}年绩效{self.title}"

    @property
    def title(self) -> str:
        return "分配" if self.number == 1 else f"补充批次{self.number - 1}"

    @property
    def occasion(self) -> str:
        """Name the batch to the ticks of its second looks."""
        return f"{self.year}年绩效{self.number}"


class PerformanceShare(models.Model):
    """绩效明细: one person's part of a batch, with what it was divided by and to whom it is paid (rules 6.3, 7.9).

    ``share`` is paid by this batch alone; a supplementary batch's may be below zero. Money in yuan.
    """

    batch = models.ForeignKey(
        PerformanceBatch, verbose_name="绩效批次", on_delete=models.CASCADE, related_name="shares", db_index=False
    )
    worker = models.ForeignKey(Worker, verbose_name="社区工作者", on_delete=models.PROTECT, related_name="+")
    id_number = models.CharField("身份证号", max_length=18)
    name = models.CharField("姓名", max_length=40)
    community = models.ForeignKey(Region, verbose_name="社区", on_delete=models.PROTECT, related_name="+")
    community_name = models.CharField("社区名称", max_length=60)
    bank_name = models.CharField("开户行", max_length=60, blank=True)
    bank_account = SealedTextField("银行卡号", blank=True)
    accrual = models.DecimalField("计提", max_digits=12, decimal_places=2)
    result = models.CharField("考核等次", max_length=10, choices=choices(Result), blank=True)
    weight = models.DecimalField("权重", max_digits=6, decimal_places=3)
    reason = models.CharField("理由", max_length=200, blank=True)
    share = models.DecimalField("分配额", max_digits=12, decimal_places=2)

    scope_path = "batch__street"

    class Meta:
        verbose_name = verbose_name_plural = "绩效明细"
        ordering = ["batch", "community", "id_number"]
        constraints = [models.UniqueConstraint(fields=["batch", "worker"], name="performance_share_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.share}"
