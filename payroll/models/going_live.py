"""The month with which a district begins to be paid here (rules 7.8)."""

from django.conf import settings
from django.db import models

from songshan_cw.data.fields import MonthField
from songshan_cw.words import periods
from songshan_cw.words.terms import RegionLevel
from workers.models import Region


class GoLive(models.Model):
    """启用月份 of a district: months before it were paid elsewhere, so there is no run for them."""

    district = models.OneToOneField(
        Region, verbose_name="旗县区", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    month = MonthField("启用月份")
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="设定人", on_delete=models.PROTECT, related_name="+"
    )
    set_at = models.DateTimeField("设定时间")

    scope_path = "district"
    scope_level = RegionLevel.DISTRICT

    class Meta:
        verbose_name = verbose_name_plural = "启用月份"

    def __str__(self) -> str:
        return f"{self.district} {periods.label(self.month)}"
