"""Load what is stored of the people a file names: one statement per table for each ten thousand people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection

from songshan_cw.data.sealing import lookup_of
from workers.models import Contract, Standing, User, Worker
from workers.selectors.dossiers import COUNTED
from workers.selectors.scope import visible
from workers.selectors.streams import among
from workers.workbook.people import StoredFact, StoredPerson
from workers.workbook.sheets import Sheet

CHUNK = 10_000
WORKER_FIELDS = (
    "id_number",
    "name",
    "initials",
    "ethnicity",
    "political_status",
    "phone",
    "category",
    "hired_on",
    "entry_education",
    "bank_name",
    "bank_account",
    "note",
)
WORKER_COLUMNS = (*WORKER_FIELDS, "account_lookup")
CONTRACT_FIELDS = ("start", "end", "probation_end")


class Namesake(NamedTuple):
    """A stored person of a name that a file gives without a number."""

    id_number: str
    street: str
    community: str


def worker_row(values: Mapping[str, Any]) -> tuple[Any, ...]:
    """A person's values in the order of ``WORKER_COLUMNS``."""
    return *(values[name] for name in WORKER_FIELDS), lookup_of(values["bank_account"])


def load_stored(id_numbers: Iterable[str], sheets: Sequence[Sheet], *, lock: bool) -> dict[str, StoredPerson]:
    """The stored people among these ID numbers with their rows of these sheets; locked for a caller who writes."""
    people = load_people(id_numbers, lock=lock)
    load_facts(people.values(), sheets)
    return people


def load_people(id_numbers: Iterable[str], *, lock: bool) -> dict[str, StoredPerson]:
    """The stored people among these ID numbers, locked against other writers where asked."""
    people: dict[str, StoredPerson] = {}
    for chunk in chunks(sorted(id_numbers)):
        rows = among(Worker.objects.all(), "id_number", chunk)
        if lock and connection.features.has_select_for_update_of:
            rows = rows.select_for_update(of=("self",)).order_by("id")
        found = list(rows.values_list("pk", *WORKER_FIELDS))
        streets = streets_now([pk for pk, *_ in found])
        for pk, *values in found:
            people[values[0]] = StoredPerson(pk, streets.get(pk, ""), dict(zip(WORKER_FIELDS, values, strict=True)))
    return people


def namesakes(names: Iterable[str], actor: User | None) -> dict[str, list[Namesake]]:
    """The stored people of these names whom the user may see, by name; nobody who has left."""
    found: dict[str, list[Namesake]] = {}
    people = Worker.objects.all() if actor is None else visible(Worker.objects.all(), actor)
    for chunk in chunks(sorted(set(names))):
        rows = among(people.filter(standing__left_on=None, merged_into=None), "name", chunk).order_by("id_number")
        for name, *rest in rows.values_list("name", "id_number", "standing__street_id", "standing__community_id"):
            found.setdefault(name, []).append(Namesake(*rest))
    return found


def streets_now(keys: Sequence[int]) -> dict[int, str]:
    """The streets of these people. A statement of its own: joined to the people, everybody's would be read."""
    return dict(among(Standing.objects.order_by(), "worker_id", keys).values_list("worker_id", "street_id"))


def load_facts(people: Iterable[StoredPerson], sheets: Sequence[Sheet]) -> None:
    """Fill in the rows of these sheets and the contracts."""
    by_pk = {person.pk: person for person in people}
    for chunk in chunks(sorted(by_pk)):
        for sheet in sheets:
            _load_sheet(sheet, chunk, by_pk)
        rows = among(Contract.objects.order_by(), "worker_id", chunk)
        for pk, worker, *values in rows.values_list("pk", "worker_id", *CONTRACT_FIELDS):
            by_pk[worker].contracts[values[0]] = StoredFact(pk, dict(zip(CONTRACT_FIELDS, values, strict=True)))


def _load_sheet(sheet: Sheet, chunk: list[int], by_pk: dict[int, StoredPerson]) -> None:
    name, fields = sheet.name, sheet.fields
    places = [fields.index(column) for column in sheet.key]
    rows = among(sheet.model._default_manager.order_by(), "worker_id", chunk)
    locked = set(rows.filter(sheet.locked).values_list("pk", flat=True)) if sheet.locked else frozenset()
    void = set(rows.exclude(COUNTED[name]).values_list("pk", flat=True)) if name in COUNTED else frozenset()
    for pk, worker, *values in rows.values_list("pk", "worker_id", *fields):
        key = tuple([_spaced(values[place]) for place in places])
        facts = by_pk[worker].facts.setdefault(name, {})
        facts[key] = StoredFact(pk, dict(zip(fields, values, strict=True)), pk in locked, pk not in void)


def _spaced(part: Any) -> Any:
    """A text as a cell of the workbook would give it back."""
    return " ".join(part.split()) if isinstance(part, str) else part


def chunks(items: Sequence[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk
