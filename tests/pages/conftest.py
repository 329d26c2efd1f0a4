"""The small district of the payroll tests, with a person in each of two streets and the clock held."""

from datetime import date

import pytest

from payroll.models import GradeTable, PayrollRun
from songshan_cw.words.periods import parse
from songshan_cw.words.terms import Role
from tests.compliance.conftest import regions
from tests.pages.visits import CANARY, HIRED, TODAY, YEARS
from tests.payroll import world
from tests.payroll.conftest import district, table
from tests.worlds import shared
from workers.models import User, Worker

__all__ = ["district", "regions", "table"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> date:
    """The people pages' own day."""
    for module in ("person", "people", "events"):
        monkeypatch.setattr(f"payroll.pages.{module}.timezone.localdate", lambda: TODAY)
    return TODAY


@shared(table)
def town(table: GradeTable) -> GradeTable:
    for username, role in (("finance", Role.FINANCE), ("organisation", Role.ORGANISATION)):
        User.objects.create(username=username, role=role.value, region_id=world.DISTRICT)
    return table


@shared(town)
def worker(town: GradeTable) -> Worker:
    return world.person(world.staff(HIRED, assessments=YEARS), name="张三丰")


@shared(town)
def stranger(town: GradeTable) -> Worker:
    """Somebody of the other street, whose name must never show."""
    return world.person(world.staff(HIRED, assessments=YEARS), name=CANARY, community=world.B1)


@shared(worker, stranger)
def paid(worker: Worker, stranger: Worker) -> PayrollRun:
    """Both streets' September and October approved; the October run of the first."""
    for month in ("2026-09", "2026-10"):
        world.pay_month(month, world.A, world.B)
    return PayrollRun.objects.get(street=world.A, month=parse("2026-10"))
