"""Reads of more than one model about people, scoped to what the user may see."""

from collections.abc import Iterable
from typing import Any

from django.core.cache import cache
from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery

from songshan_cw.data.sealing import lookups_of
from songshan_cw.policy import PolicyGap
from songshan_cw.words.regions import DIGITS, district_of
from songshan_cw.words.terms import Education, Position, Post, RegionLevel, SecondmentState
from workers.models import Change, Region, Standing, User, Worker
from workers.rules.dossier import Appointment, CreditSetting, Degree, Dossier, Interval
from workers.rules.identity import birth_date
from workers.selectors.scope import visible

KEPT_SECONDS = 600
RELATED = ("postassignments", "educationrecords", "servicegaps", "placements", "contracts", "secondments")


def dossier_of(worker_id: int) -> Dossier:
    """Read one person's stored facts for the rules. A fixed number of statements."""
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


def shared_account_notice(user: Any, worker: Worker) -> str:
    """Name the people in the user's scope with the same bank account. Empty where there are none."""
    others = Worker.objects.filter(account_lookup__in=lookups_of(worker.bank_account)).exclude(pk=worker.pk)
    count = others.count()
    if not count:
        return ""
    names = list(visible(others, user).order_by("pk").values_list("name", flat=True)[:3])
    who = "、".join(names) + ("等" if count > len(names) and names else "") if names else "其他街道的人"
    return f"{worker.name}的银行卡号与{who}（共{count}人）的相同，请核对是否填错；确实共用的不用改。"


def street_of_worker(worker_id: int) -> str | None:
    """Return the code of the person's current street."""
    return Worker.objects.filter(pk=worker_id).values_list("standing__street", flat=True).first()


def sees_more_than(user: User, most: int) -> bool:
    """Return whether the user's scope exceeds a number of people. Counts no further and caches the answer."""
    key = f"sees-more-than:{most}:{user.role}:{user.region_id}"
    known: bool | None = cache.get(key)
    if known is None:
        known = visible(Standing.objects.all(), user).order_by()[: most + 1].count() > most
        cache.set(key, known, KEPT_SECONDS)
    return known


def streets_of(user: User, district: str = "") -> list[tuple[str, str]]:
    """Return (code, name) of streets with people in the user's scope, or in one district of it."""
    streets = visible(Region.objects.filter(level=RegionLevel.STREET.value), user)
    if district:
        streets = streets.filter(parent=district)
    standing = Standing.objects.filter(street=OuterRef("pk")).values("pk")
    used = streets.alias(used=Subquery(standing[:1])).filter(used__isnull=False)
    found = list(used.order_by("code").values_list("code", "name", "parent__name"))
    several = len({district_of(code) for code, _, _ in found}) > 1
    return [(code, f"{parent} {name}" if several else name) for code, name, parent in found]


def districts_of(user: User) -> list[tuple[str, str]]:
    """Return (code, name) of the districts of a user whose scope has more than one."""
    if user.region_id and len(user.region_id) >= DIGITS[RegionLevel.DISTRICT]:
        return []
    districts = visible(Region.objects.filter(level=RegionLevel.DISTRICT.value), user)
    found = list(districts.order_by("code").values_list("code", "name"))
    return found if len(found) > 1 else []


def communities_of(user: User, street: str) -> list[tuple[str, str]]:
    """Return (code, name) of a street's communities, or none outside the user's scope."""
    communities = visible(Region.objects.filter(level=RegionLevel.COMMUNITY.value, parent=street), user)
    return list(communities.order_by("code").values_list("code", "name"))


def reasons_of(refusals: Iterable[Exception | str]) -> list[str]:
    """Return the messages of refusals, with the district's name where no policy is in force. One statement."""
    refusals = list(refusals)
    codes = {one.district for one in refusals if isinstance(one, PolicyGap)}
    names = dict(Region.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
    return [one.naming(names.get(one.district, "")) if isinstance(one, PolicyGap) else str(one) for one in refusals]


def reason_of(refusal: Exception) -> str:
    return reasons_of([refusal])[0]
