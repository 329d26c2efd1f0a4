"""人员类别 in the workbook: dated changes, the roster's category as today's (rules 2.4)."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.workbook import build
from tests.workbook.stored_rows import forget_people, stored_rows
from workers.models import CategoryRecord, Worker
from workers.workbook.exporting import export_workbook
from workers.workbook.planning import ImportPlan, plan_import
from workers.workbook.reading import read_workbook
from workers.workbook.writing import apply_import

pytestmark = pytest.mark.django_db
TAKEN_IN = date(2025, 12, 1)


def book_of(category: str, *rows: tuple[Any, str]) -> build.Book:
    """One person: the roster's category, and rows of the sheet (None: the day of hiring)."""
    full = build.clean_book()
    person = full["花名册"][0]
    at = build.HEADERS["花名册"].index
    person[at("人员类别")] = category
    name, number, hired = (person[at(head)] for head in ("姓名", "身份证号", "参加社区工作时间"))
    of_person = {sheet: [row for row in of if row[1] == number] for sheet, of in full.items() if sheet != "花名册"}
    changes = [[name, number, start or hired, word, "文1"] for start, word in rows]
    return {"花名册": [person], **of_person, "人员类别": changes}


def plan(path: Path) -> ImportPlan:
    return plan_import(read_workbook(path), actor=None, at=timezone.now())


def take(book: build.Book, path: Path) -> ImportPlan:
    done = apply_import(read_workbook(build.save(book, path)), actor=None, at=timezone.now())
    assert done.plan.faults == () and done.record is not None
    return done.plan


@pytest.fixture(autouse=True)
def _regions() -> None:
    build.make_regions()


def dated() -> list[tuple[date, str]]:
    return list(CategoryRecord.objects.order_by("start").values_list("start", "category"))


def test_who_was_taken_in_comes_with_both_categories(tmp_path: Path) -> None:
    take(book_of("专职工作者", (None, "收费站分流"), (TAKEN_IN, "专职工作者")), tmp_path / "a.xlsx")
    assert Worker.objects.get().category == "收费站分流"
    assert dated() == [(TAKEN_IN, "专职工作者")]


def test_what_is_exported_comes_back_the_same_here_and_into_an_empty_database(tmp_path: Path) -> None:
    take(book_of("专职工作者", (None, "收费站分流"), (TAKEN_IN, "专职工作者")), tmp_path / "a.xlsx")
    before = stored_rows()
    export_workbook(tmp_path / "out.xlsx", actor=None)
    again = plan(tmp_path / "out.xlsx")
    assert (again.faults, again.created, again.updated) == ((), 0, 0)
    forget_people()
    done = apply_import(read_workbook(tmp_path / "out.xlsx"), actor=None, at=timezone.now())
    assert done.plan.faults == () and stored_rows() == before
    assert dated() == [(TAKEN_IN, "专职工作者")]


def test_the_sheet_alone_dates_a_change_of_a_stored_person(tmp_path: Path) -> None:
    take(book_of("收费站分流"), tmp_path / "a.xlsx")
    take(book_of("专职工作者", (TAKEN_IN, "专职工作者")), tmp_path / "b.xlsx")
    assert Worker.objects.get().category == "收费站分流" and dated() == [(TAKEN_IN, "专职工作者")]


def test_a_roster_with_another_category_is_asked_for_the_day(tmp_path: Path) -> None:
    take(book_of("收费站分流"), tmp_path / "a.xlsx")
    [fault] = plan(build.save(book_of("专职工作者"), tmp_path / "b.xlsx")).faults
    assert (fault.sheet, fault.column, fault.code) == ("花名册", "人员类别", "roster_differs_from_history")
    assert "请在“人员类别”表加一行" in fault.message and Worker.objects.get().category == "收费站分流"


def test_the_rows_of_a_new_person_begin_with_the_hiring(tmp_path: Path) -> None:
    [fault] = plan(build.save(book_of("专职工作者", (TAKEN_IN, "专职工作者")), tmp_path / "a.xlsx")).faults
    assert (fault.sheet, fault.column, fault.code) == ("人员类别", "起始日期", "category_not_from_hiring")


def test_a_day_before_the_hiring_is_refused(tmp_path: Path) -> None:
    rows = ((date(2001, 1, 1), "收费站分流"), (None, "专职工作者"))
    [fault] = plan(build.save(book_of("专职工作者", *rows), tmp_path / "a.xlsx")).faults
    assert (fault.sheet, fault.code) == ("人员类别", "category_before_hiring")
