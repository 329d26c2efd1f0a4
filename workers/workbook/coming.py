"""Combine a person's rows of a workbook with the stored ones, judge the result, and find the cells of findings."""

from datetime import date
from typing import Any

from workers.rules.dossier import (
    APPOINTMENT,
    CONTRACT,
    KINDS,
    PERSON,
    Dossier,
    Rows,
    read_dossier,
)
from workers.rules.identity import birth_date
from workers.rules.judge import Finding, judge, judge_change
from workers.workbook.people import Key, Person, StoredFact
from workers.workbook.sheets import ASSIGNMENTS, ROSTER, Sheet, all_sheets

Laid = list[tuple[Any, dict[str, Any]]]  # the file's row (None: only stored) and the values that would be stored
# What 花名册 says of the first appointment and of the contract, by the field of their record.
ROSTER_FIELDS = {
    APPOINTMENT: {"start": "hired_on"},
    CONTRACT: {"start": "contract_start", "end": "contract_end"},
}


def findings_of(person: Person, today: date) -> list[Finding]:
    """Judge the person's stored facts with the file's laid over them; what was wrong before is left out."""
    after = _dossier(person, coming_rows(person))
    if person.stored is None:
        return judge(after, today)
    return judge_change(_dossier(person, _stored_rows(person)), after, today)


def cell_of(finding: Finding, person: Person) -> tuple[Sheet, Any, str]:
    """Return the sheet, the row and the field where the clerk can mend a finding: its first place in the file."""
    for place in finding.places:
        if place.row is not None and place.row is person.roster:
            return ROSTER, place.row, ROSTER_FIELDS.get(place.record, {}).get(place.field, place.field)
        if place.row is not None:
            return next(sheet for sheet in all_sheets() if sheet.name == place.record), place.row, place.field
    if person.roster is not None:
        return ROSTER, person.roster, "hired_on"
    sheet = next(sheet for sheet in all_sheets() if person.rows.get(sheet.name))
    return sheet, person.rows[sheet.name][0], sheet.key[0] if sheet.key else sheet.fields[0]


def coming_rows(person: Person) -> dict[str, Laid]:
    """Return the rows of every kind as they would be stored. A blank cell never wipes a stored value."""
    rows = {sheet.name: laid_over(sheet, person) for sheet in all_sheets() if sheet is not ROSTER}
    rows[PERSON] = [(person.roster, {name: _current(person, name) for name in ("hired_on", "entry_education")})]
    if not rows[APPOINTMENT] and person.roster is not None and ASSIGNMENTS.name not in person.unsure:
        given = person.roster.values
        rows[APPOINTMENT] = [(person.roster, {**given, "start": given["hired_on"], "dual": bool(given["dual"])})]
    if person.roster is not None and (contract := _contract(person)):
        rows[CONTRACT] = [*rows.get(CONTRACT, ()), (person.roster, contract)]
    return rows


def laid_over(sheet: Sheet, person: Person) -> Laid:
    """Return the stored rows of a sheet with the file's laid over those of the same key."""
    found: dict[Key, tuple[Any, dict[str, Any]]] = {}
    for key, fact in person.stored_facts(sheet.name).items():
        if fact.counted:
            found[_moved_key(sheet, person, key)] = (None, _moved_values(sheet, person, key, fact))
    for row in person.rows.get(sheet.name, ()):
        key = tuple([row.values[name] for name in sheet.key])
        before = found[key][1] if key in found else {}
        given = {name: row.values[name] for name in sheet.fields if row.values[name] is not None}
        found[(id(row),) if None in key else key] = (row, {**before, **given})
    return list(found.values())


def moved_start(person: Person, start: date) -> date:
    """Return where the first appointment starts after the date of hiring is corrected.

    It moves along, unless another appointment lies between the two dates."""
    if person.stored is None or start != person.stored.values["hired_on"] or person.hired_on in (None, start):
        return start
    if any(row.values["start"] == start for row in person.rows.get(ASSIGNMENTS.name, ())):
        return start
    others = [key[0] for key in person.stored_facts(ASSIGNMENTS.name) if key[0] != start]
    return person.hired_on if all(other > person.hired_on for other in others) else start


def _moved_key(sheet: Sheet, person: Person, key: Key) -> Key:
    return (moved_start(person, key[0]),) if sheet is ASSIGNMENTS else key


def _moved_values(sheet: Sheet, person: Person, key: Key, fact: StoredFact) -> dict[str, Any]:
    return {**fact.values, "start": moved_start(person, key[0])} if sheet is ASSIGNMENTS else fact.values


def _stored_rows(person: Person) -> Rows:
    assert person.stored is not None
    rows: dict[str, Laid] = {
        name: [(None, fact.values) for fact in facts.values() if fact.counted]
        for name, facts in person.stored.facts.items()
    }
    return rows | {PERSON: [(None, person.stored.values)]}


def _dossier(person: Person, rows: Rows) -> Dossier:
    return read_dossier(birth_date(person.id_number), rows, frozenset(person.unsure & KINDS.keys()))


def _current(person: Person, name: str) -> Any:
    """Return what the roster says, else what is stored; nothing where the cell could not be read."""
    if person.roster is not None and name in person.roster.unread:
        return None
    return getattr(person, name)


def _contract(person: Person) -> dict[str, Any]:
    """Return the contract whose end the roster gives."""
    start, end = person.roster.values["contract_start"], person.roster.values["contract_end"]
    if end is None:
        return {}
    if start is None and person.stored and person.stored.newest_contract:
        start = person.stored.newest_contract.values["start"]
    return {"start": start or person.hired_on, "end": end}
