"""The content of seals of version 1, made while slips and runs had a column for each component.

Those columns are rebuilt from the lines, so that old months still verify. Nothing is sealed this way any more.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet

from payroll.ledger.canonical import canonical
from payroll.models import PayLine, PayrollRun, Payslip
from songshan_cw.words.money import EXACT, ZERO
from songshan_cw.words.periods import Month, to_number
from songshan_cw.words.terms import Component

BASE, ALLOWANCE, ACCRUAL = Component.BASE.value, Component.ALLOWANCE.value, Component.PERFORMANCE.value
RUN_START = ("id", "street_id", "month", "table_id", "policy_version", "computed_at", "closed_before", "headcount")
RUN_END = ("submitted_by_id", "submitted_at", "approved_by_id", "approved_at")
SLIP_START = (
    *("id", "run_id", "worker_id", "month", "name", "community_id", "post", "position", "dual", "credited_months"),
    *("step", "grade", "coefficient", "annual_base"),
)
SLIP_END = ("policy_version", "table_id", "facts_digest", "trace")
LINE = ("id", "payslip_id", "worker_id", "for_month", "component", "amount", "already_paid", "clause")
MONTHS = ("month", "for_month")
PLACES = {"coefficient": 4}
Amounts = list[Decimal]  # base, allowance, arrears, gross, accrual


def contents(runs: QuerySet[PayrollRun]) -> Iterator[tuple[int, str]]:
    """Return (run, text) as it was sealed."""
    for run in runs:
        lines = PayLine.objects.filter(payslip__run=run).order_by("pk")
        amounts = _amounts(run.month, lines)
        slips = list(Payslip.objects.filter(run=run).order_by("pk"))
        totals = [sum((amounts[slip.pk][place] for slip in slips), ZERO) for place in range(5)]
        head = [*(getattr(run, name) for name in RUN_START), *totals, *(getattr(run, name) for name in RUN_END)]
        texts = (_digest(_slip(slip, amounts[slip.pk]) for slip in slips), _digest(map(_line, lines)))
        yield run.pk, "\n".join([canonical(head), *texts])


def _amounts(month: Month, lines: QuerySet[PayLine]) -> dict[int, Amounts]:
    found: dict[int, Amounts] = defaultdict(lambda: [ZERO] * 5)
    for line in lines:
        own = found[line.payslip_id]
        if line.for_month == month:
            places = {BASE: (0, 3), ALLOWANCE: (1, 3), ACCRUAL: (4,)}[line.component]
        else:
            places = () if line.component == ACCRUAL else (2, 3)
        for place in places:
            own[place] = EXACT.add(own[place], line.amount)
    return found


def _slip(slip: Payslip, amounts: Amounts) -> list[str]:
    start = [_text(name, getattr(slip, name)) for name in SLIP_START]
    return [*start, *(f"{amount:.2f}" for amount in amounts), *(_text(name, getattr(slip, name)) for name in SLIP_END)]


def _line(line: PayLine) -> list[str]:
    return [_text(name, getattr(line, name)) for name in LINE]


def _text(name: str, value: Any) -> str:
    """Write a value as COPY does."""
    if value is None:
        return r"\N"
    if name in MONTHS:
        return str(to_number(value))
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, Decimal):
        return f"{value:.{PLACES.get(name, 2)}f}"
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def _digest(rows: Iterator[list[str]]) -> str:
    found = sha256()
    for row in rows:
        found.update(("\t".join(row) + "\n").encode())
    return found.hexdigest()
