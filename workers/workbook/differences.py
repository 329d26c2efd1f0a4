"""Each field old → new: what a row of the file would change of a stored one."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldChange:
    field: str
    old: Any
    new: Any


def differences(stored: dict[str, Any], given: dict[str, Any]) -> list[FieldChange]:
    """Given values that differ; a blank never wipes, nor does spacing alone count as a change."""
    return [
        FieldChange(name, stored[name], value)
        for name, value in given.items()
        if value is not None and value != stored[name] and not _same_text(stored[name], value)
    ]


def _same_text(old: Any, new: Any) -> bool:
    return isinstance(old, str) and isinstance(new, str) and old.split() == new.split()
