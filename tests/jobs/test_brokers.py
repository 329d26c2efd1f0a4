"""Two Celery workers on a real broker: one is killed half-way, the other finishes, every street is computed once."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg2
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from kombu import Connection

from payroll.models import GradeTable, PayrollRun, Payslip, RunEvent
from payroll.services.computing import open_computation
from songshan_cw.words.periods import parse
from songshan_cw.words.terms import RegionLevel
from tests.jobs.machines import kill, send_from_elsewhere, wait_until, worker
from tests.payroll import world
from tests.payroll.world import NOW, user
from tests.workbook import build
from workers.models import Region, Upload, UploadState, User, WorkbookImport, Worker
from workers.selectors.jobs import job_progress
from workers.workbook.upload_jobs import ask_check, ask_import

BROKERS = os.environ.get("TEST_BROKERS", "").split()
STREETS, PEOPLE = 8, 3
MONTH = parse("2022-03")
BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"

pytestmark = [
    pytest.mark.broker,
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]


def found_streets() -> None:
    for number in range(11, 11 + STREETS):
        street = f"{world.DISTRICT}{number:03d}"
        place = f"{street}001"
        Region.objects.create(
            code=street, name=f"第{number}街道", level=RegionLevel.STREET.value, parent_id=world.DISTRICT
        )
        Region.objects.create(code=place, name=f"第{number}社区", level=RegionLevel.COMMUNITY.value, parent_id=street)
        for _ in range(PEOPLE):
            world.person(world.staff(date(2015, 3, 1)), community=place)


@pytest.fixture
def queue(broker: str) -> Iterator[str]:
    """A queue of the test's own, gone afterwards."""
    name = f"test-{uuid4().hex[:12]}"
    yield name
    with Connection(broker) as opened:
        opened.default_channel.queue_delete(name)


@contextmanager
def locked(table: str) -> Iterator[None]:
    """Nobody gets past the middle of the work that writes this table while this holds."""
    given = connection.settings_dict
    other = psycopg2.connect(
        dbname=given["NAME"], user=given["USER"], password=given["PASSWORD"], host=given["HOST"], port=given["PORT"]
    )
    try:
        with other.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        other.close()


def blocked() -> int:
    with connection.cursor() as cursor:
        cursor.execute(BLOCKED)
        return int(cursor.fetchone()[0])


@pytest.mark.skipif(not BROKERS, reason="TEST_BROKERS 没有给出消息队列的地址")
@pytest.mark.parametrize("broker", BROKERS or [""])
def test_a_killed_worker_loses_nothing(table: GradeTable, broker: str, queue: str) -> None:
    found_streets()
    job = open_computation(month=MONTH, actor=user("bureau"), at=NOW)
    with worker(broker, queue, "first") as first, worker(broker, queue, "second"):
        with locked("payroll_runnote"):
            send_from_elsewhere(job, broker, queue)
            wait_until(lambda: blocked() == 2, "两个工作进程都在计算")
            kill(first)
        wait_until(lambda: job_progress(job).waiting == 0, "余下的街道由另一个工作进程算完")
    assert job_progress(job).done == STREETS
    assert RunEvent.objects.filter(action="计算").count() == PayrollRun.objects.count() == STREETS
    assert Payslip.objects.count() == STREETS * PEOPLE


@pytest.mark.skipif(not BROKERS, reason="TEST_BROKERS 没有给出消息队列的地址")
@pytest.mark.parametrize("broker", BROKERS or [""])
def test_a_killed_worker_leaves_the_import_to_another(
    broker: str, queue: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "uploads"
    folder.mkdir()
    monkeypatch.setattr(settings, "UPLOAD_DIR", folder)
    build.make_regions()
    actor = User.objects.create(username="admin-1", role="系统管理员")
    content = build.save(build.random_book(1, PEOPLE * STREETS), tmp_path / "a.xlsx").read_bytes()
    common: dict[str, Any] = {"actor": actor, "session_key": "here", "at": timezone.now()}
    upload = ask_check(chunks=[content], file_name="a.xlsx", **common)
    with worker(broker, queue, "first") as first:
        send_upload_from_elsewhere(upload, broker, queue)
        wait_until(lambda: state_of(upload) == UploadState.PENDING, "检查完")
        upload = ask_import(upload=upload, **common)
        with locked("workers_change"):
            send_upload_from_elsewhere(upload, broker, queue)
            wait_until(lambda: blocked() == 1, "工作进程写到一半")
            kill(first)
    assert not Worker.objects.exists() and state_of(upload) == UploadState.IMPORTING
    with worker(broker, queue, "second"):
        wait_until(lambda: state_of(upload) == UploadState.IMPORTED, "由另一个工作进程写完")
        wait_until(lambda: not list(folder.iterdir()), "上传的文件已删除")
    assert Worker.objects.count() == PEOPLE * STREETS and WorkbookImport.objects.count() == 1


def send_upload_from_elsewhere(upload: Upload, broker: str, queue: str) -> None:
    assert upload.job is not None
    send_from_elsewhere(upload.job, broker, queue, "workers.tasks import send_upload")


def state_of(upload: Upload) -> str:
    return Upload.objects.values_list("state", flat=True).get(pk=upload.pk)
