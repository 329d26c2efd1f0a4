"""Celery tasks about pay. They only call services."""

from django.utils import timezone

from payroll.services.computing import compute_part
from songshan_cw.celery import app
from workers.models import Job
from workers.tasks import AGAIN, hand_out


@app.task(name="payroll.compute_street", **AGAIN)
def compute_street(part_id: int) -> bool:
    return compute_part(part_id=part_id, at=timezone.now())


def send(job: Job) -> int:
    """Send the waiting streets to the workers."""
    return hand_out(job, compute_street)
