import pytest

from tests.compliance import world
from tests.compliance.conftest import regions

__all__ = ["regions"]


@pytest.fixture
def committed_regions(transactional_db: None) -> None:
    """With real commits, for tests with threads of their own."""
    world.found_world()
