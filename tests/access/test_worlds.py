"""Shared worlds: a test sees those it asks for and no other, as they were built."""

import pytest

from payroll.models import GradeTable
from tests.payroll.world import A
from tests.worlds import STANDING
from workers.models import Region, User


def standing() -> list[str]:
    return [floor.world.build.__name__ for floor in STANDING]


@pytest.mark.parametrize("turn", [1, 2])
def test_what_one_test_changes_the_next_does_not_see(table: GradeTable, turn: int) -> None:
    assert standing() == ["district", "table"]
    assert Region.objects.get(code=A).name == "甲街道" and table.name != "改"
    Region.objects.filter(code=A).update(name="改")
    table.name = "改"


def test_a_smaller_world_lacks_what_a_larger_one_has(district: None) -> None:
    assert standing() == ["district"]
    assert User.objects.exists() and not GradeTable.objects.exists()


def test_without_a_world_the_database_is_empty(db: None) -> None:
    assert standing() == [] and not Region.objects.exists()


def test_a_test_with_real_commits_builds_its_own(transactional_db: None, district: None) -> None:
    assert standing() == [] and Region.objects.filter(code=A).exists()
