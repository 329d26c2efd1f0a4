"""Seals: each carries a digest of what it covers and of the seal before it, so that nothing moves unnoticed."""

from django.db import models

from payroll.models.ledger import PayrollRun
from payroll.models.performance import PerformanceBatch


class RunSeal(models.Model):
    """批次封印: written with the approval; one chain for each district, in the order of approval."""

    run = models.OneToOneField(
        PayrollRun, verbose_name="工资批次", primary_key=True, on_delete=models.PROTECT, related_name="seal"
    )
    district = models.CharField("旗县区", max_length=6)
    number = models.PositiveIntegerField("序号")
    previous = models.CharField("上一封印", max_length=64, blank=True)
    digest = models.CharField("校验值", max_length=64)
    version = models.PositiveSmallIntegerField("格式", default=1, help_text="封印所涵盖内容的写法。")

    scope_path = "run__street"

    class Meta:
        verbose_name = verbose_name_plural = "批次封印"
        ordering = ["district", "number"]
        constraints = [models.UniqueConstraint(fields=["district", "number"], name="run_seal_once_a_number")]

    def __str__(self) -> str:
        return f"第{self.number}号 {self.digest[:16]}"


class TrailSeal(models.Model):
    """留痕封印: covers the rows of one trail after the seal before it, up to and with ``last_id``."""

    trail = models.CharField("留痕", max_length=40)
    number = models.PositiveIntegerField("序号")
    last_id = models.BigIntegerField("末条编号")
    row_count = models.PositiveIntegerField("条数")
    at = models.DateTimeField("封存时间")
    previous = models.CharField("上一封印", max_length=64, blank=True)
    digest = models.CharField("校验值", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "留痕封印"
        ordering = ["trail", "number"]
        constraints = [models.UniqueConstraint(fields=["trail", "number"], name="trail_seal_once_a_number")]

    def __str__(self) -> str:
        return f"{self.trail} 第{self.number}号"


class PerformanceSeal(models.Model):
    """绩效封印: written with the approval of a batch; one chain for each district."""

    batch = models.OneToOneField(
        PerformanceBatch, verbose_name="绩效批次", primary_key=True, on_delete=models.PROTECT, related_name="seal"
    )
    district = models.CharField("旗县区", max_length=6)
    number = models.PositiveIntegerField("序号")
    previous = models.CharField("上一封印", max_length=64, blank=True)
    digest = models.CharField("校验值", max_length=64)

    scope_path = "batch__street"

    class Meta:
        verbose_name = verbose_name_plural = "绩效封印"
        ordering = ["district", "number"]
        constraints = [models.UniqueConstraint(fields=["district", "number"], name="performance_seal_once_a_number")]

    def __str__(self) -> str:
        return f"第{self.number}号 {self.digest[:16]}"
