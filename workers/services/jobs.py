"""Open background jobs and run each part exactly once."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from songshan_cw.data.refusal import Refused
from songshan_cw.policy import PolicyGap
from songshan_cw.words.periods import Month
from workers.models import Job, JobKind, JobPart, PartState, User
from workers.selectors.refusals import reason_of

Work = Callable[[JobPart], str]
MESSAGE = 300


@transaction.atomic
def open_job(
    *, kind: JobKind, actor: User | None, month: Month | None, parts: Sequence[tuple[str, str]], at: datetime
) -> Job:
    """Open a job. ``parts``: (key, name) of each."""
    region_id = actor.region_id if actor is not None else None
    job = Job.objects.create(kind=kind.value, actor=actor, region_id=region_id, month=month, created_at=at)
    JobPart.objects.bulk_create(JobPart(job=job, key=key, name=name) for key, name in parts)
    return job


@transaction.atomic
def do_part(*, part_id: int, work: Work, at: datetime) -> bool:
    """Run a part, whose message may arrive more than once. Return whether it ran now.

    The row stays locked while the part runs, and both are committed together. If the process dies, the part is still
    waiting; a second delivery waits for the lock and finds it done. A refusal is the result of the part.
    """
    part = JobPart.objects.select_for_update(of=("self",)).select_related("job__actor").get(pk=part_id)
    if part.state != PartState.WAITING:
        return False
    try:
        with transaction.atomic():
            part.message = work(part)[:MESSAGE]
            part.state = PartState.DONE.value
    except (Refused, PolicyGap) as refusal:
        part.message, part.state = reason_of(refusal)[:MESSAGE], PartState.FAILED.value
    part.finished_at = at
    part.save(update_fields=["message", "state", "finished_at"])
    return True
