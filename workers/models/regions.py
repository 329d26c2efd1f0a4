from django.core.validators import RegexValidator
from django.db import models

from songshan_cw.words.terms import RegionLevel

LEVEL_LABELS = {
    RegionLevel.PROVINCE: "省(自治区)",
    RegionLevel.CITY: "市(盟)",
    RegionLevel.DISTRICT: "旗县区",
    RegionLevel.STREET: "街道(乡镇)",
    RegionLevel.COMMUNITY: "社区",
}


class Region(models.Model):
    """A node of the administrative tree with its statistical code. The parent's code is a prefix of it."""

    code = models.CharField(
        "区划代码",
        max_length=12,
        primary_key=True,
        validators=[RegexValidator(r"^\d{2,12}$", "区划代码只含数字。")],
    )
    name = models.CharField("名称", max_length=60)
    level = models.CharField("层级", max_length=10, choices=[(k.value, v) for k, v in LEVEL_LABELS.items()])
    parent = models.ForeignKey(
        "self",
        verbose_name="上级区划",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )

    scope_path = ""

    class Meta:
        verbose_name = verbose_name_plural = "区划"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                name="region_name_once",
                violation_error_message="同一上级下已有同名区划。",
            ),
            models.CheckConstraint(
                condition=models.Q(level="province", parent=None)
                | ~models.Q(level="province") & ~models.Q(parent=None),
                name="region_has_parent",
                violation_error_message="除省(自治区)外，区划必须有上级。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FormerName(models.Model):
    """曾用名: the name a region had up to a day, and the document that changed it (rules 9.7). Append-only."""

    region = models.ForeignKey(Region, verbose_name="区划", on_delete=models.PROTECT, related_name="former_names")
    name = models.CharField("曾用名", max_length=60)
    last_day = models.DateField("使用至")
    document_no = models.CharField("文号", max_length=60)

    scope_path = "region"

    class Meta:
        verbose_name = verbose_name_plural = "曾用名"
        ordering = ["region", "last_day"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "last_day"],
                name="former_name_once_a_day",
                violation_error_message="同一天已经改过名。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（至{self.last_day}）"
