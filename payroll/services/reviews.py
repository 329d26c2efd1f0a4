"""Tick second looks (rules 7.7)."""

from collections.abc import Sequence
from datetime import datetime

from payroll.models import ReviewTick
from payroll.rules.second_look import SecondLook
from payroll.selectors.reviews import open_looks
from songshan_cw.data.refusal import NotAllowed, Refused
from songshan_cw.data.transactions import whole
from workers.models import User
from workers.selectors.scope import reaches

LISTED = 3


@whole
def tick_looks(
    *, actor: User, occasion: str, looks: Sequence[SecondLook], keys: Sequence[str] | None, at: datetime
) -> list[ReviewTick]:
    """Tick looks with these keys, of a district's runs or of a batch; all open ones without keys.

    Raises NotAllowed, and Refused for a key that is not among the looks: the fact has changed since.
    """
    wanted = [look for look in looks if keys is None or look.key in keys]
    if not actor.has_perm("payroll.approve_run") or any(not reaches(actor, look.street_code) for look in wanted):
        raise NotAllowed(f"{actor}（{actor.role}）不能复核；由区民政局复核。")
    known = {look.key for look in looks}
    if missing := [key for key in keys or () if key not in known]:
        raise Refused(f"要复核的事项已经变化（{missing[0]}），没有勾选。请刷新页面，核对新的内容。")
    chosen = open_looks(wanted, occasion)
    if own := [look for look in chosen if look.author_id == actor.pk]:
        raise NotAllowed(f"“{own[0].message.rstrip('。')}”是您本人录入的，须由另一人复核。没有勾选。")
    return ReviewTick.objects.bulk_create(
        ReviewTick(
            street_id=look.street_code,
            occasion=occasion,
            key=look.key,
            text=f"{look.kind}：{look.message}"[:300],
            ticked_by=actor,
            ticked_at=at,
        )
        for look in chosen
    )


def refuse_open(looks: Sequence[SecondLook], occasion: str, title: str) -> None:
    """Raise Refused while second looks are open."""
    if found := open_looks(looks, occasion):
        some = "；".join(look.message.rstrip("。") for look in found[:LISTED])
        raise Refused(f"{title}还有{len(found)}件事须先复核：{some}。请在复核页面逐项或成组勾选后再审核。")
