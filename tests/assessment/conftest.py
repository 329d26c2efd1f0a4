from collections.abc import Iterator

import pytest
from django.db import connection

from payroll import finality
from tests.compliance import world


@pytest.fixture
def regions(db: None) -> None:
    world.found_world()


@pytest.fixture
def committed_regions(transactional_db: None) -> Iterator[None]:
    """Real commits are cleaned by truncation, which the triggers of approved pay refuse; lift them afterwards."""
    world.found_world()
    yield
    with connection.cursor() as cursor:
        for statement in finality.drop_statements(connection.vendor):
            cursor.execute(statement)
