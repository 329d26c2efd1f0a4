"""How the amount of each component came about, in words (rules 5.7)."""

from decimal import Decimal
from typing import NamedTuple

from payroll.rules.facts import Facts
from payroll.rules.pay import MonthlyPay, is_paid_for
from songshan_cw.policy.schema import PayRules
from songshan_cw.words.money import ZERO, plain


class Computed(NamedTuple):
    """An amount, and what it was computed from."""

    pay: MonthlyPay
    amount: Decimal
    rules: PayRules
    facts: Facts

    @property
    def yearly(self) -> str:
        return f"{self.pay.annual_base}×{plain(self.pay.coefficient)}"


def base_told(one: Computed) -> str:
    return f"{one.yearly}×{one.rules.base_share.value:.0%}÷12＝{one.amount}元"


def accrual_told(one: Computed) -> str:
    share = one.rules.performance_share.value
    return f"{one.yearly}×{share:.0%}÷12＝{one.amount}元，按月计提，年末考核后分配"


def allowance_told(one: Computed) -> str:
    if one.amount == ZERO:
        return "本月没有已生效的职业资格证书"
    levels = one.rules.allowances.value
    counted = (held for held in one.facts.certificates if is_paid_for(held, one.pay.month))
    held = next((held for held in counted if levels[held.level] == one.amount), None)
    if held is None:
        return f"计算时登记的职业资格，每月{one.amount}元；证书的登记此后有变动"
    end = f"，{held.ended_on}失效，发至当月" if held.ended_on else ""
    return f"{held.level}（{held.approved_on}批准，次月起{end}），每月{one.amount}元，只取最高一项"
