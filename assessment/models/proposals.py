from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from songshan_cw.words.terms import Result, choices
from workers.models import Worker

SCORE = {"max_digits": 5, "decimal_places": 2, "validators": [MinValueValidator(0), MaxValueValidator(100)]}


class AssessmentProposal(models.Model):
    """考核建议: the community's scores and suggestion; the street decides on it (rules 8.1; S 二(四)4)."""

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
