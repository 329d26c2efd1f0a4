from datetime import datetime

from payroll.models import PayrollRun, RunEvent
from workers.models import User


def record_event(*, run: PayrollRun, actor: User | None, action: str, at: datetime, reason: str = "") -> None:
    """Keep who moved a run, when and why (rules 7.2); an actor of None is an operations command."""
    RunEvent.objects.create(run=run, actor=actor, action=action, at=at, reason=reason)
