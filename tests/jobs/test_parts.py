"""A part of a job is done once, and a refusal is its result."""

from datetime import date
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from payroll import tasks
from payroll.models import GradeTable, PayrollRun, RunEvent
from payroll.services.computing import compute_part, open_computation
from payroll.services.transitions import return_runs, submit_runs
from songshan_cw.data.refusal import Refused
from songshan_cw.words.periods import parse
from tests.payroll import world
from tests.payroll.world import NOW, A, B, user
from workers.models import Job, JobPart, PartState
from workers.selectors.jobs import job_progress

MONTH = parse("2022-03")


@pytest.fixture
def job(table: GradeTable) -> Job:
    for community in (world.A1, world.A2, world.B1):
        world.person(world.staff(date(2015, 3, 1)), community=community)
    return open_computation(month=MONTH, actor=user("bureau"), at=NOW)


def do_all(job: Job) -> list[bool]:
    return [compute_part(part_id=part.pk, at=NOW) for part in job.parts.all()]


def test_every_street_is_a_part_and_is_computed_once(job: Job) -> None:
    assert [part.key for part in job.parts.order_by("key")] == [A, B]
    assert do_all(job) == [True, True]
    assert do_all(job) == [False, False]
    assert dict(PayrollRun.objects.values_list("street_id", "headcount")) == {A: 2, B: 1}
    assert RunEvent.objects.filter(action="计算").count() == 2
    assert job_progress(job).done == 2


def test_a_refusal_is_the_result_of_its_part_only(job: Job) -> None:
    world.pay_month("2022-03", A)
    do_all(job)
    refused, done = JobPart.objects.order_by("key")
    assert refused.state == PartState.FAILED and "不能重新计算" in refused.message
    assert done.state == PartState.DONE


@pytest.mark.parametrize("outage", [OperationalError, InterfaceError])
def test_a_part_is_tried_again_when_the_database_comes_back(
    job: Job, outage: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    compute, tries = tasks.compute_part, list[int]()

    def away_twice(**given: Any) -> bool:
        tries.append(given["part_id"])
        if len(tries) < 3:
            raise outage("server closed the connection")
        return compute(**given)

    monkeypatch.setattr(tasks, "compute_part", away_twice)
    part = job.parts.order_by("key")[0]
    assert tasks.compute_street.apply(args=[part.pk]).get() is True
    assert tries == [part.pk] * 3
    part.refresh_from_db()
    assert part.state == PartState.DONE


def test_a_returned_run_is_no_part_of_it(job: Job) -> None:
    do_all(job)
    submit_runs(month=MONTH, street_codes=[A], actor=user("clerk-a"), at=NOW)
    return_runs(month=MONTH, street_codes=[A], actor=user("bureau"), at=NOW, reason="核对")
    again = open_computation(month=MONTH, actor=user("bureau"), at=NOW)
    assert [part.key for part in again.parts.all()] == [B]


def test_nothing_open_is_refused_at_once(job: Job) -> None:
    world.pay_month("2022-03", A, B)
    with pytest.raises(Refused, match="没有可计算"):
        open_computation(month=MONTH, actor=user("bureau"), at=NOW)


def test_the_page_counts_and_is_not_there_for_another_street(job: Job) -> None:
    client = Client()
    client.force_login(user("bureau"), backend="django.contrib.auth.backends.ModelBackend")
    address = f"/pay/jobs/{job.pk}/"
    assert "Refresh" in client.get(address)
    do_all(job)
    assert "Refresh" not in client.get(address)
    counts = client.get(address, headers={"accept": "application/json"}).json()
    assert counts == {"done": 2, "failed": 0, "total": 2}
    client.force_login(user("clerk-a"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(address).status_code == 404
