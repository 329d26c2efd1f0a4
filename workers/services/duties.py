"""Record leave of the policy's kinds, and backups within one street (rules 9.3; S 二(四)2, 二(五)3(2); O 15)."""

from datetime import datetime

from django.db import transaction

from songshan_cw.data.refusal import Refused
from songshan_cw.policy import policy_at
from workers.models import Change, DutyBackup, Leave, User
from workers.selectors.places import street_of_worker
from workers.services.people import record_fact


@transaction.atomic
def record_leave(*, actor: User, leave: Leave, reason: str = "", at: datetime, seen: str = "") -> Change | None:
    """Enter or correct a leave."""
    street = street_of_worker(leave.worker_id) or ""
    kinds = policy_at(street, leave.first_day).leave.kinds
    if leave.kind not in kinds.value:
        raise Refused(f"假别应为：{'、'.join(kinds.value)}（{kinds.article}）。")
    calendar_days = (leave.last_day - leave.first_day).days + 1
    if leave.days > calendar_days:
        raise Refused(f"{leave.first_day}至{leave.last_day}只有{calendar_days}天，休假天数不能超过。")
    return record_fact(actor=actor, instance=leave, reason=reason, at=at, seen=seen)


@transaction.atomic
def record_backup(*, actor: User, backup: DutyBackup, reason: str = "", at: datetime, seen: str = "") -> Change | None:
    """Enter who takes over a duty. Both must serve in one street."""
    if street_of_worker(backup.worker_id) != street_of_worker(backup.backup_id):
        raise Refused("A岗和B岗应在同一街道，请另选B岗。")
    return record_fact(actor=actor, instance=backup, reason=reason, at=at, seen=seen)
