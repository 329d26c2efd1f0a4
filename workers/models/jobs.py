"""Background jobs and their parts."""

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.utils.timezone import localtime

from songshan_cw.data.fields import MonthField
from songshan_cw.words.terms import choices
from workers.models.regions import Region


class JobKind(StrEnum):
    COMPUTE = "计算工资"
    CHECK = "检查工作簿"
    IMPORT = "导入工作簿"


class PartState(StrEnum):
    WAITING = "等待"
    DONE = "完成"
    FAILED = "未完成"


class Job(models.Model):
    """后台任务: who requested what. Its progress is that of its parts."""

    kind = models.CharField("事项", max_length=10, choices=choices(JobKind))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="提交人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    region = models.ForeignKey(Region, verbose_name="范围", null=True, on_delete=models.PROTECT, related_name="+")
    month = MonthField("月份", null=True)
    created_at = models.DateTimeField("提交时间")

    scope_path = "region"

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {localtime(self.created_at):%Y-%m-%d %H:%M}"


class JobPart(models.Model):
    """任务分项: the work for one street or upload. Its row stays locked while it runs, so that it runs once."""

    job = models.ForeignKey(Job, verbose_name="后台任务", on_delete=models.CASCADE, related_name="parts")
    key = models.CharField("编号", max_length=32)
    name = models.CharField("名称", max_length=60)
    state = models.CharField("状态", max_length=10, choices=choices(PartState), default=PartState.WAITING.value)
    message = models.CharField("结果", max_length=300, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True)

    scope_path = "job__region"

    class Meta:
        verbose_name = verbose_name_plural = "任务分项"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["job", "key"], name="job_part_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"
