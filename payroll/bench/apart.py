"""Each kind of work in a process of its own, as workers do it: memory one keeps is not counted as the next one's."""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from django.db import connections

from payroll.bench.measuring import Line


def apart(measured: Callable[[], Iterable[Line]]) -> list[Line]:
    """The lines of a kind of work; on the same database, over a connection of its own."""
    connections.close_all()
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        return pool.submit(_listed, measured).result()


def _listed(measured: Callable[[], Iterable[Line]]) -> list[Line]:
    return list(measured())
