"""Sealed content as canonical text, the same on both engines, and the chaining of digests."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any


def chained(previous: str, text: str) -> str:
    """Return the digest of a text chained to the previous digest."""
    return sha256(f"{previous}\n{text}".encode()).hexdigest()


def canonical(values: Iterable[Any]) -> str:
    return json.dumps([_plain(value) for value in values], ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return format(value, "f") if isinstance(value, Decimal) else value
