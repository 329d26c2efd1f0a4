"""Whether the ledger moved under a draft after it was computed."""

from collections import defaultdict
from decimal import Decimal

from payroll.models import PayLine, PayrollRun
from songshan_cw.money import ZERO
from songshan_cw.terms import RunState


def moved_lines(run: PayrollRun) -> list[str]:
    """Names of people with a line whose month and component the ledger has paid differently since (rules 5.6)."""
    lines = list(
        PayLine.objects.filter(payslip__run=run, for_month__lt=run.month).values_list(
            "worker_id", "for_month", "component", "already_paid", "payslip__name"
        )
    )
    paid = _approved_sums(run)
    names = [name for worker, month, component, already, name in lines if paid[worker, month, component] != already]
    return list(dict.fromkeys(names))


def _approved_sums(run: PayrollRun) -> dict[tuple[int, int, str], Decimal]:
    people = PayLine.objects.filter(payslip__run=run, for_month__lt=run.month).values("worker_id")
    approved = PayLine.objects.filter(worker__in=people, payslip__run__state=RunState.APPROVED.value)
    sums: dict[tuple[int, int, str], Decimal] = defaultdict(lambda: ZERO)
    for worker, month, component, amount in approved.order_by().values_list(
        "worker_id", "for_month", "component", "amount"
    ):
        sums[worker, month, component] += amount
    return sums
