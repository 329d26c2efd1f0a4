"""Background jobs with their parts, and uploaded workbooks that are not confirmed yet."""

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.utils.timezone import localtime

from songshan_cw.data.fields import MonthField, SealedTextField
from songshan_cw.words.terms import choices
from workers.models.records import WorkbookImport
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


class UploadState(StrEnum):
    CHECKING = "检查中"
    PENDING = "待确认"
    IMPORTING = "导入中"
    IMPORTED = "已导入"
    DISCARDED = "已放弃"
    EXPIRED = "已过期"
    UNREAD = "未读入"


class Upload(models.Model):
    """上传的工作簿. ``token`` names the private file; ``preview`` is shown on the page with numbers masked."""

    token = models.CharField("编号", max_length=32, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="上传人", on_delete=models.PROTECT, related_name="+"
    )
    sign_in = models.CharField("登录标记", max_length=64)
    file_name = models.CharField("文件名", max_length=200)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("文件校验值", max_length=64)
    at = models.DateTimeField("上传时间")
    state = models.CharField("状态", max_length=10, choices=choices(UploadState), default=UploadState.PENDING.value)
    preview = models.JSONField("预览", default=dict)
    answers = models.JSONField("对问题的回答", default=dict)
    mended = SealedTextField("在页面改正的单元格", blank=True, default="")
    workbook_import = models.ForeignKey(
        WorkbookImport, verbose_name="导入记录", null=True, on_delete=models.PROTECT, related_name="+"
    )

    job = models.ForeignKey(Job, verbose_name="后台任务", null=True, on_delete=models.PROTECT, related_name="+")

    scope_path = "owner__region"

    class Meta:
        verbose_name = verbose_name_plural = "上传的工作簿"
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "at"], name="upload_state_at")]

    def __str__(self) -> str:
        return self.file_name


class RosterAnswer(models.Model):
    """记住的回答. What a word or head of a roster means, kept for a street, or for a user of no street."""

    street = models.ForeignKey(
        Region, verbose_name="街道", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="用户", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    key = models.CharField("问题", max_length=200)
    answer = models.CharField("回答", max_length=200)
    at = models.DateTimeField("时间")

    scope_path = "street"

    class Meta:
        verbose_name = verbose_name_plural = "记住的回答"
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(
                fields=["street", "key"], condition=models.Q(street__isnull=False), name="rosteranswer_street_key"
            ),
            models.UniqueConstraint(
                fields=["user", "key"], condition=models.Q(street__isnull=True), name="rosteranswer_user_key"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}：{self.answer}"
