"""Record what a page previewed, only while its effect is unchanged."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from assessment.services.renewing import renew_contract
from payroll.selectors.preview import preview
from songshan_cw.data.refusal import Overtaken, Refused
from workers.models import Contract, User, Worker
from workers.services import record_fact
from workers.services.amendment import lock_person
from workers.services.guards import require_right


@transaction.atomic
def record_previewed(
    *, actor: User, worker: Worker, record: Any, seen: str, reason: str = "", today: date, at: datetime
) -> None:
    """Write a fact whose previewed effect was ``seen``. Raises Refused, Overtaken, PolicyGap."""
    require_right(actor, "add", type(record))
    lock_person(actor, worker.pk)
    found = preview(worker=worker, record=record, today=today)
    if found.faults:
        raise Refused("\n".join(found.faults))
    if found.fingerprint != seen:
        raise Overtaken(
            f"您预览之后，{worker}的记录、等级系数表或已审核的工资有了变动，影响已重新计算，本次没有保存。"
            "请核对下面的新结果后再确认。"
        )
    if isinstance(record, Contract):
        renew_contract(actor=actor, worker=worker, start=record.start, reason=reason, at=at)
    else:
        record_fact(actor=actor, instance=record, reason=reason, at=at)
