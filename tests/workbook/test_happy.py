"""A clean workbook goes in, the same again changes nothing, and what comes out goes in unchanged."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.workbook import build
from workers.models import Standing, WorkbookImport, Worker

pytestmark = pytest.mark.django_db


def run_import(path: Path) -> dict[str, object]:
    out = StringIO()
    call_command("import_workbook", path, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_clean_workbook_same_again_and_export(tmp_path: Path) -> None:
    build.make_regions()
    path = build.save(build.clean_book(), tmp_path / "book.xlsx")
    rows = sum(len(rows) for rows in build.clean_book().values())
    nothing = {"errors": [], "questions": [], "skipped": []}
    first, second = run_import(path), run_import(path)
    assert {first.pop("import"), second.pop("import")} == set(WorkbookImport.objects.values_list("pk", flat=True))
    assert first.pop("notices") and second.pop("notices")
    assert first == {"rows": rows, "created": rows, "updated": 0, "unchanged": 0, **nothing}
    assert second == {"rows": rows, "created": 0, "updated": 0, "unchanged": rows, **nothing}
    assert Worker.objects.count() == Standing.objects.count() == 6
    call_command("export_workbook", tmp_path / "out.xlsx", stdout=StringIO())
    again = run_import(tmp_path / "out.xlsx")
    assert (again["created"], again["updated"], again["errors"]) == (0, 0, [])
