"""Visits, leave, backups and unexcused absence through the year, and the calendar of working days."""

from django.core.validators import MinValueValidator
from django.db import models

from songshan_cw.data.fields import MonthField
from songshan_cw.words import periods
from songshan_cw.words.terms import DayOff, RegionLevel, choices
from workers.models.history import Fact
from workers.models.people import Worker
from workers.models.regions import Region


class Visit(Fact):
    """入户走访: households visited in a month (S 二(四)2)."""

    month = MonthField("月份")
    households = models.PositiveSmallIntegerField("走访户数")

    class Meta:
        verbose_name = verbose_name_plural = "入户走访"
        ordering = ["worker", "month"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "month"], name="visit_once_a_month", violation_error_message="该月走访已登记。"
            )
        ]

    def __str__(self) -> str:
        return f"{periods.label(self.month)} {self.households}户"


class Leave(Fact):
    """休假: leave of a kind listed in the policy, with its working days (S 二(五)3(2))."""

    kind = models.CharField("假别", max_length=20)
    first_day = models.DateField("首日")
    last_day = models.DateField("末日", help_text="含当日。")
    days = models.DecimalField("天数", max_digits=5, decimal_places=1, validators=[MinValueValidator(0)])
    document_no = models.CharField("证明或文号", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "休假"
        ordering = ["worker", "first_day"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "kind", "first_day"], name="leave_once", violation_error_message="该假期已登记。"
            ),
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")),
                name="leave_ends_after_start",
                violation_error_message="末日不能早于首日。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first_day}至{self.last_day}"


class DutyBackup(Fact):
    """AB岗: the person who takes over during an absence (S 二(四)2; O 15)."""

    backup = models.ForeignKey(Worker, verbose_name="B岗", on_delete=models.PROTECT, related_name="+")
    duty = models.CharField("事项", max_length=60)
    start = models.DateField("开始日期")
    end = models.DateField("结束日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "AB岗"
        ordering = ["worker", "duty", "start"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "duty", "start"], name="backup_once", violation_error_message="该事项的B岗已登记。"
            ),
            models.CheckConstraint(
                condition=~models.Q(worker=models.F("backup")),
                name="backup_is_another",
                violation_error_message="A岗和B岗不能是同一人。",
            ),
            models.CheckConstraint(
                condition=models.Q(end=None) | models.Q(end__gte=models.F("start")),
                name="backup_ends_after_start",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty} {self.start}起"


class Absence(Fact):
    """旷工: absence without leave, first and last day included (S 二(四)5; O 23(七))."""

    first_day = models.DateField("首日")
    last_day = models.DateField("末日", help_text="含当日。")
    note = models.CharField("情况说明", max_length=200, blank=True)
    document_no = models.CharField("文号", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "旷工"
        ordering = ["worker", "first_day"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "first_day"],
                name="absence_once_a_day",
                violation_error_message="该首日已有旷工记录。",
            ),
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")),
                name="absence_ends_after_start",
                violation_error_message="末日不能早于首日。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day}至{self.last_day}"


class CalendarDay(models.Model):
    """节假日: a day that differs from its weekday in one district. It overrides the shipped national list."""

    district = models.ForeignKey(
        Region,
        verbose_name="旗县区",
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"level": "district"},
    )
    day = models.DateField("日期")
    kind = models.CharField("安排", max_length=10, choices=choices(DayOff))
    name = models.CharField("名称", max_length=40)
    document_no = models.CharField("文号", max_length=60, blank=True)

    scope_path = "district"
    scope_level = RegionLevel.DISTRICT

    class Meta:
        verbose_name = verbose_name_plural = "节假日安排"
        ordering = ["district", "day"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "day"], name="calendar_day_once", violation_error_message="该日期已有安排。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.name}"
