"""The columns of money that pay is shown in, the same on sheets, slips, pages and in csv (rules 5.5).

They are made of the component table, so that a component needs no column of its own anywhere: what is earned, arrears
and their sum; what is deducted and what is left to pay, once the table has a deduction; what is only accrued; and the
employer's share.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple, Protocol

from songshan_cw.words.components import Kind, components
from songshan_cw.words.money import EXACT, ZERO, total
from songshan_cw.words.periods import Month

Amount = tuple[Month, str, Decimal]  # one line of the ledger: for which month, component, yuan


class Carried(Protocol):
    """A line that makes a month good."""

    @property
    def component(self) -> str: ...
    @property
    def amount(self) -> Decimal: ...


class Column(NamedTuple):
    """``csv_name`` heads it in csv, ``label`` for readers; ``width``: in characters, on a sheet. ``kind`` None: a sum
    over components."""

    csv_name: str
    label: str
    kind: Kind | None = None
    width: int = 10

    @property
    def is_difference(self) -> bool:
        """Whether it is written with its sign."""
        return self in (ARREARS, BACK)

    @property
    def is_sum(self) -> bool:
        return self in (GROSS, NET)

    @property
    def paid_monthly(self) -> bool:
        return self.kind not in (Kind.ACCRUED, Kind.EMPLOYER)

    def signed(self, amount: Decimal) -> Decimal:
        """What the amount gives to the person; a deduction takes."""
        return -amount if self.kind is Kind.DEDUCTED else amount

    def verb(self, amount: Decimal) -> str:
        """What a correction of an earlier month does."""
        return "补发" if self.signed(amount) > 0 else "扣回"

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
        self._of = {str(one.term): Column(one.csv_name, one.label, one.kind, one.sheet_width) for one in components()}
        earned, deducted, accrued, employer = (
            tuple(column for column in self._of.values() if column.kind is kind) for kind in ORDER
        )
        net = (*deducted, BACK, NET) if deducted else ()
        self.payable = NET if deducted else GROSS
        self.accrued = accrued
        self.all = (*earned, ARREARS, GROSS, *net, *accrued, *employer)
        # In csv the net columns follow those that every file has, so that a reader finds these where they always were.
        self.csv = (*earned, ARREARS, GROSS, *accrued, *net, *employer)

    @property
    def monthly(self) -> tuple[Column, ...]:
        """Those of what is paid with the month."""
        return tuple(column for column in self.all if column.paid_monthly)

    @property
    def of_a_month(self) -> tuple[Column, ...]:
        """Those of one month by itself, without what is made good of others."""
        return tuple(column for column in self.all if not column.is_difference)

    def of(self, component: str) -> Column:
        return self._of[component]

    def of_earlier(self, component: str) -> Column:
        """The column in which a line for an earlier month counts; its own where it is not paid with the month."""
        column = self._of[component]
        if not column.paid_monthly:
            return column
        return BACK if column.kind is Kind.DEDUCTED else ARREARS

    def sums(self, lines: Iterable[Amount], month: Month) -> dict[Column, Decimal]:
        """Yuan by column of the lines a slip or run carries: a month's own amounts each in its column, earlier months
        together as arrears. Corrections of what is not paid with the month show on the lines alone."""
        sums = dict.fromkeys(self.all, ZERO)
        for for_month, component, amount in lines:
            column = self._of[component] if for_month == month else self.of_earlier(component)
            if for_month == month or column.is_difference:
                sums[column] = EXACT.add(sums[column], amount)
        for column in sums:
            if column.kind is Kind.EARNED or column is ARREARS:
                sums[GROSS] = EXACT.add(sums[GROSS], sums[column])
        if NET in sums:
            taken = total(amount for column, amount in sums.items() if column.kind is Kind.DEDUCTED or column is BACK)
            sums[NET] = EXACT.subtract(sums[GROSS], taken)
        return sums

    def due(self, amounts: Iterable[tuple[str, Decimal]]) -> dict[Column, Decimal]:
        """Yuan by column of what is due for one month by itself."""
        sums = self.sums(((0, component, amount) for component, amount in amounts), 0)
        return {column: sums[column] for column in self.of_a_month}

    def cash(self, lines: Iterable[Carried]) -> Decimal:
        """What lines pay more (+) or take back (−), in yuan."""
        paid = [line for line in lines if self._of[line.component].paid_monthly]
        return total(self._of[line.component].signed(line.amount) for line in paid)
