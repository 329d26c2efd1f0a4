"""One transaction, tried once more where the database broke it off to untangle it from another one."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

P = ParamSpec("P")
R = TypeVar("R")
DEADLOCK, SERIALIZATION = "40P01", "40001"


def whole(service: Callable[P, R]) -> Callable[P, R]:
    """All of a service or nothing. A deadlock is retried once, from the start and only where this is the outermost
    transaction: inside another one, what came before is lost with it. For services that read all they change."""
    once = transaction.atomic(service)

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        outermost = not connection.in_atomic_block
        try:
            return once(*args, **kwargs)
        except OperationalError as broken:
            if not outermost or _code(broken) not in {DEADLOCK, SERIALIZATION}:
                raise
        return once(*args, **kwargs)

    return run


def _code(error: OperationalError) -> str:
    """PostgreSQL's SQLSTATE; empty elsewhere."""
    return getattr(error.__cause__, "pgcode", None) or ""
