"""Two imports of the same people at one moment: one writes, the other finds nothing left to do."""

from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from tests.workbook import build
from workers.models import PostAssignment, Standing, WorkbookImport, Worker
from workers.workbook.planning import ImportPlan
from workers.workbook.reading import read_workbook
from workers.workbook.writing import apply_import


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="需要PostgreSQL：两个线程各用一个连接")
@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once(tmp_path: Path) -> None:
    build.make_regions()
    reading = read_workbook(build.save(build.clean_book(), tmp_path / "a.xlsx"))
    barrier, plans = Barrier(2), list[ImportPlan]()

    def import_it() -> None:
        barrier.wait()
        try:
            plans.append(apply_import(reading, actor=None, at=timezone.now()).plan)
        finally:
            connection.close()

    threads = [Thread(target=import_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((plan.created, plan.unchanged) for plan in plans) == [(0, 22), (22, 0)]
    assert Worker.objects.count() == Standing.objects.count() == 6
    assert PostAssignment.objects.count() == 7 and WorkbookImport.objects.count() == 2
