from pathlib import Path

import pytest

from payroll.models import GradeTable
from tests.payroll import world


@pytest.fixture
def district(db: None) -> None:
    world.found_district()


@pytest.fixture
def table(district: None, tmp_path: Path) -> GradeTable:
    """A confirmed sample table: pay can be approved."""
    return world.bring_table(tmp_path / "table")
