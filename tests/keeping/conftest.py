from datetime import date

from payroll.models import GradeTable
from tests.own_database import own_database
from tests.payroll import world
from tests.payroll.conftest import district, table
from tests.worlds import shared


@shared(table)
def paid(table: GradeTable) -> None:
    """Two approved months in one street and one in the other; the second month carries arrears."""
    for _ in range(3):
        world.person(world.staff(date(2020, 1, 1)))
    world.person(world.staff(date(2020, 1, 1)), community=world.B1)
    world.pay_month("2022-01", world.A, world.B)
    world.person(world.staff(date(2020, 1, 1)))
    world.pay_month("2022-02")


__all__ = ["district", "own_database", "paid", "table"]
