import pytest

from tests.compliance import world


@pytest.fixture
def regions(db: None) -> None:
    world.found_world()


@pytest.fixture
def committed_regions(transactional_db: None) -> None:
    """With real commits, for tests with threads of their own."""
    world.found_world()
