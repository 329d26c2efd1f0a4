"""Year-end performance pay: what a street sets before the pool is divided (rules 6)."""

from django.core.validators import MinValueValidator
from django.db import models

from songshan_cw.words.terms import Result, choices
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
