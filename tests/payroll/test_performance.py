"""The year's pool of a street out of approved months, divided to the cent (rules 6)."""

from datetime import date
from decimal import Decimal

import pytest

from assessment.models import AnnualAssessment
from payroll.models import GradeTable, PersonalWeight, ResultWeight
from payroll.selectors.performance import allocation
from songshan_cw.data.refusal import Refused
from songshan_cw.words.money import total
from tests.payroll.conftest import table
from tests.payroll.world import A, pay_month, person, staff
from tests.worlds import shared
from workers.models import Region, Worker


@shared(table)
def people(table: GradeTable) -> list[Worker]:
    results = ("优秀", "合格", "基本合格", "不合格")
    people = [person(staff(date(2020, 1, 1), assessments={2022: result})) for result in results]
    people.append(person(staff(date(2020, 1, 1))))
    for month in ("2022-01", "2022-02", "2022-03"):
        pay_month(month)
    return people


def shares() -> dict[str, Decimal]:
    return {one.id_number: one.share for one in allocation(street=Region.objects.get(code=A), year=2022).shares}


def test_default_weights(people: list[Worker]) -> None:
    found = allocation(street=Region.objects.get(code=A), year=2022)
    assert found.pool == 5 * 3 * Decimal("350.00")
    assert [one.weight for one in found.shares] == [Decimal("1.2"), 1, Decimal("0.6"), 0, 0]
    assert [one.share for one in found.shares] == [Decimal("2250.00"), Decimal("1875.00"), Decimal("1125.00"), 0, 0]
    assert total(one.share for one in found.shares) == found.pool
    assert [one.id_number for one in found.unassessed] == [people[4].id_number]


def test_a_street_sets_its_own_weights(people: list[Worker]) -> None:
    ResultWeight.objects.create(street_id=A, year=2022, result="优秀", weight=2)
    PersonalWeight.objects.create(street_id=A, year=2022, worker=people[4], weight=1, reason="借调期间由借调单位考核")
    found = shares()
    # 5250.00 over weights 2, 1, 0.6, 0, 1: the last two cents go to the largest remainders, the lower number first.
    assert [found[one.id_number] for one in people] == [
        Decimal("2282.61"),
        Decimal("1141.31"),
        Decimal("684.78"),
        0,
        Decimal("1141.30"),
    ]


def test_a_correction_after_the_year_belongs_to_the_year(people: list[Worker]) -> None:
    AnnualAssessment.objects.filter(worker=people[4]).delete()
    people[4].entry_education = "大学本科"
    people[4].save()
    pay_month("2023-01")
    found = allocation(street=Region.objects.get(code=A), year=2022)
    assert found.pool == 5 * 3 * Decimal("350.00") + 3 * Decimal("17.50")


def test_nothing_approved_nothing_to_divide(table: GradeTable) -> None:
    found = allocation(street=Region(code=A, name="甲街道"), year=2022)
    assert (found.pool, found.shares) == (Decimal("0.00"), ())


def test_a_pool_nobody_may_have_is_refused(table: GradeTable) -> None:
    person(staff(date(2020, 1, 1)))
    pay_month("2022-01")
    with pytest.raises(Refused, match="无法分配"):
        allocation(street=Region.objects.get(code=A), year=2022)
