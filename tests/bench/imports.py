"""Measuring the import of a personnel workbook, and of the same one again, beside reading it and copying its rows."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import models
from python_calamine import load_workbook

from assessment.models import AnnualAssessment
from payroll.demo.people import generate_people
from payroll.demo.workbook import write_people
from tests.bench.measuring import Line, Sample, measure
from tests.bench.population import communities_below
from tests.bench.rows import kept_rows, put_back, take_away
from tests.bench.scratch import settle_storage
from workers.models import (
    Certificate,
    Change,
    Contract,
    EducationRecord,
    Exit,
    Placement,
    PostAssignment,
    Secondment,
    ServiceGap,
    Standing,
    Training,
    WorkbookImport,
    Worker,
)
from workers.workbook.writing import import_file

TODAY = date(2026, 11, 21)
AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
AIM = 2.0
# In the order their rows may be written; taken away in the opposite one.
WRITTEN: tuple[type[models.Model], ...] = (
    *(Worker, PostAssignment, EducationRecord, Certificate, ServiceGap, Placement, AnnualAssessment, Exit),
    *(Contract, Secondment, Training, Standing, WorkbookImport, Change),
)
ALL = "1 = 1"


def measure_imports(*, people: int, below: str, repeat: int) -> Iterator[Line]:
    """Leaves the people of the workbook in the database."""
    with TemporaryDirectory(prefix="bench-") as folder:
        path = Path(folder, "people.xlsx")
        write_people(generate_people(communities_below(below), total=people, today=TODAY), path)
        ours, limits = [], []
        for _ in range(repeat):
            _empty()
            ours.append(measure(partial(import_file, path, actor=None, at=AT)))
            limits.append(_limit(path))
        yield Line(people, "导入：新人员", tuple(ours), tuple(limits), AIM)
        settle_storage()
        again = tuple(measure(partial(import_file, path, actor=None, at=AT)) for _ in range(repeat))
        yield Line(people, "导入：再次，无变动（对比首次）", again, tuple(ours), 1.0)


def _limit(path: Path) -> Sample:
    """Reading every sheet, and the COPY of every row the import wrote."""
    reading = measure(partial(_read, path))
    with kept_rows([(model, ALL) for model in WRITTEN]) as kept:
        _empty()
        copying = measure(partial(put_back, kept))
    peak = max(reading.peak, copying.peak)
    return Sample(reading.seconds + copying.seconds, reading.cpu + copying.cpu, copying.statements, peak)


def _read(path: Path) -> int:
    book = load_workbook(str(path))
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def _empty() -> None:
    take_away([(model, ALL) for model in reversed(WRITTEN)])
    settle_storage()
