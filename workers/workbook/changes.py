"""Changes of an outcome as shown to users, for changes, previews and comparison of plans."""

import hashlib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from json import JSONEncoder
from typing import Any

from songshan_cw.words import periods
from workers.rules.identity import masked_account, masked_phone
from workers.workbook.merging import CREATED, Outcome
from workers.workbook.places import Places
from workers.workbook.sheets import ROSTER, Sheet

PLAIN_FIELDS = frozenset(
    {column.field for column in ROSTER.columns if column.kind == "text"}
    - {"bank_account", "phone", "community_id", "street"}
)
PLACES = frozenset({"community_id", "street"})
MASKED = {"bank_account": masked_account, "phone": masked_phone}
BY_KIND: dict[type, Callable[[Any], str]] = {
    bool: lambda value: "是" if value else "否",
    date: date.isoformat,
    Decimal: lambda value: format(value, "f"),
}
encode = JSONEncoder(ensure_ascii=False).encode


class Digest:
    """A digest that is equal for plans with the same effect on the same people in the same order."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, outcome: Outcome, items: list[list[str]]) -> None:
        self._hash.update(encode([outcome.sheet.name, outcome.person.id_number, outcome.kind, items]).encode())

    @property
    def text(self) -> str:
        return self._hash.hexdigest()


def change_items(outcome: Outcome, places: Places) -> list[list[str]]:
    """Return ``[record, key, field, old, new]`` for each field. A new record is one item."""
    sheet, values = outcome.sheet, outcome.values
    key = " ".join([shown_value(values[name], name, places) for name in sheet.key])
    if outcome.kind == CREATED:
        given = [
            BY_KIND.get(type(value), str)(value) if plain else shown_value(value, field, places)
            for field, plain in _fields(sheet)
            if (value := values[field])
        ]
        return [[sheet.name, key, "新增", "", " ".join(given)]]
    headers = {column.field: column.header for column in sheet.columns}
    return [
        [
            sheet.name,
            key,
            headers[change.field],
            shown_value(change.old, change.field, places),
            shown_value(change.new, change.field, places),
        ]
        for change in outcome.changes
    ]


@cache
def _fields(sheet: Sheet) -> tuple[tuple[str, bool], ...]:
    """Return the sheet's fields, each with whether only its kind is shown."""
    return tuple((field, field not in PLACES and field not in MASKED and field != "month") for field in sheet.fields)


def shown_value(value: Any, field: str, places: Places) -> str:
    """Format a value for users, masking account and phone numbers."""
    if value is None or value == "":
        return ""
    if field in PLAIN_FIELDS:
        return value  # type: ignore[no-any-return]
    if field in MASKED:
        return MASKED[field](value)
    if field in PLACES:
        return places.name(value)
    if field == "month":
        return periods.label(value)
    return BY_KIND.get(type(value), str)(value)
