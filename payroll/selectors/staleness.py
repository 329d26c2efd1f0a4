"""Find drafts whose ledger changed after they were computed."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import F, QuerySet

from payroll.models import PayLine, PayrollRun
from songshan_cw.words.money import ZERO
from songshan_cw.words.terms import RunState


def moved_lines(runs: Sequence[PayrollRun]) -> dict[int, list[str]]:
    """Map runs to people with a line whose month and component were paid differently since (rules 5.6)."""
    lines = PayLine.objects.filter(payslip__run__in=runs, for_month__lt=F("payslip__month"))
    paid = _approved_sums(lines)
    moved: dict[int, dict[str, None]] = {run.pk: {} for run in runs}
    columns = ("payslip__run_id", "payslip__name", "already_paid", "worker_id", "for_month", "component")
    for run, name, already, *key in lines.order_by("pk").values_list(*columns):
        if paid[*key] != already:
            moved[run][name] = None
    return {run: list(names) for run, names in moved.items()}


def _approved_sums(lines: QuerySet[PayLine]) -> dict[tuple[int, int, str], Decimal]:
    """Return what the ledger paid by person, month and component, for the lines' people."""
    approved = PayLine.objects.filter(
        worker__in=lines.order_by().values("worker_id"), payslip__run__state=RunState.APPROVED.value
    )
    sums: dict[tuple[int, int, str], Decimal] = defaultdict(lambda: ZERO)
    for *key, amount in approved.order_by().values_list("worker_id", "for_month", "component", "amount"):
        sums[*key] += amount
    return sums
