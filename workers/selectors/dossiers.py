"""Read a person's stored facts for the judge, and lay coming ones over them. Later apps register theirs."""

from collections.abc import Iterable
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


def stored_rows(worker_id: int) -> dict[str, list[tuple[object, dict[str, Any]]]]:
    """Return the stored rows of every judged kind with their keys. A fixed number of statements."""
    rows = {}
    for record, model in _models.items():
        owner = "pk" if model is Worker else "worker"
        found = model._default_manager.filter(**{owner: worker_id}).filter(COUNTED.get(record, Q()))
        rows[record] = [(one["pk"], one) for one in found.order_by("pk").values("pk", *_names(record))]
    return rows


def _names(record: str) -> tuple[str, ...]:
    return (*fields_of(record), "id_number") if record == kinds.PERSON else fields_of(record)
