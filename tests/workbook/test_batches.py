"""A workbook is planned and written batch by batch of its people, and still all of it or nothing."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import DataError, connection
from django.utils import timezone

from songshan_cw.data import bulk
from songshan_cw.data.refusal import Overtaken
from tests.workbook import build
from tests.workbook.stored_rows import forget_people, stored_rows
from workers.models import Change, Worker
from workers.workbook import planning, stored
from workers.workbook.changes import Digest
from workers.workbook.planning import open_workbook, plan_import
from workers.workbook.preview import Preview
from workers.workbook.writing import Imported, apply_import

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 60


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "BATCH_ROWS", 12)
    build.make_regions()


def apply(book: build.Book, folder: Path, **given: Any) -> Imported:
    path = build.save(book, folder / "book.xlsx")
    return apply_import(open_workbook(path), actor=None, at=timezone.now(), **given)


def own_row(book: build.Book, number: str) -> list[Any]:
    return next(row for row in book["花名册"] if row[1] == number)


def last_person(book: build.Book, folder: Path) -> str:
    """Somebody whose batch comes last."""
    [*_, last] = (batch.keys() for batch in batches_of(book, folder))
    return str(next(iter(last)))


def batches_of(book: build.Book, folder: Path) -> list[dict[str, None]]:
    batches = list[dict[str, None]]()
    reading = open_workbook(build.save(book, folder / "batches.xlsx"))
    take = lambda batch: batches.append(dict.fromkeys(one.person.id_number for one in batch.outcomes))  # noqa: E731
    plan_import(reading, actor=None, at=timezone.now(), take=take)
    assert len(batches) > 3
    return batches


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The COPY statements that go out."""
    sent, send = list[str](), bulk.send_copy
    monkeypatch.setattr(
        bulk, "send_copy", lambda cursor, statement, *rest: (sent.append(statement), send(cursor, statement, *rest))
    )
    return sent


def test_batches_of_any_size_write_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = build.random_book(7, PEOPLE)
    assert apply(book, tmp_path).record is not None
    by_batches = stored_rows()
    forget_people()
    monkeypatch.setattr(planning, "BATCH_ROWS", 100_000)
    assert apply(book, tmp_path).record is not None
    assert stored_rows() == by_batches
    monkeypatch.setattr(planning, "BATCH_ROWS", 12)
    again = apply(book, tmp_path).plan
    assert (again.created, again.updated) == (0, 0) and stored_rows() == by_batches


def test_a_fault_in_the_last_batch_takes_all_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = build.random_book(7, PEOPLE)
    own_row(book, last_person(book, tmp_path))[13] = "去年七月"
    sent = counted(monkeypatch)
    done = apply(book, tmp_path)
    assert done.record is None and [fault.code for fault in done.plan.faults] == ["date_unreadable"]
    assert not Worker.objects.exists() and not Change.objects.exists()
    assert connection.vendor == "sqlite" or sent, "nothing had been written yet"


def test_faults_of_all_batches_are_reported_together(tmp_path: Path) -> None:
    book = build.random_book(7, PEOPLE)
    for batch in batches_of(book, tmp_path):
        own_row(book, next(iter(batch)))[13] = "去年七月"
    faults = apply(book, tmp_path).plan.faults
    assert len(faults) == len({fault.row for fault in faults}) > 3
    assert [fault.row for fault in faults] == sorted(fault.row for fault in faults)


def test_who_is_entered_meanwhile_is_told_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = build.random_book(7, PEOPLE)
    late = last_person(book, tmp_path)
    Worker.objects.create(
        id_number=late, name="王小明", category="工作人员", hired_on=date(2020, 1, 1), entry_education="大学本科"
    )
    load = stored.load_people
    monkeypatch.setattr(
        stored, "load_people", lambda *given, **more: {n: p for n, p in load(*given, **more).items() if n != late}
    )
    with pytest.raises(Overtaken, match="没有写入任何内容"):
        apply(book, tmp_path)
    assert Worker.objects.count() == 1 and not Change.objects.exists()


def test_an_error_of_the_database_comes_out_as_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_ids: Any) -> None:
        raise DataError("no room")

    monkeypatch.setattr("workers.workbook.writing.refresh_standing", failing)
    with pytest.raises(DataError, match="no room"):
        apply(build.random_book(7, PEOPLE), tmp_path)
    assert not Worker.objects.exists()


def test_an_account_shared_across_batches_is_told_in_preview_and_import(tmp_path: Path) -> None:
    book = build.random_book(7, PEOPLE)
    first, *_, last = (next(iter(batch)) for batch in batches_of(book, tmp_path))
    own_row(book, first)[17] = own_row(book, last)[17] = "6222020200112233445"
    reading = open_workbook(build.save(book, tmp_path / "book.xlsx"))
    preview = plan_import(reading, actor=None, at=timezone.now()).notices
    told = [notice for notice in preview if "银行卡号" in notice.message]
    assert {notice.row for notice in told} == {book["花名册"].index(own_row(book, one)) + 2 for one in (first, last)}
    assert apply(book, tmp_path).plan.notices == preview
    assert list(apply(book, tmp_path).plan.notices) == told, "同名只在登记时提示"


def test_the_digest_is_that_of_the_preview(tmp_path: Path) -> None:
    book, preview, written = build.random_book(7, PEOPLE), Preview(), Digest()
    reading = open_workbook(build.save(book, tmp_path / "book.xlsx"))
    plan_import(reading, actor=None, at=timezone.now(), take=preview.take)
    apply(book, tmp_path, digest=written)
    assert preview.digest.text == written.text
