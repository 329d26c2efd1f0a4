"""Read rows of several models side by side for many people, in key order, with one statement per model."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import models
from django.db.models import F, Func, Q, QuerySet

from workers.models import PostAssignment, Worker
from workers.selectors.scope import code_after

CHUNK = 5_000
MOST_NAMED = 50_000
Row = tuple[Any, ...]
NONE: list[Row] = []
NOBODY, BEYOND = -1, 1 << 63  # keys before the first and after the last person


def people_of(streets: Iterable[str]) -> QuerySet[Worker]:
    """Select everybody who was ever assigned to a community of one of the streets."""
    wanted = Q()
    for first, after in _stretches(sorted(streets)):
        wanted |= Q(community__gte=first, community__lt=after)
    return Worker.objects.filter(pk__in=PostAssignment.objects.filter(wanted).values("worker_id"))


def _stretches(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Join neighbouring region codes to ranges, because each range costs one comparison per row."""
    stretches: list[tuple[str, str]] = []
    for code in codes:
        first = stretches.pop()[0] if stretches and stretches[-1][1] == code else code
        stretches.append((first, code_after(code)))
    return stretches


@dataclass(frozen=True, slots=True)
class People:
    """People whose rows of several models are read. ``keys`` is None when there are too many to list."""

    rows: QuerySet[Worker]
    keys: tuple[int, ...] | None = None

    def of(self, model: type[models.Model]) -> QuerySet[Any]:
        """Filter a model to their rows."""
        rows = model._default_manager.all()
        if self.keys is None:
            return rows.filter(worker__in=self.rows.order_by().values("pk"))
        return among(rows, "worker_id", self.keys)

    def listed(self, rows: QuerySet[Any]) -> Iterator[Any]:
        """Iterate over rows. Large results are fetched in pieces."""
        return iter(rows) if self.keys is not None and len(self.keys) <= CHUNK else rows.iterator(CHUNK)


def pinned(workers: QuerySet[Worker]) -> People:
    """Fix the people by their keys unless there are very many.

    Otherwise the planner finds them again for every model, and may read the rows of a million people for one street.
    """
    keys = tuple(workers.order_by().values_list("pk", flat=True)[: MOST_NAMED + 1])
    return People(workers) if len(keys) > MOST_NAMED else People(among(Worker.objects.all(), "pk", keys), keys)


def among(rows: QuerySet[Any], column: str, values: Sequence[Any]) -> QuerySet[Any]:
    """Filter to rows with one of the values in a column. No values, no query."""
    return rows.filter(Among(F(column), values)) if values else rows.none()


class Among(Func):
    """Whether a column has one of many values, passed as one array parameter. Django would check each value."""

    output_field = models.BooleanField()

    def __init__(self, column: Any, values: Sequence[Any], **extra: Any) -> None:
        super().__init__(column, **extra)
        self.values = values

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        column, _ = compiler.compile(self.source_expressions[0])
        return f"{column} IN (SELECT value FROM json_each(%s))", [json.dumps(self.values)]

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        column, _ = compiler.compile(self.source_expressions[0])
        return f"{column} = ANY(%s)", [list(self.values)]


def rows_of(
    model: type[models.Model], people: People, order: str, *columns: str, where: Q | None = None
) -> Callable[[int], list[Row]]:
    """Return a reader of one person's rows (worker key first). Keys must be requested in rising order."""
    rows = people.of(model).order_by("worker_id", order)
    if where is not None:
        rows = rows.filter(where)
    return Follower(people.listed(rows.values_list("worker_id", *columns))).of


class Joined(models.Aggregate):
    """Aggregate the texts of a group with commas, in any order."""

    function = "GROUP_CONCAT"
    output_field = models.TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="STRING_AGG", template="%(function)s(%(expressions)s, ',')")


class Follower:
    """Read the rows of one person after the other; each row starts with the key. The first request runs the query."""

    __slots__ = ("_groups", "_rows", "key")

    def __init__(self, rows: Iterable[Row]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._rows = NONE
        self.key = NOBODY

    def of(self, key: int) -> list[Row]:
        """Return a person's rows. Keys must be requested in rising order; keys may be skipped."""
        while self.key < key:
            self.key, group = next(self._groups, (BEYOND, NONE))
            self._rows = list(group)
        return self._rows if self.key == key else NONE
