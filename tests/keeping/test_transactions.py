"""A deadlock is retried once, from the start, and only where nothing else is lost with it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg2.errors
import pytest
from django.db import OperationalError, connection, transaction

from songshan_cw.data.transactions import whole
from tests.payroll import world
from workers.models import Region


def broken_off(kind: type[Exception]) -> OperationalError:
    error = OperationalError("broken off")
    error.__cause__ = kind("broken off")
    return error


class Service:
    """Writes, and is broken off as often as told."""

    def __init__(self, times: int, kind: type[Exception]) -> None:
        self.times, self.kind, self.tries = times, kind, 0

    def __call__(self, code: str) -> int:
        self.tries += 1
        Region.objects.create(code=code, name="甲", level="province")
        if self.tries <= self.times:
            raise broken_off(self.kind)
        return Region.objects.count()


class Coded(Exception):
    pgcode = "40001"


class Other(Exception):
    pgcode = "57014"


class Deadlock(Exception):
    pgcode = "40P01"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", [Coded, Deadlock])
def test_broken_off_once_is_done_at_the_second_try(kind: type[Exception]) -> None:
    service = Service(1, kind)
    assert whole(service.__call__)("15") == 1
    assert service.tries == 2 and Region.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("times", "kind", "tries"), [(2, Deadlock, 2), (1, Other, 1), (1, ValueError, 1)])
def test_broken_off_again_or_for_another_reason_leaves_nothing(times: int, kind: type[Exception], tries: int) -> None:
    service = Service(times, kind)
    with pytest.raises(OperationalError):
        whole(service.__call__)("15")
    assert service.tries == tries and Region.objects.count() == 0


@pytest.mark.django_db
def test_inside_another_transaction_nothing_is_retried() -> None:
    service = Service(1, Deadlock)
    with pytest.raises(OperationalError), transaction.atomic():
        whole(service.__call__)("15")
    assert service.tries == 1 and Region.objects.count() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_real_deadlock_ends_well_for_both() -> None:
    world.found_district()
    meeting = Barrier(2)
    tries: list[str] = []

    @whole
    def take(first: str, second: str) -> None:
        tries.append(first)
        Region.objects.filter(code=first).update(name=f"{first}改")
        if len(tries) <= 2:
            meeting.wait(10)
        Region.objects.filter(code=second).update(name=f"{second}改")

    def both_ways(pair: tuple[str, str]) -> None:
        try:
            take(*pair)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(both_ways, [(world.A, world.B), (world.B, world.A)]))
    assert len(tries) == 3
    assert set(Region.objects.filter(code__in=[world.A, world.B]).values_list("name", flat=True)) == {
        f"{world.A}改",
        f"{world.B}改",
    }


def test_what_postgresql_says_is_what_is_looked_for() -> None:
    assert psycopg2.errors.lookup("40P01") is psycopg2.errors.DeadlockDetected
    assert psycopg2.errors.lookup("40001") is psycopg2.errors.SerializationFailure
