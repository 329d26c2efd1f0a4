"""Provisional: the table of components is made on another branch."""

from dataclasses import dataclass

from songshan_cw.words.terms import Component, Term


class Kind(Term):
    EARNED = "应发"
    DEDUCTED = "扣款"
    EMPLOYER = "单位"
    ACCRUED = "计提"


@dataclass(frozen=True, slots=True)
class Row:
    term: Component
    kind: Kind
    csv_name: str
    graded: bool = False
    sheet_width: int = 10

    @property
    def is_paid_monthly(self) -> bool:
        return self.kind in (Kind.EARNED, Kind.DEDUCTED)

    @property
    def label(self) -> str:
        return self.term.value


def components() -> tuple[Row, ...]:
    return (
        Row(Component.BASE, Kind.EARNED, "base_pay", graded=True),
        Row(Component.ALLOWANCE, Kind.EARNED, "allowance", sheet_width=9),
        Row(Component.PERFORMANCE, Kind.ACCRUED, "performance_accrual", graded=True),
    )
