"""Settlement marks: remembering with which facts a person's ledger was last made whole."""

from collections.abc import Sequence

from django.db import connection

from payroll.models import PayrollRun, Settlement
from songshan_cw.words.terms import RunState
from workers.selectors.scope import district_of

REMEMBER = """
INSERT INTO payroll_settlement (worker_id, month, facts_digest)
SELECT worker_id, month, facts_digest FROM payroll_payslip WHERE run_id IN (RUNS)
ON CONFLICT (worker_id) DO UPDATE SET month = excluded.month, facts_digest = excluded.facts_digest
"""


def settle(runs: Sequence[PayrollRun]) -> None:
    """Mark the people of runs just approved, where these were computed after all earlier months of their district
    were closed; elsewhere forget the district's marks, so that the next run looks at everyone again."""
    for district in sorted({district_of(run.street_id) for run in runs}):
        own = [run for run in runs if district_of(run.street_id) == district]
        if _in_order(district, own):
            _remember([run.pk for run in own])
        else:
            Settlement.objects.filter(worker__slips__run__street__code__startswith=district).delete()


def _in_order(district: str, runs: Sequence[PayrollRun]) -> bool:
    """No later month is approved, and no earlier one was approved since these runs (of one month) were computed.

    Counted, not timed: approvals only ever grow in number, while clocks and slow transactions disagree.
    """
    month = runs[0].month
    approved = PayrollRun.objects.filter(state=RunState.APPROVED.value, street__code__startswith=district)
    if approved.filter(month__gt=month).exists():
        return False
    closed = approved.filter(month__lt=month).count()
    return all(run.closed_before == closed for run in runs)


def _remember(run_ids: Sequence[int]) -> None:
    marks = ", ".join(["%s"] * len(run_ids))
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER.replace("RUNS", marks), list(run_ids))
