"""Many people's rows side by side, in key order: one statement per model, however many people."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from workers.models import PostAssignment, Worker
from workers.scope import code_after

CHUNK = 5_000
Row = tuple[Any, ...]


def people_of(streets: Iterable[str]) -> QuerySet[Worker]:
    """Everybody who was ever assigned to a community of one of the streets."""
    wanted = Q()
    for first, after in _stretches(sorted(streets)):
        wanted |= Q(community__gte=first, community__lt=after)
    return Worker.objects.filter(pk__in=PostAssignment.objects.filter(wanted).values("worker_id"))


def _stretches(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Region codes in order as stretches of codes, neighbours taken together: each costs a comparison a row."""
    stretches: list[tuple[str, str]] = []
    for code in codes:
        first = stretches.pop()[0] if stretches and stretches[-1][1] == code else code
        stretches.append((first, code_after(code)))
    return stretches


def pinned(workers: QuerySet[Worker]) -> QuerySet[Worker]:
    """The people by their keys, unless they are very many. A planner that must find out anew for each kind of row who
    they are has been seen to read the rows of a million for those of one street."""
    keys = list(workers.order_by().values_list("pk", flat=True)[: CHUNK + 1])
    return workers if len(keys) > CHUNK else Worker.objects.filter(pk__in=keys)


def rows_of(
    model: type[models.Model], workers: QuerySet[Worker], order: str, *columns: str, where: Q | None = None
) -> Callable[[int], list[Row]]:
    """The model's rows (worker key first) of one person after the other; keys must be asked for in rising order."""
    rows = model._default_manager.filter(worker__in=workers.order_by().values("pk")).order_by("worker_id", order)
    if where is not None:
        rows = rows.filter(where)
    return follower(iter(rows.values_list("worker_id", *columns).iterator(CHUNK)))


def follower(rows: Iterator[Row]) -> Callable[[int], list[Row]]:
    groups = groupby(rows, key=itemgetter(0))
    held: tuple[int, list[Row]] | None = None

    def of(key: int) -> list[Row]:
        nonlocal held
        while held is None or held[0] < key:
            group = next(groups, None)
            if group is None:
                held = (1 << 63, [])
                break
            held = (group[0], list(group[1]))
        return held[1] if held[0] == key else []

    return of
