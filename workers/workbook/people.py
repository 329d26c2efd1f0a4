"""A person of the workbook: what the file says of them beside what is stored."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

Key = tuple[Any, ...]


@dataclass(slots=True)
class StoredFact:
    pk: int
    values: dict[str, Any]
    locked: bool = False
    counted: bool = True


@dataclass(slots=True)
class StoredPerson:
    """``facts``: sheet name → key → row; ``contracts``: start → row."""

    pk: int
    street: str
    values: dict[str, Any]
    facts: dict[str, dict[Key, StoredFact]] = field(default_factory=dict)
    contracts: dict[date, StoredFact] = field(default_factory=dict)

    @property
    def newest_contract(self) -> StoredFact | None:
        return self.contracts[max(self.contracts)] if self.contracts else None


@dataclass(slots=True)
class Person:
    """``rows``: sheet name → the file's rows; ``unsure``: sheets with a row of theirs that could not be read."""

    id_number: str
    roster: Any = None
    stored: StoredPerson | None = None
    rows: dict[str, list[Any]] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)

    @property
    def name(self) -> str | None:
        name = self.roster.values["name"] if self.roster else None
        return name or (self.stored.values["name"] if self.stored else None)

    @property
    def hired_on(self) -> date | None:
        return self._current("hired_on")

    @property
    def entry_education(self) -> str | None:
        return self._current("entry_education")

    def _current(self, name: str) -> Any:
        given = self.roster.values[name] if self.roster else None
        return given if given is not None else (self.stored.values[name] if self.stored else None)

    def stored_facts(self, sheet_name: str) -> dict[Key, StoredFact]:
        return self.stored.facts.get(sheet_name, {}) if self.stored else {}
