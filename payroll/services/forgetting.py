"""Take people out of drafts that know them, so that a record entered by mistake can be removed (rules 9.8)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from payroll.models import PayLine, PayrollRun, Payslip, RunNote, Settlement
from payroll.services.runs import OPEN_STATES, compute_runs
from songshan_cw.data.refusal import Refused
from songshan_cw.words.periods import Month
from songshan_cw.words.terms import RunState

Place = tuple[Month, str]  # month and street of a run


def forget_drafts(worker_ids: Collection[int]) -> list[Place]:
    """Delete the slips and notes of these people from open runs. Return the runs to compute again.

    Raises Refused where a submitted run knows one; approved ones are refused by the deletion of the person.
    """
    notes = RunNote.objects.filter(worker__in=worker_ids)
    slips = Payslip.objects.filter(worker__in=worker_ids)
    submitted = slips.filter(run__state=RunState.SUBMITTED.value).select_related("run__street").first()
    if submitted is not None:
        raise Refused(f"{submitted.name}已列入{submitted.run}的批次，该批次已提交；请先撤回或退回，再办理。")
    open_slips, open_notes = slips.filter(run__state__in=OPEN_STATES), notes.filter(run__state__in=OPEN_STATES)
    runs = PayrollRun.objects.filter(
        pk__in=[*open_slips.values_list("run", flat=True), *open_notes.values_list("run", flat=True)]
    )
    places = list(runs.order_by("month", "street").values_list("month", "street_id"))
    PayLine.objects.filter(payslip__in=open_slips).delete()
    open_slips.delete()
    open_notes.delete()
    Settlement.objects.filter(worker__in=worker_ids).delete()
    return places


def compute_again(places: Sequence[Place], *, at: datetime) -> None:
    """Compute the runs from which people were taken."""
    for month, street in places:
        compute_runs(month=month, street_codes=[street], at=at)
