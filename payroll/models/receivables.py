"""Money owed back: what a slip below zero leaves, and how it is settled (rules 5.8)."""

from decimal import Decimal

from django.conf import settings
from django.db import models

from payroll.models.ledger import Payslip
from payroll.models.performance import PerformanceShare
from songshan_cw.data.fields import MonthField
from songshan_cw.words import periods
from songshan_cw.words.terms import Settled, choices
from workers.models import Region, Worker


class Receivable(models.Model):
    """应收款: one debt of a person, in yuan, that arose with a final slip or share below zero. Append-only."""

    worker = models.ForeignKey(Worker, verbose_name="社区工作者", on_delete=models.PROTECT, related_name="receivables")
    street = models.ForeignKey(Region, verbose_name="街道(乡镇)", on_delete=models.PROTECT, related_name="+")
    arose = MonthField("发生月份")
    amount = models.DecimalField("金额", max_digits=12, decimal_places=2)
    payslip = models.OneToOneField(
        Payslip, verbose_name="工资条", null=True, on_delete=models.PROTECT, related_name="receivable"
    )
    share = models.OneToOneField(
        PerformanceShare, verbose_name="绩效明细", null=True, on_delete=models.PROTECT, related_name="receivable"
    )

    scope_path = "street"

    class Meta:
        verbose_name = verbose_name_plural = "应收款"
        ordering = ["arose", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0),
                name="receivable_positive",
                violation_error_message="应收款应大于0。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worker} {periods.label_zh(self.arose)} {self.amount}元"


class ReceivableEntry(models.Model):
    """应收款结清: a part of a debt that was offset by a slip, repaid, or written off. Append-only. Yuan."""

    receivable = models.ForeignKey(
        Receivable, verbose_name="应收款", on_delete=models.PROTECT, related_name="entries", db_index=True
    )
    kind = models.CharField("方式", max_length=10, choices=choices(Settled))
    amount = models.DecimalField("金额", max_digits=12, decimal_places=2)
    payslip = models.ForeignKey(
        Payslip, verbose_name="工资条", null=True, on_delete=models.PROTECT, related_name="recoveries"
    )
    reason = models.CharField("原因", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="办理人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("办理时间")

    scope_path = "receivable__street"

    class Meta:
        verbose_name = verbose_name_plural = "应收款结清"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0),
                name="receivable_entry_positive",
                violation_error_message="结清的金额应大于0。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


def open_of(receivable: Receivable) -> Decimal:
    """Return what of a debt is still open, in yuan; its entries are read."""
    return receivable.amount - sum((entry.amount for entry in receivable.entries.all()), Decimal(0))
