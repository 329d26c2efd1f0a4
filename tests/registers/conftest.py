import pytest

from tests.compliance import world


@pytest.fixture
def regions(db: None) -> None:
    world.found_world()
