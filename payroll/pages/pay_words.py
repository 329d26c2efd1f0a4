"""Pay as a page writes it: thousands separators, two decimals, 「—」 for nothing paid."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from payroll.rules.arrears import ArrearsLine
from payroll.rules.explanation import years
from payroll.rules.pay import MonthlyPay, Unpaid
from songshan_cw.words.money import plain
from songshan_cw.words.periods import label_zh
from songshan_cw.words.terms import CASH_COMPONENTS


@dataclass(frozen=True, slots=True)
class DueWords:
    """One month's side of a comparison; ``unpaid`` says why nothing is due."""

    post: str = "—"
    grade: str = "—"
    base: str = "0.00"
    allowance: str = "0.00"
    accrual: str = "0.00"
    total: str = "0.00"
    unpaid: str = ""


@dataclass(frozen=True, slots=True)
class MoneyRow:
    month: str
    component: str
    paid: str
    amount: str
    cash: bool


def money(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def signed(amount: Decimal) -> str:
    return f"{amount:+,.2f}"


def due_words(due: MonthlyPay | Unpaid) -> DueWords:
    if isinstance(due, Unpaid):
        return DueWords(unpaid=due.value)
    place = due.assignment
    return DueWords(
        post=f"{place.position}（{place.post}{'，一肩挑' if place.dual else ''}）",
        grade=f"{due.grade}级（{due.step}档，系数{plain(due.coefficient)}，年限{years(due.credited_months)}）",
        base=money(due.base_pay),
        allowance=money(due.allowance),
        accrual=money(due.performance_accrual),
        total=money(due.base_pay + due.allowance),
    )


def money_rows(lines: Iterable[ArrearsLine]) -> list[MoneyRow]:
    return [
        MoneyRow(
            label_zh(line.for_month),
            line.component.value,
            money(line.already_paid),
            signed(line.amount),
            line.component in CASH_COMPONENTS,
        )
        for line in lines
    ]
