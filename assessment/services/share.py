"""Keep the share of 优秀 while results are written, one writer at a time for a street (rules 8.2)."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, datetime

from django.db import transaction

from assessment.models import ShareException
from assessment.selectors.share import share_of
from songshan_cw.data.refusal import NotAllowed, Refused
from songshan_cw.policy import PolicyGap, policy_at
from songshan_cw.words.regions import street_of
from songshan_cw.words.terms import RegionLevel, Result
from workers.models import PostAssignment, Region, User
from workers.selectors.scope import reaches
from workers.services.trail import record_change

LONGEST_REASON = 200


@contextmanager
def within_share(*, street: str, year: int) -> Iterator[None]:
    """Refuse what is written inside when it adds 优秀 beyond the share of the street and year.

    Raises Refused, PolicyGap. The caller's transaction undoes the writing.
    """
    lock_street(street)
    before = share_of(street, year).share
    yield
    found = share_of(street, year)
    if found.share.over and found.share.used > before.used:
        raise Refused(
            f"{year}年度优秀最多{found.share.limit + found.share.extra}人（{found.share.headcount}人的"
            f"{(found.rule.value * 100).normalize():f}%，{found.rule.article}），"
            f"这样会有{found.share.used}人。请减少{found.share.over}人；确有必要的，请民政局写明理由放宽名额。"
        )


def share_of_result(worker_id: int, year: int, result: str) -> AbstractContextManager[None]:
    """Return ``within_share`` for the street that one 优秀 counts for, else a context that checks nothing."""
    places = PostAssignment.objects.filter(worker=worker_id, start__lte=date(year, 12, 31)).order_by("start")
    place = places.values_list("community_id", flat=True).last()
    if result != Result.EXCELLENT or place is None:
        return nullcontext()
    try:
        policy_at(place, date(year, 12, 31))
    except PolicyGap:
        return nullcontext()
    return within_share(street=street_of(place), year=year)


def lock_street(street: str) -> None:
    """Make concurrent decisions for a street wait for each other."""
    list(Region.objects.select_for_update(no_key=True).filter(code=street))


@transaction.atomic
def grant_exception(
    *, actor: User, street_code: str, year: int, extra: int, reason: str, at: datetime
) -> ShareException:
    """Let a street have more 优秀 in a year and keep the reason. Only the bureau may."""
    if not actor.has_perm("assessment.grant_exception"):
        raise NotAllowed(f"{actor}（{actor.role}）不能放宽优秀名额；由区民政局办理。")
    street = Region.objects.filter(code=street_code, level=RegionLevel.STREET.value).first()
    if street is None or not reaches(actor, street.code):
        raise NotAllowed("该街道不存在，或不在您的管辖范围内。")
    reason = reason.strip()
    if extra < 1 or not reason or len(reason) > LONGEST_REASON:
        raise Refused(f"请写明放宽的人数（至少1人）和理由（不超过{LONGEST_REASON}字）。")
    lock_street(street.code)
    share_of(street.code, year)
    exception = ShareException.objects.create(
        street=street, year=year, extra=extra, reason=reason, granted_by=actor, granted_at=at
    )
    items = [["优秀名额放宽", str(exception), "增加人数", "", str(extra)]]
    record_change(actor=actor, at=at, about=exception, items=items, reason=reason, street_code=street.code)
    return exception
