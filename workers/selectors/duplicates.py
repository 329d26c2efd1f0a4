"""Find people who may be one, or who share what belongs to one (rules 9.8)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from songshan_cw.data.sealing import lookups_of
from workers.models import Worker
from workers.selectors.scope import visible

LISTED = 3


@dataclass(frozen=True, slots=True)
class Lookalike:
    """Another record with what it shares."""

    worker: Worker
    shared: str


def sharing(worker: Worker) -> dict[str, QuerySet[Worker]]:
    """Return the other records with the same card, telephone, or name and community, by what they share."""
    others = Worker.objects.exclude(pk=worker.pk).filter(merged_into=None)
    community = worker.standing.community_id if hasattr(worker, "standing") else ""
    return {
        "银行卡号": others.filter(account_lookup__in=lookups_of(worker.bank_account)),
        "联系电话": others.filter(phone=worker.phone) if worker.phone else others.none(),
        "姓名和社区": others.filter(Q(standing__community=community) & ~Q(standing=None), name=worker.name),
    }


def sharing_notices(user: Any, worker: Worker) -> list[str]:
    """Name the people with the same card, telephone, or name and community; those outside the scope without names."""
    found = []
    for what, others in sharing(worker).items():
        if count := others.count():
            names = list(visible(others, user).order_by("pk").values_list("name", flat=True)[:LISTED])
            who = "、".join(names) + ("等" if count > len(names) and names else "") if names else "其他街道的人"
            found.append(
                f"{worker.name}的{what}与{who}（共{count}人）的相同，请核对是否填错、是否重复登记；确实无误的不用改。"
            )
    return found


def lookalikes(user: Any, worker: Worker) -> list[Lookalike]:
    """List the records in the user's scope that may be the same person."""
    found: dict[int, Lookalike] = {}
    for what, others in sharing(worker).items():
        for other in visible(others, user).select_related("standing__community").order_by("pk")[:LISTED]:
            before = found.get(other.pk)
            found[other.pk] = Lookalike(other, f"{before.shared}、{what}" if before else what)
    return list(found.values())
