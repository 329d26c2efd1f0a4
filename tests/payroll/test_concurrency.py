"""Two at once, with real threads and real commits on PostgreSQL (rules 7.2)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection

from payroll.models import PayLine, PayrollRun, Payslip, RunEvent
from payroll.services.runs import compute_runs
from payroll.services.transitions import approve_runs, submit_runs
from songshan_cw.data.refusal import Refused
from songshan_cw.words.periods import parse
from tests.payroll import world
from tests.payroll.world import NOW, A, person, staff, user

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
MARCH = parse("2022-03")


@pytest.fixture
def streets(transactional_db: None, tmp_path: Path) -> None:
    world.found_district()
    world.bring_table(tmp_path / "table")
    for _ in range(30):
        person(staff(date(2020, 1, 1)))


def both(first: Callable[[], object], second: Callable[[], object]) -> list[object]:
    """Run two calls at the same moment; a refusal is a result."""
    start = Barrier(2)

    def call(action: Callable[[], object]) -> object:
        start.wait()
        try:
            return action()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return [future.result() for future in [pool.submit(call, first), pool.submit(call, second)]]


def test_two_approvals_at_once(streets: None) -> None:
    compute_runs(month=MARCH, street_codes=[A], at=NOW)
    submit_runs(month=MARCH, actor=user("clerk-a"), at=NOW)
    results = both(
        lambda: approve_runs(review_all=True, month=MARCH, street_codes=[A], actor=user("bureau"), at=NOW),
        lambda: approve_runs(review_all=True, month=MARCH, street_codes=[A], actor=user("bureau-2"), at=NOW),
    )
    refusals = [result for result in results if isinstance(result, Refused)]
    assert len(refusals) == 1 and "已审核" in str(refusals[0])
    assert RunEvent.objects.filter(action="审核通过").count() == 1


def test_two_runs_of_one_month_at_once(streets: None) -> None:
    results = both(
        lambda: compute_runs(month=MARCH, street_codes=[A], at=NOW),
        lambda: compute_runs(month=MARCH, street_codes=[A], at=NOW),
    )
    assert not [result for result in results if isinstance(result, Refused)]
    assert PayrollRun.objects.count() == 1
    assert Payslip.objects.count() == 30
    assert PayLine.objects.count() == 60


def test_two_drafts_with_the_same_arrears_approved_at_once(streets: None) -> None:
    world.pay_month("2022-01")
    worker = person(staff(date(2020, 1, 1)))
    for month in ("2022-02", "2022-03"):
        compute_runs(month=parse(month), street_codes=[A], at=NOW)
        submit_runs(month=parse(month), actor=user("clerk-a"), at=NOW)
    results = both(
        lambda: approve_runs(review_all=True, month=parse("2022-02"), actor=user("bureau"), at=NOW),
        lambda: approve_runs(review_all=True, month=parse("2022-03"), actor=user("bureau-2"), at=NOW),
    )
    assert len([result for result in results if isinstance(result, Refused)]) == 1
    lines = PayLine.objects.filter(worker=worker, for_month=parse("2022-01"), payslip__run__state="已审核")
    assert sum(line.amount for line in lines) == 3500
