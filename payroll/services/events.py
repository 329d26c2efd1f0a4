from collections.abc import Sequence
from datetime import datetime

from payroll.models import PayrollRun, RunEvent
from workers.models import User


def record_events(
    *, runs: Sequence[PayrollRun], actor: User | None, action: str, at: datetime, reason: str = ""
) -> None:
    """Record who moved runs, when and why (rules 7.2). ``actor`` None: a command."""
    RunEvent.objects.bulk_create([RunEvent(run=run, actor=actor, action=action, at=at, reason=reason) for run in runs])
