"""Everything people-related that is stored, without keys and times, so that two databases can be compared."""

from typing import Any

from assessment.models import AnnualAssessment
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
    Standing,
    Training,
    Worker,
)

FACTS = (
    AnnualAssessment,
    CategoryRecord,
    Certificate,
    Contract,
    EducationRecord,
    Exit,
    Placement,
    PostAssignment,
    Secondment,
    ServiceGap,
    Standing,
    Training,
)


def stored_rows() -> dict[str, list[tuple[Any, ...]]]:
    rows = {"worker": _rows(Worker, "id_number", {"id"})}
    for model in FACTS:
        rows[model.__name__] = _rows(model, "worker__id_number", {"id", "worker_id"})
    return rows


def _rows(model: Any, person: str, without: set[str]) -> list[tuple[Any, ...]]:
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in without]
    return sorted(model.objects.order_by().values_list(person, *names), key=repr)


def forget_people() -> None:
    """Empty the tables of people, as for a new database; the trail of what was done stays."""
    for model in FACTS:
        model.objects.all().delete()
    Worker.objects.all().delete()
