"""Reads of more than one model about people, scoped to what the user may see."""

from typing import Any

from django.db import models
from django.db.models import QuerySet

from songshan_cw.sealing import lookups_of
from songshan_cw.terms import Education, Position, Post, SecondmentState
from workers.identity import birth_date
from workers.models import Change, Worker
from workers.rules import Appointment, CreditSetting, Degree, Dossier, Interval
from workers.scope import visible

RELATED = ("postassignments", "educationrecords", "servicegaps", "placements", "contracts", "secondments")


def dossier_of(worker_id: int) -> Dossier:
    """One person's stored facts as the rules read them: a fixed number of statements."""
    worker = Worker.objects.select_related("exit").prefetch_related(*RELATED).get(pk=worker_id)
    leaving = getattr(worker, "exit", None)
    return Dossier(
        born_on=birth_date(worker.id_number),
        hired_on=worker.hired_on,
        entry_education=Education(worker.entry_education),
        appointments=[
            Appointment(row.start, Post(row.post), Position(row.position), row.dual, row.pk)
            for row in worker.postassignments.all()
        ],
        degrees=[Degree(Education(row.level), row.earned_on, row.pk) for row in worker.educationrecords.all()],
        gaps=[Interval(row.first_day, row.last_day, row.pk) for row in worker.servicegaps.all()],
        placements=[CreditSetting(row.month, row.pk) for row in worker.placements.all()],
        contracts=[Interval(row.start, row.end, row.pk) for row in worker.contracts.all()],
        secondments=[
            Interval(row.start, row.end, row.pk)
            for row in worker.secondments.all()
            if row.state != SecondmentState.REJECTED
        ],
        left_on=leaving.left_on if leaving else None,
    )


def changes_of(user: Any, instance: models.Model) -> QuerySet[Change]:
    """The trail of a record: of a fact, its person's; of anything else, by its name."""
    return _about(instance, visible(Change.objects.select_related("actor", "workbook_import"), user))


def last_change_of(instance: models.Model) -> Change | None:
    """Who touched a record last, whoever asks."""
    return _about(instance, Change.objects.select_related("actor")).order_by("-pk").first()


def _about(instance: models.Model, trail: QuerySet[Change]) -> QuerySet[Change]:
    worker_id = instance.pk if isinstance(instance, Worker) else getattr(instance, "worker_id", None)
    if worker_id is not None:
        return trail.filter(worker=worker_id)
    return trail.filter(worker=None, subject=subject_of(instance))


def subject_of(instance: models.Model) -> str:
    """How the trail names a record: its kind and its key or name."""
    name = str(instance) if isinstance(instance, Worker) else instance.pk
    return f"{instance._meta.verbose_name} {name}"[:100]


def shared_account_notice(user: Any, worker: Worker) -> str:
    """Who else has this person's bank account, as far as the user may know; empty where nobody has."""
    others = Worker.objects.filter(account_lookup__in=lookups_of(worker.bank_account)).exclude(pk=worker.pk)
    count = others.count()
    if not count:
        return ""
    names = list(visible(others, user).order_by("pk").values_list("name", flat=True)[:3])
    who = "、".join(names) + ("等" if count > len(names) and names else "") if names else "其他街道的人"
    return f"{worker.name}的银行卡号与{who}（共{count}人）的相同，请核对是否填错；确实共用的不用改。"


def street_of_worker(worker_id: int) -> str | None:
    """The street code a person stands in now."""
    return Worker.objects.filter(pk=worker_id).values_list("standing__street", flat=True).first()
