"""What Celery workers do of pay: they call the services, nothing else."""

from collections.abc import Iterable

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from kombu.exceptions import OperationalError as QueueAway

from payroll.services.computing import compute_part
from songshan_cw.celery import app
from songshan_cw.refusal import Refused
from workers.models import Job, PartState

# A database that is away comes back: the part is tried again, later and later, for about an hour.
AGAIN = {"retry_backoff": 5, "retry_backoff_max": 300, "max_retries": 18}


@app.task(name="payroll.compute_street", autoretry_for=(OperationalError, InterfaceError), **AGAIN)
def compute_street(part_id: int) -> bool:
    return compute_part(part_id=part_id, at=timezone.now())


def send(job: Job) -> int:
    """Hand the parts that still wait to the workers; sending one again does no harm. Returns how many."""
    waiting: Iterable[int] = job.parts.filter(state=PartState.WAITING.value).values_list("pk", flat=True)
    try:
        return len([compute_street.delay(part_id) for part_id in waiting])
    except QueueAway as fault:
        raise Refused("任务已登记，但消息队列暂时连不上，还没有派发。请稍后在进度页点“重新派发”。") from fault
