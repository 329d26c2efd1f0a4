"""Contracts, secondments and trainings: facts that do not move the grade."""

from django.core.validators import MinValueValidator
from django.db import models

from workers.models.history import Fact


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
        indexes = [models.Index(fields=["end"], name="contract_end")]

    def __str__(self) -> str:
        return f"{self.start}至{self.end or '无固定期限'}"


class Secondment(Fact):
    """借调 (S 二(四)2)."""

    body = models.CharField("借调单位", max_length=60)
    start = models.DateField("开始日期")
    end = models.DateField("结束日期", null=True, blank=True, help_text="留空表示尚未返回。")
    reason = models.CharField("原因", max_length=100, blank=True)

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

    def __str__(self) -> str:
        return f"{self.body} {self.start}至{self.end or '今'}"


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
