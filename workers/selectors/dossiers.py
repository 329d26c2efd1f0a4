"""Read a person's stored facts for the judge, and lay coming ones over them. Later apps register theirs."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import models
from django.db.models import Q

from songshan_cw.words.terms import SecondmentState
from workers.models import (
    CategoryRecord,
    Certificate,
    Contract,
    EducationRecord,
    Exit,
    Placement,
    PostAssignment,
    Secondment,
    ServiceGap,
    Training,
    Worker,
)
from workers.rules import dossier as kinds
from workers.rules.dossier import Dossier, Rows, fields_of, read_dossier
from workers.rules.identity import birth_date, fault_of
from workers.rules.judge import Place
from workers.selectors.streams import among

_models: dict[str, type[models.Model]] = {
    kinds.PERSON: Worker,
    kinds.APPOINTMENT: PostAssignment,
    kinds.CATEGORY: CategoryRecord,
    kinds.DEGREE: EducationRecord,
    kinds.CERTIFICATE: Certificate,
    kinds.GAP: ServiceGap,
    kinds.PLACEMENT: Placement,
    kinds.EXIT: Exit,
    kinds.SECONDMENT: Secondment,
    kinds.TRAINING: Training,
    kinds.CONTRACT: Contract,
}
StoredRows = dict[str, list[tuple[object, dict[str, Any]]]]
COUNTED = {kinds.SECONDMENT: ~Q(state=SecondmentState.REJECTED.value)}  # the others are kept for the record only


def register(record: str, model: type[models.Model]) -> None:
    """Add a kind of record of a later app at start."""
    _models[record] = model


def record_of(model: type[models.Model]) -> str:
    """Return the kind of record a model holds; empty where it is not judged."""
    return next((record for record, held in _models.items() if held is model), "")


def dossier_with(rows: Rows, saved: Iterable[models.Model] = (), removed: Iterable[models.Model] = ()) -> Dossier:
    """Read a person's stored rows, with coming records laid over those of their keys, and without the removed."""
    laid = {record: list(of) for record, of in rows.items()}
    for instance in (*removed, *saved):
        if record := record_of(type(instance)):
            laid[record] = [one for one in laid.get(record, ()) if instance.pk is None or one[0] != instance.pk]
    for instance in saved:
        if record := record_of(type(instance)):
            laid[record].append((instance.pk, {name: getattr(instance, name) for name in _names(record)}))
    numbers = [values["id_number"] for _, values in laid.get(kinds.PERSON, ())]
    return read_dossier(next((birth_date(one) for one in numbers if not fault_of(one)), None), laid)


def field_label(place: Place) -> str:
    """Return the name of the place's field as pages show it."""
    return str(_models[place.record]._meta.get_field(place.field).verbose_name)


def stored_rows(worker_id: int) -> StoredRows:
    """Return one person's stored rows of every judged kind with their keys. A fixed number of statements."""
    return stored_rows_of([worker_id])[worker_id]


def stored_rows_of(worker_ids: Collection[int]) -> dict[int, StoredRows]:
    """Return the stored rows by person. The number of statements does not grow with people."""
    found: dict[int, StoredRows] = {key: {record: [] for record in _models} for key in worker_ids}
    for record, model in _models.items():
        owner = "id" if model is Worker else "worker_id"
        rows = among(model._default_manager.filter(COUNTED.get(record, Q())), owner, list(worker_ids))
        for one in rows.order_by("pk").values("pk", owner, *_names(record)):
            found[one[owner]][record].append((one["pk"], one))
    return found


def _names(record: str) -> tuple[str, ...]:
    return (*fields_of(record), "id_number") if record == kinds.PERSON else fields_of(record)
