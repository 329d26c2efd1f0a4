"""Each field old → new: what a row of the file would change of a stored one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workers.workbook.cells import DOTS


@dataclass(frozen=True, slots=True)
class FieldChange:
    field: str
    old: Any
    new: Any


def differences(stored: dict[str, Any], given: dict[str, Any], names: Sequence[str]) -> list[FieldChange]:
    """Given values of these names that differ; a blank never wipes, nor does spacing alone count as a change."""
    return [
        FieldChange(name, stored[name], value)
        for name in names
        if (value := given[name]) is not None and value != stored[name] and not same_text(stored[name], value)
    ]


def same_text(old: Any, new: Any) -> bool:
    """Whether two texts differ by no more than spacing and the kind of middle dot."""
    return old == new or (isinstance(old, str) and isinstance(new, str) and _bare(old) == _bare(new))


def _bare(text: str) -> str:
    return "".join(text.translate(DOTS).split())
