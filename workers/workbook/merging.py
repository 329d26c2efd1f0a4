"""Compares what the file says with what is stored: what would be created, what changed, what stays."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from workers.models import Contract, PostAssignment, Worker
from workers.rules.initials import initials_of
from workers.workbook.coming import moved_start
from workers.workbook.differences import FieldChange, differences
from workers.workbook.people import Person, StoredFact
from workers.workbook.sheets import ASSIGNMENTS, ROSTER, Sheet
from workers.workbook.stored import WORKER_FIELDS
from workers.workbook.tables import Row

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
TYPED_FIELDS = tuple(name for name in WORKER_FIELDS if name not in {"id_number", "initials"})
NEW_WORKER_DEFAULTS = dict.fromkeys(("ethnicity", "political_status", "phone", "bank_name", "bank_account", "note"), "")


@dataclass(slots=True)
class Outcome:
    """What one row of the file does: to which record, and each field old → new (empty for a new record)."""

    sheet: Sheet
    row: int
    person: Person
    kind: str
    changes: list[FieldChange] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Writes:
    """Rows to write, by model: new ones belong to a person, changed ones have their primary key."""

    new_people: list[Person] = field(default_factory=list)
    new_workers: list[dict[str, Any]] = field(default_factory=list)
    inserts: dict[type[Any], list[tuple[Person, dict[str, Any]]]] = field(default_factory=dict)
    updates: dict[type[Any], list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)

    def insert(self, model: type[Any], person: Person, values: dict[str, Any]) -> None:
        self.inserts.setdefault(model, []).append((person, values))

    def update(self, model: type[Any], pk: int, values: dict[str, Any]) -> None:
        self.updates.setdefault(model, []).append((pk, values))


class Merger:
    """Collects the outcomes and the writes of one import."""

    def __init__(self) -> None:
        self.writes = Writes()
        self.outcomes: list[Outcome] = []
        self.tally: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def merge_roster(self, person: Person) -> None:
        row = person.roster
        changes: list[FieldChange] = []
        if person.stored is None:
            self._new_worker(person, row)
            kind = CREATED
        else:
            changes = self._changed_worker(person, row)
            kind = UPDATED
        changes += self._merge_contract(person, row)
        changes += self._first_assignment(person, row)
        if person.stored is not None and not changes:
            kind = UNCHANGED
        self._count(ROSTER, row, person, kind, changes, row.values)

    def merge_fact(self, sheet: Sheet, person: Person, row: Row) -> None:
        stored = self._stored_fact(sheet, person, row) if person.stored is not None else None
        if stored is None:
            given = row.values
            values = {name: blank if given[name] is None else given[name] for name, blank in _blanks(sheet)}
            self.writes.insert(sheet.model, person, values)
            self._count(sheet, row, person, CREATED, [], values)
            return
        changes = differences(stored.values, row.values, sheet.fields)
        if changes:
            stored.values.update({change.field: change.new for change in changes})
            if not (sheet is ASSIGNMENTS and self._already_moving(stored)):
                self.writes.update(sheet.model, stored.pk, stored.values)
        self._count(sheet, row, person, UPDATED if changes else UNCHANGED, changes, stored.values)

    def _stored_fact(self, sheet: Sheet, person: Person, row: Row) -> StoredFact | None:
        key = tuple([row.values[name] for name in sheet.key])
        stored = person.stored_facts(sheet.name).get(key)
        return self._moved(person, key[0]) if sheet is ASSIGNMENTS and stored is None else stored

    def _new_worker(self, person: Person, row: Row) -> None:
        values = {name: row.values.get(name) for name in WORKER_FIELDS}
        for name, default in NEW_WORKER_DEFAULTS.items():
            values[name] = values[name] or default
        values["entry_education"] = values["entry_education"] or row.values["education"]
        values["initials"] = initials_of(values["name"])
        self.writes.new_people.append(person)
        self.writes.new_workers.append(values)

    def _changed_worker(self, person: Person, row: Row) -> list[FieldChange]:
        assert person.stored is not None
        stored = person.stored.values
        changes = differences(stored, row.values, TYPED_FIELDS)
        if changes:
            values = {**stored, **{change.field: change.new for change in changes}}
            values["initials"] = initials_of(values["name"])
            self.writes.update(Worker, person.stored.pk, values)
        return changes

    def _merge_contract(self, person: Person, row: Row) -> list[FieldChange]:
        start, end = row.values["contract_start"], row.values["contract_end"]
        if start is None and end is None:
            return []
        stored = self._stored_contract(person, start)
        if stored is None:
            values = {"start": start or person.hired_on, "end": end, "probation_end": None}
            self.writes.insert(Contract, person, values)
            given = {"contract_start": values["start"], "contract_end": end}
            return [FieldChange(name, None, value) for name, value in given.items() if value]
        if end is None or stored.values["end"] == end:
            return []
        change = FieldChange("contract_end", stored.values["end"], end)
        self.writes.update(Contract, stored.pk, {**stored.values, "end": end})
        return [change]

    @staticmethod
    def _stored_contract(person: Person, start: date | None) -> StoredFact | None:
        if person.stored is None:
            return None
        return person.stored.contracts.get(start) if start else person.stored.newest_contract

    def _first_assignment(self, person: Person, row: Row) -> list[FieldChange]:
        """Without any history the state of the roster has held since hiring; with it, its start may move."""
        if not person.stored_facts(ASSIGNMENTS.name) and not person.rows.get(ASSIGNMENTS.name):
            values = {name: row.values[name] for name in ("community_id", "post", "position")}
            values |= {"start": row.values["hired_on"], "dual": bool(row.values["dual"]), "document_no": ""}
            self.writes.insert(PostAssignment, person, values)
            return [FieldChange("post", None, row.values["post"])]
        for (start,), fact in person.stored_facts(ASSIGNMENTS.name).items():
            target = moved_start(person, start)
            if target != start and fact.values["start"] == start:
                fact.values["start"] = target
                self.writes.update(PostAssignment, fact.pk, fact.values)
        return []

    def _moved(self, person: Person, start: date) -> StoredFact | None:
        facts = person.stored_facts(ASSIGNMENTS.name).values()
        return next((fact for fact in facts if fact.values["start"] == start), None)

    def _already_moving(self, stored: StoredFact) -> bool:
        return any(pk == stored.pk for pk, _ in self.writes.updates.get(PostAssignment, ()))

    def _count(
        self, sheet: Sheet, row: Row, person: Person, kind: str, changes: list[FieldChange], values: dict[str, Any]
    ) -> None:
        self.tally[sheet.name][kind] += 1
        if kind != UNCHANGED:
            self.outcomes.append(Outcome(sheet, row.number, person, kind, changes, values))


@cache
def _blanks(sheet: Sheet) -> tuple[tuple[str, Any], ...]:
    """The sheet's fields, each with what a blank cell of a new row means."""
    return tuple((name, _blank_of(sheet, name)) for name in sheet.fields)


def _blank_of(sheet: Sheet, name: str) -> Any:
    field_of_model = sheet.model._meta.get_field(name.removesuffix("_id"))
    if field_of_model.null:
        return None
    return False if field_of_model.get_internal_type() == "BooleanField" else ""
