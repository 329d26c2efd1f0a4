"""A province-size month by two Celery workers on a real broker, one of them killed by kill -9 half-way; then the same
month in one process, and every slip and line compared. In a database of its own on the server of DATABASE_URL.

Use: python -m tests.jobs.province redis://… amqp://… [--people 100000]
"""

import argparse
import os
import sys
import time
from uuid import uuid4

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402
from kombu import Connection  # noqa: E402

from payroll.demo.accounts import create_accounts  # noqa: E402
from payroll.demo.loading import DISTRICT, SAMPLE_TABLE  # noqa: E402
from payroll.models import PayLine, Payslip, RunEvent, RunNote  # noqa: E402
from payroll.services.computing import open_computation  # noqa: E402
from payroll.services.runs import compute_runs  # noqa: E402
from payroll.services.tables import confirm_grade_table, import_grade_table  # noqa: E402
from tests.bench.imports import TODAY  # noqa: E402
from tests.bench.population import populate  # noqa: E402
from tests.bench.rows import take_away  # noqa: E402
from tests.bench.runs import AT, FIRST  # noqa: E402
from tests.bench.scratch import scratch_database, settle_storage  # noqa: E402
from tests.jobs.machines import kill, send_from_elsewhere, wait_until, worker  # noqa: E402
from workers.models import Job, User  # noqa: E402
from workers.selectors.jobs import job_progress  # noqa: E402
from workers.services.regions import load_regions  # noqa: E402

HOURS = 2 * 3600.0
SLIPS = """
SELECT count(*), md5(string_agg(md5(concat_ws('|', s.worker_id, s.community_id, s.post, s.step, s.grade, s.base_pay,
       s.allowance, s.arrears, s.gross_pay, s.performance_accrual)), '' ORDER BY s.worker_id)) FROM payroll_payslip s"""
LINES = """
SELECT count(*), md5(string_agg(md5(concat_ws('|', s.worker_id, l.for_month, l.component, l.amount, l.clause)), ''
       ORDER BY s.worker_id, l.for_month, l.component, l.amount, l.clause))
  FROM payroll_payline l JOIN payroll_payslip s ON s.id = l.payslip_id"""


def prepare(people: int) -> None:
    load_regions([DISTRICT])
    create_accounts(DISTRICT)
    bureau = User.objects.get(username="bureau")
    import_grade_table(path=settings.BASE_DIR / SAMPLE_TABLE, district=DISTRICT, actor=bureau, at=AT)
    confirm_grade_table(district=DISTRICT, document_no="基准〔2022〕1号", actor=bureau, at=AT)
    populate(people=people, below=DISTRICT, today=TODAY)
    settle_storage()


def by_two_workers(broker: str) -> dict[str, float]:
    """Seconds until the kill and until the end."""
    job = open_computation(month=FIRST, actor=User.objects.get(username="bureau"), at=timezone.now())
    queue, half = f"province-{uuid4().hex[:8]}", len(job_progress(job).parts) // 2
    try:
        with worker(broker, queue, "first") as first, worker(broker, queue, "second"):
            send_from_elsewhere(job, broker, queue)
            wait_until(lambda: finished(job) > 0, "第一个街道算完", HOURS)
            start = time.monotonic()
            wait_until(lambda: finished(job) >= half, "算完一半", HOURS)
            kill(first)
            killed = time.monotonic() - start
            wait_until(lambda: finished(job) == len(job_progress(job).parts), "余下的算完", HOURS)
            return {"killed": killed, "ended": time.monotonic() - start}
    finally:
        with Connection(broker) as opened:
            opened.default_channel.queue_delete(queue)


def finished(job: Job) -> int:
    return job_progress(job).finished


def fingerprint() -> list[tuple[object, ...]]:
    found = []
    with connection.cursor() as cursor:
        for statement in (SLIPS, LINES):
            cursor.execute(statement)
            found.append(tuple(cursor.fetchone()))
    return found


def empty() -> None:
    take_away([(model, "1 = 1") for model in (RunNote, PayLine, Payslip)])
    settle_storage()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("brokers", nargs="+")
    parser.add_argument("--people", type=int, default=100_000)
    given = parser.parse_args()
    os.environ.setdefault("TEST_VISIBILITY", "120")
    same = True
    with scratch_database():
        prepare(given.people)
        start = time.monotonic()
        runs = compute_runs(month=FIRST, at=AT)
        alone, wanted = time.monotonic() - start, fingerprint()
        print(f"» 单个进程：{len(runs)}个街道，{wanted[0][0]}张工资条，{alone:.0f}秒", flush=True)
        for broker in given.brokers:
            empty()
            before = RunEvent.objects.filter(action="计算").count()
            took = by_two_workers(broker)
            events, found = RunEvent.objects.filter(action="计算").count() - before, fingerprint()
            right = found == wanted and events == len(runs)
            same = same and right
            print(
                f"» {broker.partition(':')[0]}：{took['killed']:.0f}秒时杀掉一个，{took['ended']:.0f}秒全部算完，"
                f"计算{events}次，工资条和明细与单个进程{'完全相同' if right else '不同'}",
                flush=True,
            )
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
