"""Totals that refuse to differ: slips against the run, the run against the ledger's lines (rules 5.5, 5.6)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.db.models import BigIntegerField, F, Q, Sum
from django.db.models.functions import Cast, Round

from payroll.files.rows import CASH, SlipRow
from payroll.models import PayLine, PayrollRun
from songshan_cw.data.refusal import Refused
from songshan_cw.words.money import EXACT, ZERO
from songshan_cw.words.periods import Month, label_zh
from songshan_cw.words.terms import Component


class Totals(NamedTuple):
    """People and yuan of a community, a street or an area, in the order of the sheet's columns."""

    people: int = 0
    base_pay: Decimal = ZERO
    allowance: Decimal = ZERO
    arrears: Decimal = ZERO
    gross_pay: Decimal = ZERO
    performance_accrual: Decimal = ZERO

    def with_slip(self, slip: SlipRow) -> "Totals":
        return Totals(self.people + 1, *map(EXACT.add, self.amounts, slip.amounts))

    def plus(self, other: "Totals") -> "Totals":
        return Totals(self.people + other.people, *map(EXACT.add, self.amounts, other.amounts))

    @property
    def amounts(self) -> tuple[Decimal, ...]:
        return self[1:]


AMOUNT_LABELS = ("基本工资", "职业津贴", "补发/扣回", "应发工资", "绩效计提")


class TotalsDiffer(Refused):
    """A sheet would not say what the ledger says; it is not written."""


def totals_of_run(run: PayrollRun) -> Totals:
    """As kept on the run."""
    amounts = (run.base_total, run.allowance_total, run.arrears_total, run.gross_total, run.performance_total)
    return Totals(run.headcount, *amounts)


def require_run_totals(run: PayrollRun, found: Totals) -> None:
    """The slips written add up to the run, in people and in every column."""
    kept = totals_of_run(run)
    if kept.people != found.people:
        raise TotalsDiffer(_message(run, "人数", f"{found.people}人", f"{kept.people}人"))
    for label, here, there in zip(AMOUNT_LABELS, found.amounts, kept.amounts, strict=True):
        if here != there:
            raise TotalsDiffer(_message(run, label, f"{here:,.2f}元", f"{there:,.2f}元"))


def require_ledger(runs: Sequence[PayrollRun], month: Month) -> None:
    """The runs' totals are the sums of their ledger lines, one statement for all of them."""
    sums = dict(_line_sums([run.pk for run in runs], month))
    for run in runs:
        kept = totals_of_run(run)
        base, allowance, arrears, performance = sums.get(run.pk, (ZERO, ZERO, ZERO, ZERO))
        ledger = (base, allowance, arrears, EXACT.add(EXACT.add(base, allowance), arrears), performance)
        for label, there, here in zip(AMOUNT_LABELS, kept.amounts, ledger, strict=True):
            if here != there:
                raise TotalsDiffer(_message(run, label, f"{here:,.2f}元（明细）", f"{there:,.2f}元"))


def _line_sums(run_ids: list[int], month: Month) -> Iterator[tuple[int, tuple[Decimal, ...]]]:
    """Run → base, allowance and performance of the month itself, and cash for earlier months.

    Summed as whole cents: SQLite would add up binary reals.
    """
    own = Q(for_month=month)
    cents = Cast(Round(F("amount") * 100), BigIntegerField())
    rows = (
        PayLine.objects.filter(payslip__run__in=run_ids)
        .order_by()
        .values_list("payslip__run_id")
        .annotate(
            base=Sum(cents, filter=own & Q(component=Component.BASE.value), default=0),
            allowance=Sum(cents, filter=own & Q(component=Component.ALLOWANCE.value), default=0),
            arrears=Sum(cents, filter=~own & Q(component__in=CASH), default=0),
            performance=Sum(cents, filter=own & Q(component=Component.PERFORMANCE.value), default=0),
        )
    )
    for run_id, *amounts in rows:
        yield run_id, tuple(EXACT.scaleb(Decimal(amount), -2) for amount in amounts)


def _message(run: PayrollRun, label: str, found: str, kept: str) -> str:
    return (
        f"{run.street.name}{label_zh(run.month)}：{label}合计{found}，与批次合计{kept}不一致，没有写出文件。"
        "批次若正在重新计算，请稍后再导出；否则请重新计算该批次，已审核的请联系系统管理员核对台账。"
    )
