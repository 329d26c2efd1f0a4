"""Keep the marks of ``payroll/selectors/settled.py`` when runs are approved."""

from collections.abc import Sequence

from payroll.models import PayrollRun, Payslip, Settlement
from payroll.selectors.ledger import closed_count
from songshan_cw.words.regions import district_of
from workers.selectors.streams import people_of


def settle(runs: Sequence[PayrollRun]) -> None:
    """Renew the marks of everybody ever assigned to the streets of runs just approved, all of one month.

    Only a slip gives a mark, and only where no other month was closed in the district since it was computed.
    """
    Settlement.objects.filter(worker__in=people_of({run.street_id for run in runs})).delete()
    districts = {district_of(run.street_id) for run in runs}
    closed = {district: closed_count(district, runs[0].month) for district in districts}
    current = [run.pk for run in runs if run.closed_before == closed[district_of(run.street_id)]]
    slips = Payslip.objects.filter(run__in=current).exclude(facts_digest="")
    Settlement.objects.bulk_create(
        Settlement(worker_id=worker, month=month, facts_digest=digest)
        for worker, month, digest in slips.values_list("worker_id", "month", "facts_digest")
    )
