"""The grade table: the annex of coefficients as data, sample or confirmed (rules 3.3)."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from songshan_cw.data.fields import MonthField
from songshan_cw.words import periods
from songshan_cw.words.terms import Post, RegionLevel, TableState, choices
from workers.models import Region


class GradeTable(models.Model):
    """等级系数表 of one district: coefficients, service requirements and base amounts.

    A table is superseded by a newer one, never edited; a run on a sample table is a trial and cannot be approved.
    """

    district = models.ForeignKey(
        Region,
        verbose_name="旗县区",
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"level": "district"},
    )
    state = models.CharField(
        "状态", max_length=10, choices=choices(TableState), default=TableState.SAMPLE.value, editable=False
    )
    name = models.CharField("名称", max_length=100)
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="上传人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="确认人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    document_no = models.CharField("文号", max_length=60, blank=True, editable=False)

    scope_path = "district"
    scope_level = RegionLevel.DISTRICT

    class Meta:
        verbose_name = verbose_name_plural = "等级系数表"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=TableState.CONFIRMED.value)
                | ~models.Q(document_no="") & models.Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="table_confirmed_by_document",
                violation_error_message="确认等级系数表必须写明文号、确认人和时间。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.state}）"


class GradeCoefficient(models.Model):
    """系数 of one grade."""

    table = models.ForeignKey(
        GradeTable, verbose_name="等级系数表", on_delete=models.CASCADE, related_name="coefficients"
    )
    grade = models.PositiveSmallIntegerField("等级", validators=[MinValueValidator(1), MaxValueValidator(18)])
    coefficient = models.DecimalField("系数", max_digits=8, decimal_places=4)

    scope_path = "table__district"
    scope_level = RegionLevel.DISTRICT

    class Meta:
        verbose_name = verbose_name_plural = "系数"
        ordering = ["table", "grade"]
        constraints = [models.UniqueConstraint(fields=["table", "grade"], name="coefficient_once_a_grade")]

    def __str__(self) -> str:
        return f"{self.grade}级 {self.coefficient.normalize():f}"


class StepRequirement(models.Model):
    """年限: the credited months a step of a post needs."""

    table = models.ForeignKey(
        GradeTable, verbose_name="等级系数表", on_delete=models.CASCADE, related_name="requirements"
    )
    post = models.CharField("岗位", max_length=10, choices=choices(Post))
    step = models.PositiveSmallIntegerField("档次", validators=[MinValueValidator(1), MaxValueValidator(12)])
    months = models.PositiveSmallIntegerField("工作年限(月)")

    scope_path = "table__district"
    scope_level = RegionLevel.DISTRICT

    class Meta:
        verbose_name = verbose_name_plural = "年限"
        ordering = ["table", "post", "step"]
        constraints = [models.UniqueConstraint(fields=["table", "post", "step"], name="requirement_once_a_step")]

    def __str__(self) -> str:
        return f"{self.post}{self.step}档 {self.months}个月"


class PayStandard(models.Model):
    """基数: the annual base amount in yuan from a month on."""

    table = models.ForeignKey(GradeTable, verbose_name="等级系数表", on_delete=models.CASCADE, related_name="standards")
    start = MonthField("起始月份")
    annual_base = models.DecimalField("年基数(元)", max_digits=12, decimal_places=2, validators=[MinValueValidator(1)])

    scope_path = "table__district"
    scope_level = RegionLevel.DISTRICT

    class Meta:
        verbose_name = verbose_name_plural = "基数"
        ordering = ["table", "start"]
        constraints = [models.UniqueConstraint(fields=["table", "start"], name="standard_once_a_month")]

    def __str__(self) -> str:
        return f"{periods.label(self.start)} {self.annual_base}元"
