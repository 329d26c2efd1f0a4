"""Search for people by name, initials, phone number or ID number.

Each search uses an index, so that its cost does not grow with the number of people. Parts from the middle of a name
are in no ordered index: PostgreSQL indexes the pairs of characters of each name.
"""

from typing import Any

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Reverse
from django.db.models.lookups import StartsWith

from workers.models import FormerNumber

LONG_NAME = 8  # the few longer names are compared one by one
PHONE_HEAD, TAIL = 3, 4


def search(text: str, prefix: str = "", *, by_number: bool) -> Q:
    """Filter people by text. ``prefix``: path to the person. ``by_number``: the user may search by ID number
    and by whole telephone number (rules 10.6).
    """
    text = text.replace("\x00", "").strip()
    if not text.isascii():
        return _by_name(text, f"{prefix}name")
    if not text[:1].isdigit() and text[:1] != "+":
        return Q(**{f"{prefix}initials__startswith": "".join(text.lower().split())})
    return _by_numbers(text, prefix, by_number)


def asks_for_number(text: str) -> bool:
    """Return whether the text is an ID number or a telephone number, of which more is given than a page shows."""
    text = text.strip()
    return len(text) > TAIL and text[:-1].isdigit()


def _by_numbers(text: str, prefix: str, by_number: bool) -> Q:
    """Match whole numbers, or the beginning and end that are shown. Other parts would reveal what is masked."""
    if len(text) <= PHONE_HEAD:
        return Q(**{f"{prefix}phone__startswith": text})
    if len(text) == TAIL:
        tail = _ends(f"{prefix}phone", text)
        return tail | _ends(f"{prefix}id_number", text.upper()) if by_number else tail
    if not by_number:
        return Q(pk__in=())
    found = Q(**{f"{prefix}phone": text})
    former = FormerNumber.objects.filter(id_number=text.upper()).values_list("worker", flat=True).first()
    return Q(**{f"{prefix}pk": former}) if former else found | Q(**{f"{prefix}id_number": text.upper()})


def _by_name(text: str, name: str) -> Q:
    """Match a part of a name. A single character matches surnames only."""
    if len(text) == 1:
        return Q(**{f"{name}__startswith": text})
    return Q(**{f"{name}__contains": text}) & Q(MayHold(F(name), tuple(pairs_of(text))))


def pairs_of(text: str) -> list[str]:
    return [text[place : place + 2] for place in range(len(text) - 1)]


def _ends(column: str, text: str) -> Q:
    return Q(StartsWith(Reverse(column), text[::-1]))


def name_pairs(column: str) -> str:
    """Return the SQL expression of the index and of every query that uses it."""
    pairs = ", ".join(f"substr({column}, {place}, 2)" for place in range(1, LONG_NAME))
    return f"array_remove(ARRAY[{pairs}], '')"


class MayHold(Func):
    """Whether a name may contain these pairs of characters. Always true on engines without the index."""

    output_field = models.BooleanField()

    def __init__(self, name: Any, pairs: tuple[str, ...], **extra: Any) -> None:
        super().__init__(name, **extra)
        self.pairs = pairs

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        return "1 = 1", []

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        column, _ = compiler.compile(self.source_expressions[0])
        return f"({name_pairs(column)} @> %s::text[] OR length({column}) > {LONG_NAME})", [list(self.pairs)]
