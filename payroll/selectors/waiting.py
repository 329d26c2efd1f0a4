"""Pending work of a street by kind: counts and people (rules 9.6)."""

from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Count, Q, QuerySet
from django.db.models.lookups import In

from assessment.selectors.unassessed import in_scheme, unassessed
from workers.models import Contract, User, Worker
from workers.selectors.categories import category_on
from workers.selectors.scope import visible

CONTRACT_NOTICE = (30, 60, 90)


class Waits(StrEnum):
    """A kind of pending work. The value is its address."""

    ASSESSMENT = "assessment"
    EXPIRED = "expired"
    CONTRACT_30 = "contract-30"
    CONTRACT_60 = "contract-60"
    CONTRACT_90 = "contract-90"
    PROBATION = "probation"
    ACCOUNT = "account"


def people_in_service(user: User, day: date) -> QuerySet[Worker]:
    """Select the people in the user's scope who serve on the day."""
    serving = Q(standing__left_on=None) | Q(standing__left_on__gte=day)
    return visible(Worker.objects.filter(serving, hired_on__lte=day), user)


def people_waiting(user: User, kind: Waits, day: date) -> QuerySet[Worker]:
    """List the people with pending work of one kind, by community and name."""
    people = _people(user, day).filter(_reason(user, kind, day))
    soonest = ["standing__contract_end"] if kind.value.startswith("contract") or kind is Waits.EXPIRED else []
    people = people.select_related("standing__community", "standing__street")
    return people.order_by(*soonest, "standing__community", "name", "pk")


def count_waiting(user: User, day: date) -> dict[Waits, int]:
    """Count pending work in one pass, with one more statement for each kind that needs other tables."""
    at_hand = [kind for kind in Waits if kind not in LOOKED_UP]
    people = _people(user, day).order_by()
    counts = people.aggregate(**{kind.name: Count("pk", filter=_reason(user, kind, day)) for kind in at_hand})
    looked_up = {kind: people_waiting(user, kind, day).order_by().count() for kind in LOOKED_UP}
    return {kind: looked_up[kind] if kind in looked_up else counts[kind.name] for kind in Waits}


LOOKED_UP = (Waits.ASSESSMENT, Waits.PROBATION)


def _people(user: User, day: date) -> QuerySet[Worker]:
    """Select the people of the scheme who serve."""
    return people_in_service(user, day).filter(In(category_on(day), sorted(in_scheme(user.region_id or "", day))))


def _reason(user: User, kind: Waits, day: date) -> Q:
    if kind is Waits.ASSESSMENT:
        return unassessed(user.region_id or "", day)
    if kind is Waits.ACCOUNT:
        return Q(bank_account="")
    if kind is Waits.EXPIRED:
        return Q(standing__contract_end__lt=day)
    if kind is Waits.PROBATION:
        ending = Contract.objects.filter(probation_end__range=(day, day + timedelta(days=30)))
        return Q(pk__in=ending.values("worker_id"))
    last = int(kind.rpartition("-")[2])
    first = last - 29 if last > CONTRACT_NOTICE[0] else 0
    return Q(standing__contract_end__range=(day + timedelta(first), day + timedelta(last)))
