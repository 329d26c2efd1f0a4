"""A deduction and an employer's share that only these tests know: pages and admin show them without a word of their
own."""

from decimal import Decimal

import pytest
from django.urls import reverse

from payroll.models import GradeTable, Payslip
from payroll.services.runs import compute_runs
from songshan_cw.words.periods import parse
from tests.invented import DUES, FUND, register
from tests.pages.visits import signed_in
from tests.payroll import world
from workers.models import Worker

MONTH, BEFORE = "2026-10", "2026-09"


@pytest.fixture
def slip(town: GradeTable, worker: Worker, monkeypatch: pytest.MonkeyPatch) -> Payslip:
    """A draft of October with dues, after September without them."""
    world.pay_month(BEFORE, world.A)
    register(monkeypatch)
    compute_runs(month=parse(MONTH), street_codes=[world.A], at=world.NOW)
    return Payslip.objects.get(month=parse(MONTH), worker=worker)


def paid_by(slip: Payslip) -> Decimal:
    return slip.lines.get(component=DUES).amount


def test_the_run_shows_its_sums_its_slips_and_the_change(slip: Payslip) -> None:
    page = signed_in("clerk-a").get(reverse("admin:pay_run", args=[MONTH, world.A]))
    text, net = page.content.decode(), slip.gross_pay - paid_by(slip)
    assert text.count(f"{DUES}(元)") == text.count(f"{FUND}(元)") == 2
    assert f'<td class="n">{net:,.2f}</td>' in text
    [change] = page.context_data["changes"].page
    assert (change.now, change.difference) == (net, -paid_by(slip))
    assert [reason.text for reason in change.reasons] == [f"{DUES}0.00元→{paid_by(slip)}元"]


def test_months_and_person_show_what_is_paid_and_not_the_employer_s_share(slip: Payslip) -> None:
    clerk = signed_in("clerk-a")
    for address in (reverse("admin:pay_months"), reverse("admin:person", args=[slip.worker_id])):
        text = clerk.get(address).content.decode()
        assert DUES in text and "实发工资" in text and FUND not in text


def test_the_admin_lists_them(slip: Payslip) -> None:
    admin = signed_in("admin")
    page = admin.get(reverse("admin:payroll_payslip_change", args=[slip.pk])).content.decode()
    runs = admin.get(reverse("admin:payroll_payrollrun_changelist")).content.decode()
    for text in (page, runs):
        assert DUES in text and FUND in text and "实发工资" in text
