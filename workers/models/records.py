"""Append-only records of imports, changes and access to private data (rules 10.6)."""

from django.conf import settings
from django.db import models
from django.utils.timezone import localtime

from songshan_cw.data.fields import SealedTextField
from workers.models.people import Worker
from workers.models.regions import Region


class WorkbookImport(models.Model):
    """人事工作簿导入: one confirmed import: user, file digest and result."""

    at = models.DateTimeField("时间", auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="操作人", null=True, blank=True, on_delete=models.PROTECT
    )
    file_name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("文件校验值", max_length=64)
    row_count = models.PositiveIntegerField("行数")
    created_count = models.PositiveIntegerField("新增")
    updated_count = models.PositiveIntegerField("更新")
    unchanged_count = models.PositiveIntegerField("未变")

    scope_path = "actor__region"

    class Meta:
        verbose_name = verbose_name_plural = "导入记录"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.file_name}（{self.row_count}行）"

    @property
    def may_be_undone(self) -> bool:
        return bool(self.created_count or self.updated_count) and not hasattr(self, "undone")


class ImportedRows(models.Model):
    """导入留底: what one batch of an import wrote, with the values before, so that it can be taken back whole.

    ``content`` is a JSON list of ``[model, key, values before or null, values after]``, encrypted.
    """

    workbook_import = models.ForeignKey(
        WorkbookImport, verbose_name="导入", on_delete=models.CASCADE, related_name="batches"
    )
    content = SealedTextField("内容")

    scope_path = "workbook_import__actor__region"

    class Meta:
        verbose_name = verbose_name_plural = "导入留底"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.workbook_import}"


class UndoneImport(models.Model):
    """导入撤回: who took an import back, and when."""

    workbook_import = models.OneToOneField(
        WorkbookImport, verbose_name="导入", primary_key=True, on_delete=models.PROTECT, related_name="undone"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="操作人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    scope_path = "workbook_import__actor__region"

    class Meta:
        verbose_name = verbose_name_plural = "导入撤回"

    def __str__(self) -> str:
        return f"撤回{self.workbook_import}"


class Change(models.Model):
    """变更记录: one change of one record, with each field's old and new value.

    ``items`` is a list of ``[record, key, field, old, new]`` as shown to users. Private values are masked before they
    are stored. Written by services only.
    """

    at = models.DateTimeField("时间", auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="操作人", null=True, blank=True, on_delete=models.PROTECT
    )
    workbook_import = models.ForeignKey(
        WorkbookImport, verbose_name="导入", null=True, blank=True, on_delete=models.PROTECT
    )
    worker = models.ForeignKey(
        Worker,
        verbose_name="社区工作者",
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,  # no constraint: deleting a person must not alter the trail
        db_constraint=False,
        related_name="changes",
    )
    street = models.ForeignKey(Region, verbose_name="所属区划", null=True, blank=True, on_delete=models.PROTECT)
    subject = models.CharField("对象", max_length=100)
    items = models.JSONField("内容", default=list)
    reason = models.CharField("原因", max_length=200, blank=True)
    # Null, so that SQLite adds the column without making the table, and its triggers, anew.
    channel = models.CharField("途径", max_length=80, null=True, blank=True, help_text="空白为网页。")  # noqa: DJ001

    scope_path = "street"

    class Meta:
        verbose_name = verbose_name_plural = "变更记录"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{localtime(self.at):%Y-%m-%d %H:%M} {self.subject}"


class PrivateAccess(models.Model):
    """查看记录: access to whole ID, phone or account numbers, or to a file of an archive.

    It concerns one person (``worker``), everybody in a ``region``, or everybody.
    """

    at = models.DateTimeField("时间", auto_now_add=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="操作人", on_delete=models.PROTECT)
    what = models.CharField("内容", max_length=200)
    purpose = models.CharField("用途", max_length=200, blank=True)
    people = models.PositiveIntegerField("人数", default=1)
    worker = models.ForeignKey(
        Worker,
        verbose_name="社区工作者",
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="accesses",
    )
    region = models.ForeignKey(
        Region, verbose_name="范围", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    scope_path = "actor__region"

    class Meta:
        verbose_name = verbose_name_plural = "查看记录"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{localtime(self.at):%Y-%m-%d %H:%M} {self.what}"
