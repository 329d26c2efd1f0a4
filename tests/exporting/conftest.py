import pytest

from tests.exporting.factories import make_regions


@pytest.fixture(autouse=True)
def regions(db):
    make_regions()
