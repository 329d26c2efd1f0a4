"""Talking to the server while computing: two cores at work instead of one, on one connection, in one transaction.

A started relay does its jobs in order in a thread of its own, which there has the caller's connection; from then on
to its end nobody else may use it. Before it, and on SQLite, which has no server that could work meanwhile, the caller
does a job at once.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import chain
from queue import SimpleQueue
from sys import getswitchinterval, setswitchinterval
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

from songshan_cw.data.bulk import Columns, copy_text, insert_rows, write_text
from songshan_cw.data.portions import CHUNK, Portion, Portions, Source, portions

T = TypeVar("T")
Consequence = Callable[[Sequence[Sequence[Any]]], Callable[[], None]]  # of rows: a job
TOGETHER = 5_000  # rows of one table written
AT_FIRST = 500  # of them, twice as many each time: the server has nothing to do until the first come
TURN = 0.0005  # seconds: the server stands still while its answer waits for the computing thread's turn to end
USUAL_TURN = getswitchinterval()  # of the whole process: another relay may have shortened it when one begins
IN_HAND = 6  # jobs waiting at most: what is computed faster than the server takes it must not pile up


class Relay:
    """Jobs for the server. Used as a context: on leaving it all are done, and the first that failed is raised."""

    def __init__(self, in_hand: int = IN_HAND) -> None:
        self._in_hand = in_hand
        self._thread: ThreadPoolExecutor | None = None
        self._out: deque[Future[Any]] = deque()
        self._wanted: deque[Callable[[], None]] = deque()
        self._asked: deque[Future[None]] = deque()
        self._sources: list[Portions] = []

    def __enter__(self) -> "Relay":
        return self

    def __exit__(self, kind: Any, *_: Any) -> None:
        try:
            while kind is None and self._out:
                self._out.popleft().result()
        finally:
            if self._thread is not None:
                self._thread.shutdown(wait=True, cancel_futures=True)
                setswitchinterval(USUAL_TURN)
                connection.dec_thread_sharing()
        for source in self._sources if kind is None else ():
            source.close()

    def start(self) -> None:
        if connection.vendor == "postgresql":
            connection.inc_thread_sharing()
            setswitchinterval(TURN)
            self._thread = ThreadPoolExecutor(1, initializer=partial(_take_over, connections[DEFAULT_DB_ALIAS]))

    def submit(self, job: Callable[[], T]) -> Callable[[], T]:
        """Have a job done after those before it; what comes back waits for its result."""
        if self._thread is None:
            done = job()
            return lambda: done
        while len(self._out) >= self._in_hand:
            self._out.popleft().result()
        future = self._thread.submit(self._in_turn, job)
        self._out.append(future)
        return lambda: self._result(future)

    def insert(self, model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Have rows written, as ``insert_rows``; their text is made here and now, while the server does what came
        before."""
        columns = Columns(model, names)
        write = _copying if connection.vendor == "postgresql" else _inserting
        for start in range(0, len(rows), TOGETHER):
            self.submit(write(columns, rows[start : start + TOGETHER]))

    def read_ahead(self, sources: Sequence[Source], first: int = CHUNK) -> list[Iterator[Any]]:
        """The rows of each, the next chunk fetched while one is used, and before what waits to be written. Their
        statements are sent and the ``first`` rows of each fetched here and now."""
        asked = []
        for source in map(portions, sources):
            self._sources.append(source)
            asked.append(chain.from_iterable(self._chunks(source.take(first)(), source)))
        return asked

    def _chunks(self, chunk: list[Any], source: Portions) -> Iterator[list[Any]]:
        fetched: SimpleQueue[Portion] = SimpleQueue()
        while chunk:
            self._ask(partial(_fetch, source, fetched))
            yield chunk
            chunk = fetched.get()() or self._nothing_more()

    def _ask(self, fetch: Callable[[], None]) -> None:
        if self._thread is None:
            fetch()
            return
        self._wanted.append(fetch)
        self._asked.append(self._thread.submit(self._in_turn, _nothing))

    def _in_turn(self, job: Callable[[], T]) -> T:
        """What is waited for to be computed with goes before what has been computed."""
        while self._wanted:
            self._wanted.popleft()()
        return job()

    def _nothing_more(self) -> list[Any]:
        """A source is at its end, or something failed: then that is raised."""
        for future in (*self._out, *self._asked):
            if future.done():
                future.result()
        return []

    def _result(self, future: Future[T]) -> T:
        """An earlier job's failure is the cause of all after it: that is the one to raise."""
        while self._out and self._out[0].done():
            self._out.popleft().result()
        return future.result()


class Outlet:
    """Rows of several tables on their way out: many at a time and always in the order of the tables, so that what a
    row refers to is written no later than itself. The rest is written when the context ends well.

    ``then``: what the server is to do once rows of the first table are written."""

    def __init__(self, relay: Relay, *tables: Columns, then: Consequence | None = None) -> None:
        self._relay, self._then, self._many = relay, then, min(AT_FIRST, TOGETHER)
        self._waiting: list[tuple[Columns, list[Any]]] = [(columns, []) for columns in tables]
        self._writer = _copying if connection.vendor == "postgresql" else _inserting

    def __enter__(self) -> list[Callable[[Sequence[Any]], None]]:
        return [self._adder(rows) for _, rows in self._waiting]

    def __exit__(self, kind: Any, *_: Any) -> None:
        if kind is None:
            self._write()

    def _adder(self, rows: list[Any]) -> Callable[[Sequence[Any]], None]:
        def add(row: Sequence[Any]) -> None:
            rows.append(row)
            if len(rows) >= self._many:
                self._write()
                self._many = min(2 * self._many, TOGETHER)

        return add

    def _write(self) -> None:
        for place, (columns, rows) in enumerate(self._waiting):
            if rows:
                self._relay.submit(self._writer(columns, rows))
                if self._then is not None and place == 0:
                    self._relay.submit(self._then(rows))
                rows.clear()


def _fetch(source: Portions, fetched: "SimpleQueue[Portion]") -> None:
    chunk: Portion = list
    try:
        chunk = source.take(CHUNK)
    finally:
        fetched.put(chunk)


def _nothing() -> None:
    """Only the occasion to fetch what is wanted."""


def _copying(columns: Columns, rows: Sequence[Sequence[Any]]) -> Callable[[], None]:
    return partial(write_text, columns, copy_text(columns, rows))


def _inserting(columns: Columns, rows: Sequence[Sequence[Any]]) -> Callable[[], None]:
    return partial(insert_rows, columns.model, columns.names, tuple(rows))


def _take_over(shared: Any) -> None:
    """The relay's thread has no connection of its own but the caller's."""
    connections[DEFAULT_DB_ALIAS] = shared
