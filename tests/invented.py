"""Components of pay that only tests know, to prove that nothing shows pay by components of its own."""

from decimal import Decimal

import pytest

from payroll.models import PayLine, PayrollRun, Payslip
from payroll.rules.columns import Column, PayColumns
from songshan_cw.words import components
from songshan_cw.words.components import Kind, PayComponent
from songshan_cw.words.money import ZERO
from songshan_cw.words.periods import Month

DUES, FUND = "工会会费", "工会经费"


def register(patch: pytest.MonkeyPatch) -> None:
    """A deduction and an employer's share, and runs that add up their lines."""
    dues = PayComponent(DUES, Kind.DEDUCTED, "union_dues")
    fund = PayComponent(FUND, Kind.EMPLOYER, "union_fund")
    patch.setattr(components, "TABLE", [*components.TABLE, dues, fund])
    patch.setattr(PayrollRun, "sums", property(_sums_of_lines))


def add_line(slip: Payslip, month: Month, component: str, amount: str) -> None:
    whose = {"payslip": slip, "worker_id": slip.worker_id, "for_month": month}
    given = {"component": component, "amount": Decimal(amount), "already_paid": ZERO, "clause": "工会章程"}
    PayLine.objects.create(**whose, **given)


def _sums_of_lines(run: PayrollRun) -> dict[Column, Decimal]:
    lines = PayLine.objects.filter(payslip__run=run).values_list("for_month", "component", "amount")
    return PayColumns().sums(lines, run.month)
