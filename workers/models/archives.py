"""The archive of a person: files by part, honours, and filings of secretaries' archives (S 二(四)6; O 13)."""

from django.conf import settings
from django.db import models

from workers.models.history import Fact


def storage_path(attachment: "Attachment", file_name: str) -> str:
    """Name the file by its content, because original file names may contain personal data."""
    return f"archive/{attachment.sha256[:2]}/{attachment.sha256}"


class Attachment(Fact):
    """附件: one file of an archive part. It is served only through a permission check."""

    part = models.CharField("档案类别", max_length=20)
    title = models.CharField("名称", max_length=100)
    file = models.FileField("文件", upload_to=storage_path)
    content_type = models.CharField("文件类型", max_length=60)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("文件校验值", max_length=64)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="上传人", on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = verbose_name_plural = "档案附件"
        ordering = ["worker", "part", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "part", "sha256"],
                name="attachment_once",
                violation_error_message="这份文件已在该类档案中。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.title}"


class Honour(Fact):
    """表彰荣誉 (O 21; S 二(四)3)."""

    name = models.CharField("荣誉名称", max_length=100)
    level = models.CharField(
        "级别",
        max_length=10,
        choices=[(level, level) for level in ("国家级", "自治区级", "市级", "旗县级", "街道级")],
    )
    awarded_on = models.DateField("授予日期")
    document_no = models.CharField("文号", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "荣誉"
        ordering = ["worker", "awarded_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "name", "awarded_on"],
                name="honour_once",
                violation_error_message="该荣誉已登记。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.awarded_on} {self.name}"


class ArchiveFiling(Fact):
    """档案备案: a secretary's archive filed with the organisation department."""

    filed_with = models.CharField("备案单位", max_length=40)
    filed_on = models.DateField("备案日期")
    document_no = models.CharField("文号", max_length=60, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "档案备案"
        ordering = ["worker", "filed_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "filed_on"], name="filing_once_a_day", violation_error_message="当天已登记备案。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.filed_on} {self.filed_with}"
