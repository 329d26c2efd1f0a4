"""Apply the workbook's bounds to forms: dates not far ahead, credit within a working life."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db import models

from songshan_cw.data.refusal import Refused
from songshan_cw.words.periods import label_zh, month_of
from workers.models import (
    Certificate,
    EducationRecord,
    Exit,
    Placement,
    PostAssignment,
    ServiceGap,
    Worker,
)
from workers.rules.dossier import YEARS_AHEAD, YEARS_AHEAD_OF_RETURN, ahead_fault, credit_fault, latest_day

AHEAD: dict[type[models.Model], dict[str, int]] = {
    Worker: {"hired_on": YEARS_AHEAD},
    PostAssignment: {"start": YEARS_AHEAD},
    EducationRecord: {"earned_on": YEARS_AHEAD},
    Certificate: {"approved_on": YEARS_AHEAD},
    ServiceGap: {"first_day": YEARS_AHEAD, "last_day": YEARS_AHEAD_OF_RETURN},
    Exit: {"left_on": YEARS_AHEAD},
}


def implausible(model: type[models.Model], values: Mapping[str, Any], today: date) -> Iterator[tuple[str, str]]:
    """Return (field, fault) of the given values."""
    for name, years in AHEAD.get(model, {}).items():
        day = values.get(name)
        if day is not None and (fault := ahead_fault(day, latest_day(today, years))):
            yield name, fault
    if model is Placement:
        yield from _of_placement(values, today)


def _of_placement(values: Mapping[str, Any], today: date) -> Iterator[tuple[str, str]]:
    month, latest, credit = values.get("month"), month_of(latest_day(today)), values.get("credited_months")
    if month is not None and month > latest:
        yield "month", f"核定月份{label_zh(month)}晚于{label_zh(latest)}，不合常理，请核对。"
    if credit is not None and (fault := credit_fault(credit)):
        yield "credited_months", fault


def require_plausible(instance: models.Model, stored: models.Model | None, today: date) -> None:
    """Check newly given values. Stored ones may stay."""
    given = {field.name: field.value_from_object(instance) for field in instance._meta.concrete_fields}
    kept = (
        {}
        if stored is None
        else {field.name: field.value_from_object(stored) for field in stored._meta.concrete_fields}
    )
    changed = {name: value for name, value in given.items() if name not in kept or kept[name] != value}
    faults = [
        f"{instance._meta.get_field(name).verbose_name}：{fault}"
        for name, fault in implausible(type(instance), changed, today)
    ]
    if faults:
        raise Refused("\n".join(faults))
