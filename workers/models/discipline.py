"""Unexcused absence, and the calendar of working days."""

from django.db import models

from songshan_cw.words.terms import DayOff, RegionLevel, choices
from workers.models.history import Fact
from workers.models.regions import Region


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
