from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from songshan_cw.words.terms import Result, choices
from workers.models import Worker


class AnnualAssessment(models.Model):
    """年度考核: one decided result per person and year (rules 8.1).

    One without ``decided_at`` came by workbook: history, decided on paper.
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
