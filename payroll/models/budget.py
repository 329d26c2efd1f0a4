"""The income floor and budgets of coming years (rules 7.4, 7.5)."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from songshan_cw.data.fields import MonthField
from songshan_cw.words import periods
from songshan_cw.words.money import total
from songshan_cw.words.terms import RegionLevel, RunState, choices
from workers.models import Region

PAY_PARTS = ("基本工资", "职业津贴", "绩效工资")  # what pay takes in a budget, in the order of its amounts
MONTH_PARTS = (*PAY_PARTS, "单位缴费")
YEAR_PARTS = (*MONTH_PARTS, "培训经费")


class DisposableIncome(models.Model):
    """城镇居民人均可支配收入 of a district and year, as published."""

    district = models.ForeignKey(Region, verbose_name="旗县区", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    amount = models.DecimalField("人均可支配收入(元)", max_digits=12, decimal_places=2)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="录入人", on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField("录入时间")

    scope_path = "district"
    scope_level = RegionLevel.DISTRICT

    class Meta:
        verbose_name = verbose_name_plural = "人均可支配收入"
        ordering = ["district", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["district", "year"], name="income_once_a_year"),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0), name="income_positive", violation_error_message="收入应大于0。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年 {self.amount}元"


class BudgetBasis(models.Model):
    """经费测算依据 of a district and year: values the replay cannot know. ``insurance_rate`` in per cent of pay."""

    district = models.ForeignKey(Region, verbose_name="旗县区", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    insurance_rate = models.DecimalField(
        "单位缴费比例(%)", max_digits=5, decimal_places=2, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    training_per_head = models.DecimalField(
        "人均培训经费(元)", max_digits=9, decimal_places=2, validators=[MinValueValidator(0)]
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="录入人", on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField("录入时间")

    scope_path = "district"
    scope_level = RegionLevel.DISTRICT

    class Meta:
        verbose_name = verbose_name_plural = "经费测算依据"
        ordering = ["district", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["district", "year"], name="basis_once_a_year"),
            models.CheckConstraint(
                condition=models.Q(insurance_rate__gte=0, insurance_rate__lte=100, training_per_head__gte=0),
                name="basis_sensible",
                violation_error_message="缴费比例应在0至100之间，培训经费不能小于0。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年 {self.insurance_rate}% {self.training_per_head}元"


class Budget(models.Model):
    """经费预算 of one street and year, with what it was computed from. Once approved it is final. Money in yuan."""

    street = models.ForeignKey(Region, verbose_name="街道(乡镇)", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    state = models.CharField("状态", max_length=10, choices=choices(RunState), default=RunState.DRAFT.value)
    trial = models.BooleanField("试算")
    insurance_rate = models.DecimalField("单位缴费比例(%)", max_digits=5, decimal_places=2)
    training_per_head = models.DecimalField("人均培训经费(元)", max_digits=9, decimal_places=2)
    headcount = models.PositiveIntegerField("人数")
    base_total = models.DecimalField("基本工资", max_digits=14, decimal_places=2)
    allowance_total = models.DecimalField("职业津贴", max_digits=14, decimal_places=2)
    performance_total = models.DecimalField("绩效工资", max_digits=14, decimal_places=2)
    insurance_total = models.DecimalField("单位缴费", max_digits=14, decimal_places=2)
    training_total = models.DecimalField("培训经费", max_digits=14, decimal_places=2)
    computed_at = models.DateTimeField("测算时间")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="提交人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField("提交时间", null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="审核人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField("审核时间", null=True)
    return_reason = models.CharField("退回原因", max_length=200, blank=True)

    scope_path = "street"

    class Meta:
        verbose_name = verbose_name_plural = "经费预算"
        ordering = ["-year", "street"]
        constraints = [
            models.UniqueConstraint(fields=["street", "year"], name="budget_once_a_year"),
            models.CheckConstraint(
                condition=~models.Q(state=RunState.APPROVED.value)
                | models.Q(trial=False, approved_by__isnull=False, approved_at__isnull=False)
                & models.Q(submitted_by__isnull=False)
                & ~models.Q(approved_by=models.F("submitted_by")),
                name="budget_four_eyes",
                violation_error_message="预算须由提交人以外的人审核，试算不能审核通过。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.street}{self.year}年经费预算"

    @property
    def amounts(self) -> tuple[Decimal, ...]:
        """In the order of ``PAY_PARTS``, then insurance and training."""
        pay = (self.base_total, self.allowance_total, self.performance_total)
        return (*pay, self.insurance_total, self.training_total)

    @property
    def grand_total(self) -> Decimal:
        return total(self.amounts)


class BudgetMonth(models.Model):
    """预算分月: one month of a budget, without training funds."""

    budget = models.ForeignKey(Budget, verbose_name="经费预算", on_delete=models.CASCADE, related_name="months")
    month = MonthField("月份")
    headcount = models.PositiveIntegerField("人数")
    promoted = models.PositiveIntegerField("晋级人数")
    base = models.DecimalField("基本工资", max_digits=14, decimal_places=2)
    allowance = models.DecimalField("职业津贴", max_digits=14, decimal_places=2)
    performance = models.DecimalField("绩效工资", max_digits=14, decimal_places=2)
    insurance = models.DecimalField("单位缴费", max_digits=14, decimal_places=2)

    scope_path = "budget__street"

    class Meta:
        verbose_name = verbose_name_plural = "预算分月"
        ordering = ["budget", "month"]
        constraints = [models.UniqueConstraint(fields=["budget", "month"], name="budget_month_once")]

    def __str__(self) -> str:
        return f"{periods.label_zh(self.month)} {self.headcount}人"

    @property
    def amounts(self) -> tuple[Decimal, ...]:
        """In the order of ``PAY_PARTS``, then insurance."""
        return self.base, self.allowance, self.performance, self.insurance

    @property
    def sum(self) -> Decimal:
        return total(self.amounts)
