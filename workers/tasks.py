"""Celery tasks about people. They only call services."""

import resource
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from kombu.exceptions import OperationalError as QueueAway

from songshan_cw.celery import app
from songshan_cw.data.refusal import Refused
from workers.models import Job, JobKind, PartState
from workers.workbook.upload_jobs import check_part, import_part

# During an outage of the database the part is retried with growing delays for about an hour.
AGAIN: dict[str, Any] = {
    "autoretry_for": (OperationalError, InterfaceError),
    "retry_backoff": 5,
    "retry_backoff_max": 300,
    "max_retries": 18,
}
TOO_MUCH = "工作簿太大，处理时超出了后台任务的内存或时间限制，已停止，没有写入任何内容。请按街道分成几个工作簿。"


@contextmanager
def bounds() -> Iterator[None]:
    """Limit memory and time, so that a large workbook ends with a message and not with the worker's death."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (settings.IMPORT_MEMORY, hard))
    try:
        yield
    except (MemoryError, SoftTimeLimitExceeded) as fault:
        raise Refused(TOO_MUCH) from fault
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@app.task(name="workers.check_workbook", soft_time_limit=settings.IMPORT_SECONDS, **AGAIN)
def check_workbook(part_id: int) -> bool:
    return check_part(part_id=part_id, at=timezone.now(), bounds=bounds)


@app.task(name="workers.import_workbook", soft_time_limit=settings.IMPORT_SECONDS, **AGAIN)
def import_workbook(part_id: int) -> bool:
    return import_part(part_id=part_id, at=timezone.now(), bounds=bounds)


def send_upload(job: Job) -> int:
    return hand_out(job, import_workbook if job.kind == JobKind.IMPORT else check_workbook)


def hand_out(job: Job, task: Any) -> int:
    """Send the waiting parts to the workers and return how many. Sending one twice does no harm."""
    waiting: Iterable[int] = job.parts.filter(state=PartState.WAITING.value).values_list("pk", flat=True)
    try:
        return len([task.delay(part_id) for part_id in waiting])
    except QueueAway as fault:
        raise Refused("任务已登记，但消息队列暂时连不上，还没有派发。请稍后在进度页点“重新派发”。") from fault
