from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models

from workers.models import Region


class ShareException(models.Model):
    """优秀名额放宽: the bureau lets a street have more 优秀 in a year, with a reason that stays (rules 8.2)."""

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
