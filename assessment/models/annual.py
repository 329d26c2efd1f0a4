"""A year's assessment: the community's proposal, the street's decision, and more 优秀 granted by the bureau."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from songshan_cw.words.terms import Result, choices
from workers.models import Region, Worker

SCORE = {"max_digits": 5, "decimal_places": 2, "validators": [MinValueValidator(0), MaxValueValidator(100)]}


class AnnualAssessment(models.Model):
    """年度考核: one decided result per person and year (rules 8.1).

    A row without ``decided_at`` was imported: it was decided on paper.
    """

    worker = models.ForeignKey(Worker, verbose_name="社区工作者", on_delete=models.PROTECT, related_name="assessments")
    year = models.PositiveSmallIntegerField("年度", validators=[MinValueValidator(1980), MaxValueValidator(2100)])
    result = models.CharField("等次", max_length=10, choices=choices(Result))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="确定人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    decided_at = models.DateTimeField("确定时间", null=True, editable=False)
    filed_on = models.DateField("备案日期", null=True, editable=False)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="备案人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )

    scope_path = "worker__standing__street"

    class Meta:
        verbose_name = verbose_name_plural = "年度考核"
        ordering = ["worker", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "year"],
                name="assessment_once_a_year",
                violation_error_message="该年度考核已登记。",
            )
        ]
        indexes = [models.Index(fields=["year", "result"], name="assessment_year_result")]

    def __str__(self) -> str:
        return f"{self.year}年度 {self.result}"


class AssessmentProposal(models.Model):
    """考核建议: the community's scores and suggested result, on which the street decides (rules 8.1; S 二(四)4)."""

    worker = models.ForeignKey(
        Worker, verbose_name="社区工作者", on_delete=models.PROTECT, related_name="assessment_proposals"
    )
    year = models.PositiveSmallIntegerField("年度", validators=[MinValueValidator(1980), MaxValueValidator(2100)])
    everyday = models.DecimalField("日常考核", **SCORE)
    yearly = models.DecimalField("年度考核", **SCORE)
    satisfaction = models.DecimalField("居民满意度", **SCORE)
    total = models.DecimalField("总分", editable=False, **SCORE)
    result = models.CharField("建议等次", max_length=10, choices=choices(Result))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+", editable=False
    )
    proposed_at = models.DateTimeField("登记时间", editable=False)

    scope_path = "worker__standing__street"

    class Meta:
        verbose_name = verbose_name_plural = "考核建议"
        ordering = ["worker", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "year"],
                name="proposal_once_a_year",
                violation_error_message="该年度的考核建议已登记。",
            ),
            models.CheckConstraint(
                condition=models.Q(everyday__range=(0, 100), yearly__range=(0, 100), satisfaction__range=(0, 100)),
                name="scores_up_to_hundred",
                violation_error_message="各项得分应在0至100之间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年度建议 {self.result}"


class ShareException(models.Model):
    """优秀名额放宽: more 优秀 granted by the bureau to a street in a year, with a reason (rules 8.2)."""

    street = models.ForeignKey(
        Region,
        verbose_name="街道(乡镇)",
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"level": "street"},
    )
    year = models.PositiveSmallIntegerField("年度")
    extra = models.PositiveSmallIntegerField("增加人数", validators=[MinValueValidator(1)])
    reason = models.CharField("理由", max_length=200)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="批准人", on_delete=models.PROTECT, related_name="+", editable=False
    )
    granted_at = models.DateTimeField("批准时间", editable=False)

    scope_path = "street"

    class Meta:
        verbose_name = verbose_name_plural = "优秀名额放宽"
        ordering = ["street", "year", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(extra__gte=1) & ~models.Q(reason=""),
                name="share_exception_with_reason",
                violation_error_message="放宽名额须写明人数和理由。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.street} {self.year}年度增加{self.extra}人"
