"""What the bureau has looked at before it approves (rules 7.7)."""

from django.conf import settings
from django.db import models

from workers.models import Region


class ReviewTick(models.Model):
    """复核勾选: one fact that decides pay, seen by a second person. Append-only.

    ``occasion`` names the run or batch (``2026-11``, ``2026年绩效1``); ``key`` names the fact with its content, so that
    a tick counts while the fact stays as it was, however often the draft is computed again.
    """

    street = models.ForeignKey(Region, verbose_name="街道(乡镇)", on_delete=models.PROTECT, related_name="+")
    occasion = models.CharField("批次", max_length=20)
    key = models.CharField("事项", max_length=120)
    text = models.CharField("内容", max_length=300)
    ticked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="复核人", on_delete=models.PROTECT, related_name="+"
    )
    ticked_at = models.DateTimeField("复核时间")

    scope_path = "street"

    class Meta:
        verbose_name = verbose_name_plural = "复核勾选"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["street", "occasion", "key"], name="review_tick_once")]

    def __str__(self) -> str:
        return f"{self.occasion} {self.text}"
