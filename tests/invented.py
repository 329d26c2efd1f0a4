"""Components of pay that only tests know, to prove that nothing names a component but its rows and its rule."""

from decimal import Decimal

import pytest

from payroll.models import PayLine, Payslip
from payroll.rules import registry
from payroll.rules.pay import Situation
from payroll.rules.registry import Rule
from songshan_cw.words import components
from songshan_cw.words.components import Kind, PayComponent
from songshan_cw.words.money import ZERO, product, yuan
from songshan_cw.words.periods import Month
from songshan_cw.words.terms import Component

DUES, FUND = "工会会费", "工会经费"


def dues(one: Situation) -> Decimal:
    """Half a percent of base pay."""
    return yuan(product(one.before[Component.BASE], Decimal("0.005")))


def fund(one: Situation) -> Decimal:
    return yuan(product(one.before[Component.BASE], Decimal("0.02")))


def register(patch: pytest.MonkeyPatch) -> None:
    """A deduction and an employer's share: two rows of the table, two rules."""
    rows = [
        PayComponent(DUES, Kind.DEDUCTED, "union_dues"),
        PayComponent(FUND, Kind.EMPLOYER, "union_fund"),
    ]
    patch.setattr(components, "TABLE", [*components.TABLE, *rows])
    for term, rule in ((DUES, dues), (FUND, fund)):
        told = Rule(rule, lambda _: "工会章程", lambda one: f"基本工资的一部分＝{one.amount}元")
        patch.setitem(registry.RULES, term, told)


def add_line(slip: Payslip, month: Month, component: str, amount: str) -> None:
    whose = {"payslip": slip, "worker_id": slip.worker_id, "for_month": month}
    given = {"component": component, "amount": Decimal(amount), "already_paid": ZERO, "clause": "工会章程"}
    PayLine.objects.create(**whose, **given)
