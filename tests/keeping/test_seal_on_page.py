"""The seal of an approved run stands on its page (rules 7.1)."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from payroll.models import GradeTable, PayrollRun, RunSeal
from payroll.services.runs import compute_runs
from songshan_cw.words.periods import label
from tests.payroll import world


@pytest.mark.django_db
def test_an_approved_run_shows_its_seal_and_a_draft_none(table: GradeTable, client: Client) -> None:
    world.person(world.staff(date(2020, 1, 1)))
    world.pay_month("2022-01")
    [draft] = compute_runs(month=PayrollRun.objects.get().month + 1, street_codes=[world.A], at=world.NOW)
    client.force_login(world.user("bureau"))
    pages = {}
    for run in PayrollRun.objects.all():
        answer = client.get(address(run))
        assert answer.status_code == 200
        pages[run.pk] = answer.content.decode()
    seal = RunSeal.objects.get()
    assert "审核封印：第1号" in pages[seal.run_id] and seal.digest[:16] in pages[seal.run_id]
    assert "审核封印" not in pages[draft.pk]


def address(run: PayrollRun) -> str:
    return reverse("admin:pay_run", args=[label(run.month), run.street_id])
