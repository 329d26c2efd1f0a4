"""A transaction that is retried once after a deadlock."""

from collections.abc import Callable
from functools import wraps
from time import sleep
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

P = ParamSpec("P")
R = TypeVar("R")
DEADLOCK, SERIALIZATION = "40P01", "40001"
PAUSE = 0.1  # seconds before the retry; at once it can take its first lock before the other wakes, and deadlock again


def whole(service: Callable[P, R]) -> Callable[P, R]:
    """Run a service in one transaction and retry it once after a deadlock.

    Only the outermost transaction is retried, because inside another one the earlier writes are lost as well. Use it
    for services that read everything they change.
    """
    once = transaction.atomic(service)

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        outermost = not connection.in_atomic_block
        try:
            return once(*args, **kwargs)
        except OperationalError as broken:
            if not outermost or _code(broken) not in {DEADLOCK, SERIALIZATION}:
                raise
        sleep(PAUSE)
        return once(*args, **kwargs)

    return run


def _code(error: OperationalError) -> str:
    """Return PostgreSQL's SQLSTATE, or an empty text on other engines."""
    return getattr(error.__cause__, "pgcode", None) or ""
