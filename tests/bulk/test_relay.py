"""The relay keeps one order and one transaction, whoever computes meanwhile, and what fails is said and undone."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from sys import getswitchinterval
from threading import Event, get_ident
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from songshan_cw.data import relay as relays
from songshan_cw.data.bulk import Columns, plan_for_many, reserve_ids
from songshan_cw.data.relay import Outlet, Relay
from songshan_cw.words.periods import month
from tests.payroll import world
from workers.models import Placement, Region, Worker

COLUMNS = ["code", "name", "level", "parent_id"]
pytestmark = pytest.mark.django_db(transaction=True)


def rows(count: int) -> list[tuple[Any, ...]]:
    return [("99", "甲\t省\\一", "province", None), *((f"99{n:04d}", f"区{n}", "district", "99") for n in range(count))]


def write(count: int) -> None:
    with transaction.atomic():
        plan_for_many()
        with Relay() as relay, Outlet(relay, Columns(Region, COLUMNS)) as (add,):
            relay.start()
            for row in rows(count):
                add(row)


def test_every_row_arrives_once_and_as_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relays, "TOGETHER", 7)
    write(100)
    found = Region.objects.filter(code__startswith="99").order_by("code")
    assert list(found.values_list(*COLUMNS)) == sorted(rows(100))


def test_a_failure_undoes_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relays, "TOGETHER", 7)
    with pytest.raises(DatabaseError), transaction.atomic():
        plan_for_many()
        with Relay() as relay, Outlet(relay, Columns(Region, COLUMNS)) as (add,):
            relay.start()
            for row in [*rows(50), rows(50)[3], *rows(20)]:
                add(row)
    assert not Region.objects.filter(code__startswith="99").exists()


def test_a_failure_of_the_caller_undoes_all_of_it() -> None:
    with (
        pytest.raises(KeyError),
        transaction.atomic(),
        Relay() as relay,
        Outlet(relay, Columns(Region, COLUMNS)) as (add,),
    ):
        relay.start()
        for row in rows(50):
            add(row)
        raise KeyError
    assert not Region.objects.filter(code__startswith="99").exists()


def test_jobs_are_done_in_order_and_the_first_failure_is_raised() -> None:
    done: list[int] = []

    def failing() -> None:
        raise ValueError("first")

    with pytest.raises(ValueError, match="first"), Relay() as relay:
        relay.start()
        for number in range(20):
            relay.submit(lambda number=number: done.append(number))
        relay.submit(failing)
        relay.submit(lambda: done.append(99))()
    assert done[:20] == list(range(20))


def test_reading_ahead_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relays, "CHUNK", 3)
    with Relay() as relay:
        short, long, none = relay.read_ahead([iter(range(3)), iter(range(11)), iter(())])
        assert next(long) == 0
        relay.start()
        assert (list(short), list(long), list(none)) == ([0, 1, 2], list(range(1, 11)), [])


@transaction.atomic
def test_a_query_read_ahead_gives_its_rows_and_leaves_nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven rows by three are three portions, six are two and an empty one; months come as the product counts them."""
    monkeypatch.setattr(relays, "CHUNK", 3)
    world.found_district()
    for number in range(7):
        worker = world.person(world.staff(date(2020, 1, 1)), name=f"张{number}")
        Placement.objects.create(worker=worker, month=month(2022, 3), credited_months=number)
    placed = Placement.objects.order_by("worker").values_list("worker_id", "month", "credited_months")
    with Relay() as relay:
        seven, six, some = relay.read_ahead([placed, placed.filter(credited_months__lt=6), placed], first=3)
        relay.start()
        assert list(seven) == list(placed) and list(six) == list(placed)[:6]
        assert next(some)[1:] == (month(2022, 3), 0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_cursors WHERE name LIKE 'portions%'")
            assert cursor.fetchone() == (0,)


@transaction.atomic
def test_a_statement_read_ahead_gives_its_rows_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relays, "CHUNK", 3)
    counting = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 8) SELECT n, n * n FROM c"
    with Relay() as relay:
        [rows] = relay.read_ahead([counting], first=2)
        relay.start()
        assert list(rows) == [(number, number * number) for number in range(1, 9)]


@pytest.mark.postgres
def test_the_server_is_spoken_to_by_another_thread() -> None:
    with Relay() as relay:
        assert relay.submit(get_ident)() == get_ident()
        relay.start()
        assert relay.submit(get_ident)() != get_ident()


def test_reserved_keys_are_nobody_elses() -> None:
    one, other = reserve_ids(Worker, 3), reserve_ids(Worker, 2)
    assert len({*one, *other}) == 5


def test_what_is_read_does_not_wait_behind_what_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relays, "CHUNK", 2)
    order: list[str] = []
    writing = Event()

    def source() -> Iterator[int]:
        for number in range(6):
            order.append(f"read {number}")
            yield number

    with Relay() as relay:
        [numbers] = relay.read_ahead([source()])
        relay.start()
        relay.submit(partial(writing.wait, 5))
        for number in range(3):
            relay.submit(partial(order.append, f"write {number}"))
        assert next(numbers) == 0
        writing.set()
        assert list(numbers) == [1, 2, 3, 4, 5]
    if connection.vendor == "postgresql":
        assert order.index("read 5") < order.index("write 0")


def test_a_source_that_fails_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relays, "CHUNK", 2)

    def source() -> Iterator[int]:
        yield from range(7)
        raise KeyError("gone")

    with pytest.raises(KeyError, match="gone"), Relay() as relay:
        numbers, others = relay.read_ahead([source(), iter(range(100))])
        relay.start()
        assert list(others) == list(range(100))
        list(numbers)


@pytest.mark.postgres
def test_the_process_has_its_usual_turns_again_though_two_relays_overlapped() -> None:
    usual = getswitchinterval()
    with Relay() as first:
        first.start()
        assert getswitchinterval() == pytest.approx(relays.TURN)
        second = Relay()
    with second:
        second.start()
    assert getswitchinterval() == usual
