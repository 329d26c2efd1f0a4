"""Answers about rosters that are kept: for a clerk's street, for others by user. The next file is read with them."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet

from songshan_cw.data.transactions import whole
from workers.models import STREET_ROLES, RosterAnswer, User
from workers.workbook.writing import require_import_right

LONGEST = 200


def remembered(actor: User | None) -> dict[str, str]:
    """Return the answers kept for the user's street, or for the user: question key → answer."""
    return dict(_kept(actor).values_list("key", "answer")) if actor is not None else {}


@whole
def remember_answers(*, actor: User, answers: Mapping[str, str], at: datetime) -> None:
    """Keep these answers in place of earlier ones to the same questions."""
    require_import_right(actor)
    for key, answer in answers.items():
        if len(key) <= LONGEST and len(answer) <= LONGEST:
            _kept(actor).update_or_create(
                key=key, defaults={"answer": answer, "at": at}, create_defaults=_new(actor, answer, at)
            )


@whole
def forget_answer(*, actor: User, key: str) -> None:
    """Take a kept answer back: the question is asked again."""
    require_import_right(actor)
    _kept(actor).filter(key=key).delete()


def _kept(actor: User) -> QuerySet[RosterAnswer]:
    if actor.role in STREET_ROLES and actor.region_id:
        return RosterAnswer.objects.filter(street_id=actor.region_id)
    return RosterAnswer.objects.filter(street=None, user=actor)


def _new(actor: User, answer: str, at: datetime) -> dict[str, object]:
    own = actor.role in STREET_ROLES and actor.region_id
    return {"street_id": actor.region_id if own else None, "user": None if own else actor, "answer": answer, "at": at}
