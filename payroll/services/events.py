from collections.abc import Sequence
from datetime import datetime

from payroll.models import PayrollRun, RunEvent
from workers.models import User


def record_events(
    *, runs: Sequence[PayrollRun], actor: User | None, action: str, at: datetime, reason: str = ""
) -> None:
    """Record who moved runs, when, why and by which channel (rules 7.2, 10.7). ``actor`` None: a command."""
    given = {"actor": actor, "action": action, "at": at, "reason": reason}
    channel = ((actor.channel or None) if actor else None) or None
    RunEvent.objects.bulk_create([RunEvent(run=run, channel=channel, **given) for run in runs])
