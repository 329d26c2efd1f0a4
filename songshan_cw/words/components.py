"""The components of pay as one table: what shows, sums, prints or compares pay walks the lines and this table."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from songshan_cw.words.money import total
from songshan_cw.words.terms import Component, Term


class Kind(Term):
    """What a component is to the person paid."""

    EARNED = "应发"
    DEDUCTED = "代扣"
    ACCRUED = "计提"
    EMPLOYER = "单位承担"


@dataclass(frozen=True, slots=True)
class PayComponent:
    """``term``: as the ledger stores it and readers see it; ``csv_name``: in files and JSON for other programs.

    ``graded``: it follows from the grade table. ``sheet_width``: least width of its column on a sheet, in characters.
    """

    term: str
    kind: Kind
    csv_name: str
    graded: bool = False
    sheet_width: int = 10

    @property
    def label(self) -> str:
        return str(self.term)

    @property
    def is_paid_monthly(self) -> bool:
        """Whether it changes what is paid with the month."""
        return self.kind in (Kind.EARNED, Kind.DEDUCTED)


# In the order in which they are shown.
TABLE = [
    PayComponent(Component.BASE, Kind.EARNED, "base_pay", graded=True),
    PayComponent(Component.ALLOWANCE, Kind.EARNED, "allowance", sheet_width=9),
    PayComponent(Component.PERFORMANCE, Kind.ACCRUED, "performance_accrual", graded=True),
]


def components() -> tuple[PayComponent, ...]:
    return tuple(TABLE)


def earned(amounts: Iterable[tuple[str, Decimal]]) -> Decimal:
    """Add what is earned of amounts by component, in yuan: gross pay, arrears included (rules 5.5)."""
    terms = {one.term for one in TABLE if one.kind is Kind.EARNED}
    return total(amount for term, amount in amounts if term in terms)
