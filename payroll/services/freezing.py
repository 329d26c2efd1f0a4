"""Freeze with the approval to whom each slip is paid (rules 7.9)."""

from collections.abc import Sequence

from payroll.models import PaidTo, PayrollRun, Payslip

AT_ONCE = 2_000


def freeze_recipients(runs: Sequence[PayrollRun]) -> None:
    """Keep number, community and account of everybody on the slips. Call it before the runs are approved."""
    slips = Payslip.objects.filter(run__in=runs).select_related("worker", "community").defer("trace").order_by("pk")
    PaidTo.objects.bulk_create(
        (
            PaidTo(
                payslip=slip,
                id_number=slip.worker.id_number,
                community_name=slip.community.name,
                bank_name=slip.worker.bank_name,
                bank_account=slip.worker.bank_account,
            )
            for slip in slips.iterator(chunk_size=AT_ONCE)
        ),
        batch_size=AT_ONCE,
    )
