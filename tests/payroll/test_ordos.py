"""A banner of Ordos beside Songshan in one database: no pay before its own table, pay with it, and nothing mixes
(rules 1.2, 1.3; O 11)."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from payroll.models import GradeTable, PayrollRun, Payslip
from payroll.services.runs import compute_runs
from payroll.services.tables import confirm_grade_table, import_grade_table
from payroll.services.transitions import approve_runs, submit_runs
from songshan_cw.data.refusal import Refused
from songshan_cw.policy import PolicyGap
from songshan_cw.words.periods import parse
from songshan_cw.words.terms import Role
from tests import amounts
from tests.payroll import world
from tests.payroll.conftest import table
from tests.payroll.world import NOW, A, person, staff, user
from tests.worlds import shared
from workers.models import Region, User, Worker
from workers.selectors.scope import visible

DONGSHENG, STREET, COMMUNITY = "150602", "150602001", "150602001001"
MARCH = parse("2022-03")


@shared(table)
def ordos(table: GradeTable) -> Worker:
    """Songshan can pay; Dongsheng has people and accounts, and no table."""
    tree = [("1506", "鄂尔多斯市", "city", "15"), (DONGSHENG, "东胜区", "district", "1506")]
    tree += [(STREET, "交通街道", "street", DONGSHENG), (COMMUNITY, "某社区", "community", STREET)]
    for code, name, level, parent in tree:
        Region.objects.create(code=code, name=name, level=level, parent_id=parent)
    User.objects.create(username="clerk-o", role=Role.CLERK.value, region_id=STREET)
    User.objects.create(username="bureau-o", role=Role.BUREAU.value, region_id=DONGSHENG)
    person(staff(date(2020, 1, 1)), name="松山人")
    return person(staff(date(2020, 1, 1)), name="东胜人", community=COMMUNITY)


def bring_table(folder: Path) -> None:
    path = world.write_table(folder, base="60000.00")
    import_grade_table(path=path, district=DONGSHENG, actor=None, at=NOW)


def test_without_its_table_nothing_is_paid_and_it_is_said(ordos: Worker) -> None:
    with pytest.raises(Refused, match="没有可用的等级系数表"):
        compute_runs(month=MARCH, street_codes=[STREET], at=NOW)
    assert [run.street_id for run in compute_runs(month=MARCH, at=NOW)] == [A]


def test_with_its_table_it_pays_by_its_own_amounts(ordos: Worker, tmp_path: Path) -> None:
    bring_table(tmp_path / "ordos")
    [run] = compute_runs(month=MARCH, street_codes=[STREET], at=NOW)
    assert run.trial
    confirm_grade_table(district=DONGSHENG, document_no="东民发〔2022〕1号", actor=user("bureau-o"), at=NOW)
    compute_runs(month=MARCH, at=NOW)
    found = {slip.name: amounts.of(slip, "base_pay") for slip in Payslip.objects.all()}
    assert found == {"松山人": Decimal("3150.00"), "东胜人": Decimal("4500.00")}
    versions = set(Payslip.objects.values_list("name", "policy_version"))
    assert {name: version.split("@")[0] for name, version in versions} == {"松山人": "songshan", "东胜人": "ordos"}


def test_the_offices_of_one_city_do_not_reach_the_other(ordos: Worker, tmp_path: Path) -> None:
    bring_table(tmp_path / "ordos")
    confirm_grade_table(district=DONGSHENG, document_no="东民发〔2022〕1号", actor=user("bureau-o"), at=NOW)
    compute_runs(month=MARCH, at=NOW)
    assert {worker.name for worker in visible(Worker.objects.all(), user("bureau"))} == {"松山人"}
    assert {worker.name for worker in visible(Worker.objects.all(), user("bureau-o"))} == {"东胜人"}
    with pytest.raises(Refused):
        submit_runs(month=MARCH, street_codes=[STREET], actor=user("clerk-a"), at=NOW)
    submit_runs(month=MARCH, actor=user("clerk-o"), at=NOW)
    with pytest.raises(Refused):
        approve_runs(review_all=True, month=MARCH, street_codes=[STREET], actor=user("bureau"), at=NOW)
    [run] = approve_runs(review_all=True, month=MARCH, actor=user("bureau-o"), at=NOW)
    assert (run.street_id, PayrollRun.objects.get(street=A).state) == (STREET, "草稿")


def test_its_policy_begins_with_its_own_day(ordos: Worker, tmp_path: Path) -> None:
    """In force from 2021-08-31: September 2021 is its first whole month; Songshan has none then."""
    path = world.write_table(tmp_path / "early", base="60000.00", start="2021-01")
    import_grade_table(path=path, district=DONGSHENG, actor=None, at=NOW)
    assert compute_runs(month=parse("2021-09"), street_codes=[STREET], at=NOW)[0].headcount == 1
    with pytest.raises(PolicyGap):
        compute_runs(month=parse("2021-08"), street_codes=[STREET], at=NOW)
    with pytest.raises(PolicyGap):
        compute_runs(month=parse("2021-09"), street_codes=[A], at=NOW)
