"""Many people's rows side by side, in key order: one statement per model, however many people."""

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
NOBODY, BEYOND = -1, 1 << 63  # keys before and after everybody's


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


@dataclass(frozen=True, slots=True)
class People:
    """People whose rows of several kinds are asked for. ``keys`` None: too many to be named."""

    rows: QuerySet[Worker]
    keys: tuple[int, ...] | None = None

    def of(self, model: type[models.Model]) -> QuerySet[Any]:
        """Their rows of a model."""
        rows = model._default_manager.all()
        if self.keys is None:
            return rows.filter(worker__in=self.rows.order_by().values("pk"))
        return among(rows, "worker_id", self.keys)

    def listed(self, rows: QuerySet[Any]) -> Iterator[Any]:
        """The rows one after the other; of very many not all at once."""
        return iter(rows) if self.keys is not None and len(self.keys) <= CHUNK else rows.iterator(CHUNK)


def pinned(workers: QuerySet[Worker]) -> People:
    """The people by their keys, unless they are very many. A planner that must find out anew for each kind of row who
    they are has been seen to read the rows of a million for those of one street."""
    keys = tuple(workers.order_by().values_list("pk", flat=True)[: MOST_NAMED + 1])
    return People(workers) if len(keys) > MOST_NAMED else People(among(Worker.objects.all(), "pk", keys), keys)


def among(rows: QuerySet[Any], column: str, values: Sequence[Any]) -> QuerySet[Any]:
    """The rows with one of the values in a column; nothing is asked for none."""
    return rows.filter(Among(F(column), values)) if values else rows.none()


class Among(Func):
    """Whether a column holds one of many values, which travel as one parameter: Django would look at each of them."""

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
    """The model's rows (worker key first) of one person after the other; keys must be asked for in rising order."""
    rows = people.of(model).order_by("worker_id", order)
    if where is not None:
        rows = rows.filter(where)
    return Follower(people.listed(rows.values_list("worker_id", *columns))).of


class Joined(models.Aggregate):
    """The texts of a group as one, with commas between, in whatever order."""

    function = "GROUP_CONCAT"
    output_field = models.TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="STRING_AGG", template="%(function)s(%(expressions)s, ',')")


class Follower:
    """The rows of one person after the other, each starting with the key; ``key`` is whose are at hand. Nothing is
    asked for before the first person is."""

    __slots__ = ("_groups", "_rows", "key")

    def __init__(self, rows: Iterable[Row]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._rows = NONE
        self.key = NOBODY

    def of(self, key: int) -> list[Row]:
        """The rows of a person, none if there are none. Keys are asked for in rising order, not every one."""
        while self.key < key:
            self.key, group = next(self._groups, (BEYOND, NONE))
            self._rows = list(group)
        return self._rows if self.key == key else NONE
