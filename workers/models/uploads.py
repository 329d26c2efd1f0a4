"""Uploaded workbooks that are not confirmed yet."""

from enum import StrEnum

from django.conf import settings
from django.db import models

from songshan_cw.words.terms import choices
from workers.models.jobs import Job
from workers.models.records import WorkbookImport


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
