"""The income floor out of the ledger (rules 7.4; S 二(五)2)."""

from datetime import date
from decimal import Decimal

import pytest

from payroll.models import DisposableIncome, GradeTable
from payroll.selectors.income import floors, years_to_show
from payroll.services.floor import set_income
from songshan_cw.data.refusal import NotAllowed, Refused
from tests.payroll.world import DISTRICT, NOW, add_facts, pay_month, person, staff, user

YEAR = 2022


def enter(amount: str, year: int = YEAR - 1, by: str = "bureau") -> None:
    set_income(actor=user(by), district=DISTRICT, year=year, amount=Decimal(amount), at=NOW)


def pay_year(months: int = 12) -> None:
    for number in range(1, months + 1):
        pay_month(f"{YEAR}-{number:02d}")


def test_full_year_workers_only_and_below_is_said(table: GradeTable) -> None:
    person(staff(date(2021, 1, 1)), name="满年")
    person(staff(date(2022, 2, 1)), name="二月才来")
    pay_year()
    enter("42000.01")
    [floor] = floors(DISTRICT, [YEAR])
    assert (floor.people, floor.average, floor.below) == (1, Decimal("42000.00"), True)
    enter("42000.00")
    [floor] = floors(DISTRICT, [YEAR])
    assert (floor.gap, floor.below) == (Decimal("0.00"), False), "恰好相等，不算低于"
    assert years_to_show(DISTRICT) == [YEAR]


def test_arrears_for_the_year_count_whenever_they_are_paid(table: GradeTable) -> None:
    worker = person(staff(date(2021, 1, 1)))
    pay_year()
    add_facts(worker, {"certificates": [{"date": date(2021, 5, 1), "level": "助理社会工作师"}]})
    pay_month("2023-01")
    [floor] = floors(DISTRICT, [YEAR])
    assert floor.average == Decimal("44400.00")
    assert floor.income is None and floor.gap is None and not floor.below


def test_eleven_months_are_no_year(table: GradeTable) -> None:
    person(staff(date(2021, 1, 1)))
    pay_year(11)
    [floor] = floors(DISTRICT, [YEAR])
    assert (floor.people, floor.average) == (0, None)
    assert years_to_show(DISTRICT) == []


def test_only_the_bureau_enters_and_a_correction_replaces(table: GradeTable) -> None:
    for by in ("clerk-a", "leader-a", "admin"):
        with pytest.raises(NotAllowed, match="民政局"):
            enter("40000", by=by)
    enter("40000")
    enter("41000")
    row = DisposableIncome.objects.get()
    assert (row.amount, row.entered_by) == (Decimal("41000.00"), user("bureau"))


@pytest.mark.parametrize("amount", ["0", "-1", "1000000.01", "1.001", "Infinity"])
def test_senseless_figures_are_refused(district: None, amount: str) -> None:
    with pytest.raises(Refused, match="没有保存"):
        enter(amount)
    assert not DisposableIncome.objects.exists()
