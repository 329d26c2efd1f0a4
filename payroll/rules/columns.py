"""The columns of money that pay is shown in, the same on sheets, slips, pages and in csv (rules 5.5).

They are made of the component table, so that a component needs no column of its own anywhere: what is earned, arrears
and their sum; what is deducted and what is left to pay, once the table has a deduction; what is only accrued; and the
employer's share.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from songshan_cw.words.components import Kind, components
from songshan_cw.words.money import EXACT, ZERO, total
from songshan_cw.words.periods import Month

Amount = tuple[Month, str, Decimal]  # one line of the ledger: for which month, component, yuan


class Column(NamedTuple):
    """``csv_name`` heads it in csv, ``label`` for readers; ``kind`` None: a sum over components."""

    csv_name: str
    label: str
    kind: Kind | None = None
    width: float = 10.0

    @property
    def is_difference(self) -> bool:
        """Whether it is written with its sign."""
        return self in (ARREARS, BACK)

    @property
    def paid_monthly(self) -> bool:
        return self.kind not in (Kind.ACCRUED, Kind.EMPLOYER)

    def verb(self, amount: Decimal) -> str:
        """What a correction of an earlier month does: a deduction that grows takes money back."""
        return "补发" if (amount > 0) is not (self.kind is Kind.DEDUCTED) else "扣回"

    @property
    def head(self) -> str:
        """The label as it heads a column of a pay sheet."""
        return f"{self.label}\n(不随月发)" if self.kind is Kind.ACCRUED else self.label

    @property
    def title(self) -> str:
        """The label as it begins a row of totals."""
        return f"{self.label}（不随月发）" if self.kind is Kind.ACCRUED else self.label


ARREARS = Column("arrears", "补发/扣回")
GROSS = Column("gross_pay", "应发工资")
BACK = Column("deductions_back", "补扣/退还")
NET = Column("net_pay", "实发工资")
ORDER = (Kind.EARNED, Kind.DEDUCTED, Kind.ACCRUED, Kind.EMPLOYER)


class PayColumns:
    """The columns as the component table has them now, and the amounts of lines in them."""

    def __init__(self) -> None:
        self._of = {one.term.value: Column(one.csv_name, one.label, one.kind, one.sheet_width) for one in components()}
        earned, deducted, accrued, employer = (
            tuple(column for column in self._of.values() if column.kind is kind) for kind in ORDER
        )
        self._earned = (*earned, ARREARS)
        self._deducted = (*deducted, BACK) if deducted else ()
        self.payable = NET if deducted else GROSS
        net = (*self._deducted, NET) if deducted else ()
        self.accrued = accrued
        self.all = (*self._earned, GROSS, *net, *accrued, *employer)
        # In csv the net columns follow those that every file has, so that a reader finds these where they always were.
        self.csv = (*self._earned, GROSS, *accrued, *net, *employer)

    @property
    def monthly(self) -> tuple[Column, ...]:
        """Those of what is paid with the month."""
        return tuple(column for column in self.all if column.paid_monthly)

    def of(self, component: str) -> Column:
        return self._of[component]

    def sums(self, lines: Iterable[Amount], month: Month) -> dict[Column, Decimal]:
        """Yuan by column of the lines a slip or run carries: a month's own amounts each in its column, earlier months
        together as arrears. Corrections of what is not paid with the month show on the lines alone."""
        sums = dict.fromkeys(self.all, ZERO)
        for for_month, component, amount in lines:
            column = self._of[component]
            if for_month != month:
                if not column.paid_monthly:
                    continue
                column = BACK if column.kind is Kind.DEDUCTED else ARREARS
            sums[column] = EXACT.add(sums[column], amount)
        sums[GROSS] = total(sums[column] for column in self._earned)
        if self._deducted:
            sums[NET] = EXACT.subtract(sums[GROSS], total(sums[column] for column in self._deducted))
        return sums

    def earlier(self, sums: Mapping[Column, Decimal]) -> Decimal:
        """What is paid more (+) or less (−) with this month for earlier ones."""
        return EXACT.subtract(sums[ARREARS], sums.get(BACK, ZERO))
