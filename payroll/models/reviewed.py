"""What the bureau reviews: a month's run or a batch of performance pay."""

from django.conf import settings
from django.db import models

from songshan_cw.words.terms import RunState, choices


class Reviewed(models.Model):
    """Hold the state of what a street submits and the bureau approves or returns, and who did which (rules 7)."""

    state = models.CharField("状态", max_length=10, choices=choices(RunState), default=RunState.DRAFT.value)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="提交人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField("提交时间", null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="审核人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField("审核时间", null=True)
    return_reason = models.CharField("退回原因", max_length=200, blank=True)

    class Meta:
        abstract = True
