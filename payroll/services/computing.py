"""Compute a district as a job with one part per street, on several workers (rules 7.1)."""

from datetime import datetime

from django.db import transaction

from payroll.services.runs import compute_runs, open_streets
from songshan_cw.words.periods import Month
from workers.models import Job, JobKind, JobPart, User
from workers.services.jobs import do_part, open_job


@transaction.atomic
def open_computation(*, month: Month, actor: User | None, at: datetime) -> Job:
    """Open a part for every street that may be computed. Nothing is computed yet."""
    parts = [(street.code, street.name) for street in open_streets(month=month, actor=actor)]
    return open_job(kind=JobKind.COMPUTE, actor=actor, month=month, parts=parts, at=at)


def compute_part(*, part_id: int, at: datetime) -> bool:
    """Compute one street of a job, once."""

    def work(part: JobPart) -> str:
        month: Month = part.job.month
        [run] = compute_runs(month=month, street_codes=[part.key], at=at, actor=part.job.actor)
        return f"{run.headcount}人，应发合计{run.gross_total:,.2f}元"

    return do_part(part_id=part_id, work=work, at=at)
