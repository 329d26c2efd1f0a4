from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from payroll import finality
from payroll.models import GradeTable
from tests.payroll import world


@pytest.fixture
def district(db: None) -> None:
    world.found_district()


@pytest.fixture
def table(district: None, tmp_path: Path) -> GradeTable:
    """A confirmed sample table: pay can be approved."""
    return world.bring_table(tmp_path / "table")


@pytest.fixture
def finality_lifted(transactional_db: None) -> Iterator[None]:
    """Tests with real commits are cleaned by truncation, which the finality triggers refuse; lift them afterwards."""
    yield
    with connection.cursor() as cursor:
        for statement in finality.drop_statements(connection.vendor):
            cursor.execute(statement)
    connection.commit() if not connection.get_autocommit() else None
