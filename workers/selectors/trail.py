"""Read the record of changes: who changed what of a person or another record."""

from typing import Any

from django.db import models
from django.db.models import QuerySet

from workers.models import Change, Worker
from workers.selectors.scope import visible


def changes_of(user: Any, instance: models.Model) -> QuerySet[Change]:
    """Return the changes of a record: for a fact those of its person, else those with its name."""
    return _about(instance, visible(Change.objects.select_related("actor", "workbook_import"), user))


def last_change_of(instance: models.Model) -> Change | None:
    """Return a record's last change, regardless of scope."""
    return _about(instance, Change.objects.select_related("actor")).order_by("-pk").first()


def _about(instance: models.Model, trail: QuerySet[Change]) -> QuerySet[Change]:
    worker_id = instance.pk if isinstance(instance, Worker) else getattr(instance, "worker_id", None)
    if worker_id is not None:
        return trail.filter(worker=worker_id)
    return trail.filter(worker=None, subject=subject_of(instance))


def subject_of(instance: models.Model) -> str:
    """Return how changes name a record: its kind with its key or name."""
    name = str(instance) if isinstance(instance, Worker) else instance.pk
    return f"{instance._meta.verbose_name} {name}"[:100]
