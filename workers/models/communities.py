"""Households of a community and its committees (S 二(三); O 3)."""

from django.db import models

from songshan_cw.words.terms import Committee, choices
from workers.models.history import Fact
from workers.models.regions import Region


class CommunityProfile(models.Model):
    """社区概况: resident households from a day until the next row."""

    community = models.ForeignKey(
        Region,
        verbose_name="社区",
        on_delete=models.PROTECT,
        related_name="profiles",
        limit_choices_to={"level": "community"},
    )
    since = models.DateField("自")
    households = models.PositiveIntegerField("常住户数")
    source = models.CharField("数据来源", max_length=60, blank=True)

    scope_path = "community__parent"

    class Meta:
        verbose_name = verbose_name_plural = "社区概况"
        ordering = ["community", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "since"],
                name="profile_once_a_day",
                violation_error_message="该社区当天已有概况。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.community} {self.since} {self.households}户"


class CommitteeSeat(Fact):
    """两委任职: a seat on one of the two committees. Seats on both count as 交叉任职 (S 二(三)4)."""

    community = models.ForeignKey(
        Region,
        verbose_name="社区",
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"level": "community"},
    )
    committee = models.CharField("组织", max_length=10, choices=choices(Committee))
    local = models.BooleanField("属地居民", default=False, help_text="本社区居民（二(三)1）。")
    start = models.DateField("任职日期")
    end = models.DateField("卸任日期", null=True, blank=True, help_text="含当日；留空表示在任。")

    class Meta:
        verbose_name = verbose_name_plural = "两委任职"
        ordering = ["worker", "start"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "committee", "start"],
                name="seat_once",
                violation_error_message="该日任职已登记。",
            ),
            models.CheckConstraint(
                condition=models.Q(end=None) | models.Q(end__gte=models.F("start")),
                name="seat_ends_after_start",
                violation_error_message="卸任日期不能早于任职日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community} {self.committee} {self.start}起"


class PartyWorker(Fact):
    """专职党务工作者: full-time party work for the community over a span of days (S 二(三)1; O 3)."""

    community = models.ForeignKey(
        Region,
        verbose_name="社区",
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"level": "community"},
    )
    start = models.DateField("开始日期")
    end = models.DateField("结束日期", null=True, blank=True, help_text="含当日；留空表示仍在岗。")

    class Meta:
        verbose_name = verbose_name_plural = "专职党务工作者"
        ordering = ["worker", "start"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "start"],
                name="party_worker_once_a_day",
                violation_error_message="该开始日期已登记。",
            ),
            models.CheckConstraint(
                condition=models.Q(end=None) | models.Q(end__gte=models.F("start")),
                name="party_worker_ends_after_start",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community} {self.start}起"
