"""The last full recomputation of a district's closed months (rules 5.6)."""

from django.conf import settings
from django.db import models

from songshan_cw.words.terms import RegionLevel
from workers.models import Region


class Reconciliation(models.Model):
    """台账核对: its newest result of a district. ``differences`` are rows as ``reconcile --json`` gives them."""

    district = models.OneToOneField(
        Region, verbose_name="旗县区", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("核对时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="核对人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    people = models.PositiveIntegerField("人数")
    months = models.PositiveIntegerField("人月数")
    differences = models.JSONField("差额", default=list)

    scope_path = "district"
    scope_level = RegionLevel.DISTRICT

    class Meta:
        verbose_name = verbose_name_plural = "台账核对"

    def __str__(self) -> str:
        return f"{self.district} {len(self.differences)}处差额"
