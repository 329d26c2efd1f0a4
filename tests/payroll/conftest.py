from pathlib import Path
from tempfile import TemporaryDirectory

from payroll.models import GradeTable
from tests.payroll import world
from tests.worlds import shared


@shared()
def district() -> None:
    world.found_district()


@shared(district)
def table(district: None) -> GradeTable:
    """A confirmed sample table: pay can be approved."""
    with TemporaryDirectory() as folder:
        return world.bring_table(Path(folder))
