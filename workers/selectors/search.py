"""Finding people by what somebody types: a name, its initials, a phone number, an ID number.

Each is asked of an index, so that a search costs the same among a thousand people and among a million. Two characters
out of the middle of a name are in no ordered index: PostgreSQL keeps the pairs of characters of each name in one.
"""

from typing import Any

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Reverse
from django.db.models.lookups import StartsWith

from songshan_cw.security.masking import holds_id_number

LONG_NAME = 8  # the few longer names are looked through one by one
PHONE_HEAD, TAIL = 3, 4
ID_DIGITS = 18


def search(text: str, prefix: str = "", *, by_number: bool) -> Q:
    """``prefix``: the way to the person. ``by_number``: an ID number, whole or its tail, finds too, for those who may
    see it (rules 10.6)."""
    text = text.replace("\x00", "").strip()
    if not text.isascii():
        return _by_name(text, f"{prefix}name")
    if not text[:1].isdigit() and text[:1] != "+":
        return Q(**{f"{prefix}initials__startswith": "".join(text.lower().split())})
    return _by_numbers(text, prefix, by_number)


def asks_for_number(text: str) -> bool:
    """Whether this is a whole ID number."""
    return bool(holds_id_number(text)) and len(text.strip()) == ID_DIGITS


def _by_numbers(text: str, prefix: str, by_number: bool) -> Q:
    """Whole, or by the beginning and end that are shown: any other part would read what is masked."""
    if len(text) <= PHONE_HEAD:
        return Q(**{f"{prefix}phone__startswith": text})
    if len(text) == TAIL:
        tail = _ends(f"{prefix}phone", text)
        return tail | _ends(f"{prefix}id_number", text.upper()) if by_number else tail
    found = Q(**{f"{prefix}phone": text})
    return found | Q(**{f"{prefix}id_number": text.upper()}) if by_number else found


def _by_name(text: str, name: str) -> Q:
    """Part of a name; a single character is a surname, or everybody would be found."""
    if len(text) == 1:
        return Q(**{f"{name}__startswith": text})
    return Q(**{f"{name}__contains": text}) & Q(MayHold(F(name), tuple(pairs_of(text))))


def pairs_of(text: str) -> list[str]:
    return [text[place : place + 2] for place in range(len(text) - 1)]


def _ends(column: str, text: str) -> Q:
    return Q(StartsWith(Reverse(column), text[::-1]))


def name_pairs(column: str) -> str:
    """The expression of the index, and of every question to it."""
    pairs = ", ".join(f"substr({column}, {place}, 2)" for place in range(1, LONG_NAME))
    return f"array_remove(ARRAY[{pairs}], '')"


class MayHold(Func):
    """Whether a name holds these pairs of characters or is too long to tell. Where there is no such index, it may."""

    output_field = models.BooleanField()

    def __init__(self, name: Any, pairs: tuple[str, ...], **extra: Any) -> None:
        super().__init__(name, **extra)
        self.pairs = pairs

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        return "1 = 1", []

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        column, _ = compiler.compile(self.source_expressions[0])
        return f"({name_pairs(column)} @> %s::text[] OR length({column}) > {LONG_NAME})", [list(self.pairs)]
