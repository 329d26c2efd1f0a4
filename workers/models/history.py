"""The dated facts from which a grade is derived. Ends are stored only where they are facts themselves."""

from django.db import models

from songshan_cw.data.fields import MonthField
from songshan_cw.words import periods
from songshan_cw.words.terms import Category, CertificateLevel, Education, Position, Post, choices
from workers.models.people import Worker
from workers.models.regions import Region


class Fact(models.Model):
    """Base of all dated facts of a person."""

    worker = models.ForeignKey(Worker, verbose_name="社区工作者", on_delete=models.PROTECT, related_name="%(class)ss")

    scope_path = "worker__standing__street"

    class Meta:
        abstract = True


class PostAssignment(Fact):
    """任职: post and community from this day until the next row (S 二(五)1)."""

    start = models.DateField("任职日期", help_text="岗位变动从次月起计薪；首次任职从聘用当月起。")
    community = models.ForeignKey(
        Region,
        verbose_name="社区",
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"level": "community"},
    )
    post = models.CharField("岗位", max_length=10, choices=choices(Post))
    position = models.CharField("职务", max_length=10, choices=choices(Position))
    dual = models.BooleanField("一肩挑", default=False, help_text="书记、主任一人担任；仅正职（二(五)4(2)）。")
    document_no = models.CharField("文号", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        ordering = ["worker", "start"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "start"],
                name="post_once_a_day",
                violation_error_message="同一天已有任职记录。",
            ),
            models.CheckConstraint(
                condition=models.Q(dual=False) | models.Q(post=Post.CHIEF.value),
                name="dual_is_chief",
                violation_error_message="一肩挑仅适用于正职。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start} {self.community} {self.post}"


class CategoryRecord(Fact):
    """人员类别: a change of category, from this day until the next row (S 二(一)). That of the hiring is Worker's."""

    start = models.DateField("起始日期", help_text="纳入体系的当月起发放；退出体系的，发到在体系内最后一天所在的月份。")
    category = models.CharField("人员类别", max_length=10, choices=choices(Category))
    document_no = models.CharField("文号", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "人员类别变动"
        ordering = ["worker", "start"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "start"],
                name="category_once_a_day",
                violation_error_message="同一天已有人员类别记录。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.start} {self.category}"


class EducationRecord(Fact):
    """学历提升: a degree earned in service (S 二(五)4(3))."""

    level = models.CharField("学历", max_length=10, choices=choices(Education))
    earned_on = models.DateField("取得日期", help_text="次月起调整等级。")
    school = models.CharField("毕业院校", max_length=60, blank=True)
    major = models.CharField("专业", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "学历"
        ordering = ["worker", "earned_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "level"], name="degree_once", violation_error_message="该学历已登记。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.earned_on} {self.level}"


class Certificate(Fact):
    """职业资格证书 (S 二(五)2(3))."""

    level = models.CharField("证书等级", max_length=10, choices=choices(CertificateLevel))
    approved_on = models.DateField("批准日期", help_text="次月起发放职业津贴。")
    number = models.CharField("证书编号", max_length=60, blank=True)
    ended_on = models.DateField(
        "失效日期",
        null=True,
        blank=True,
        help_text="注销或失效的最后一天；津贴发到当月，以前已发的不扣回。留空表示有效。",
    )

    class Meta:
        verbose_name = verbose_name_plural = "证书"
        ordering = ["worker", "approved_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "level"],
                name="certificate_once",
                violation_error_message="该等级证书已登记。",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on=None) | models.Q(ended_on__gte=models.F("approved_on")),
                name="certificate_ends_after_approval",
                violation_error_message="证书失效日期不能早于批准日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.approved_on} {self.level}"


class ServiceGap(Fact):
    """中断服务: an interruption, first and last day included. Without a last day it is open (S 二(五)4(1))."""

    first_day = models.DateField("开始日期")
    last_day = models.DateField("结束日期", null=True, blank=True, help_text="含当日；留空表示仍在中断。")
    reason = models.CharField("原因", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "中断服务"
        ordering = ["worker", "first_day"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "first_day"],
                name="gap_once_a_day",
                violation_error_message="该开始日期已有中断记录。",
            ),
            models.CheckConstraint(
                condition=models.Q(last_day=None) | models.Q(last_day__gte=models.F("first_day")),
                name="gap_ends_after_start",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day}至{self.last_day or '今'}"


class Placement(Fact):
    """定级核定: an official decision that sets the credited service in a month (S 二(三)2)."""

    month = MonthField("核定月份")
    credited_months = models.PositiveIntegerField("核定工作年限(月)", help_text="按月填写，4.5年为54。")
    document_no = models.CharField("文号", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "定级核定"
        ordering = ["worker", "month"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "month"],
                name="placement_once_a_month",
                violation_error_message="该月已有定级核定。",
            )
        ]

    def __str__(self) -> str:
        return f"{periods.label(self.month)} {self.credited_months}个月"


class Exit(models.Model):
    """离职: the last day of service; pay stops from the next month (S 二(五)4(2))."""

    worker = models.OneToOneField(Worker, verbose_name="社区工作者", on_delete=models.PROTECT, related_name="exit")
    left_on = models.DateField("离职日期")
    reason = models.CharField("原因", max_length=100)
    document_no = models.CharField("文号", max_length=60, blank=True)

    scope_path = "worker__standing__street"

    class Meta:
        verbose_name = verbose_name_plural = "离职"
        ordering = ["worker"]

    def __str__(self) -> str:
        return f"{self.left_on} {self.reason}"
