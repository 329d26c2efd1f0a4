"""Months before the go-live month were paid elsewhere: there is no run for them (7.8)."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from payroll.models import GradeTable, PayrollRun
from payroll.services.going_live import set_go_live
from payroll.services.runs import compute_runs
from payroll.services.transitions import approve_runs, submit_runs
from songshan_cw.data.refusal import NotAllowed, Refused
from songshan_cw.words.periods import parse
from tests.payroll.world import DISTRICT, NOW, A, pay_month, person, staff, user


@pytest.fixture
def worker(table: GradeTable) -> None:
    person(staff(date(2020, 1, 1)))


def test_the_month_before_is_refused_and_the_month_itself_computed(worker: None) -> None:
    set_go_live(actor=user("bureau"), district=DISTRICT, month=parse("2022-05"), at=NOW)
    with pytest.raises(Refused, match="自2022年5月起"):
        compute_runs(month=parse("2022-04"), street_codes=[A], at=NOW)
    compute_runs(month=parse("2022-05"), street_codes=[A], at=NOW)
    assert PayrollRun.objects.get().month == parse("2022-05")


def test_it_stays_once_a_month_is_approved(worker: None) -> None:
    set_go_live(actor=user("bureau"), district=DISTRICT, month=parse("2022-04"), at=NOW)
    set_go_live(actor=user("bureau"), district=DISTRICT, month=parse("2022-05"), at=NOW)
    pay_month("2022-05")
    with pytest.raises(Refused, match="已有审核过的月份"):
        set_go_live(actor=user("bureau"), district=DISTRICT, month=parse("2022-03"), at=NOW)


def test_it_is_the_bureau_s(worker: None) -> None:
    with pytest.raises(NotAllowed):
        set_go_live(actor=user("clerk-a"), district=DISTRICT, month=parse("2022-05"), at=NOW)
    with pytest.raises(CommandError):
        call_command("set_go_live", "2022-05", "--district", DISTRICT, "--by", "admin")
    call_command("set_go_live", "2022-05", "--district", DISTRICT, "--by", "bureau")


def test_a_draft_from_before_is_neither_submitted_nor_approved(worker: None) -> None:
    month, bureau = parse("2022-03"), user("bureau")
    compute_runs(month=month, street_codes=[A], at=NOW)
    set_go_live(actor=bureau, district=DISTRICT, month=month + 1, at=NOW)
    with pytest.raises(Refused, match="已在别处发放"):
        submit_runs(month=month, street_codes=[A], actor=user("clerk-a"), at=NOW)
    set_go_live(actor=bureau, district=DISTRICT, month=month, at=NOW)
    submit_runs(month=month, street_codes=[A], actor=user("clerk-a"), at=NOW)
    set_go_live(actor=bureau, district=DISTRICT, month=month + 1, at=NOW)
    with pytest.raises(Refused, match="已在别处发放"):
        approve_runs(month=month, street_codes=[A], actor=bureau, at=NOW)
