"""Take an import back as a whole; what approved months carried nets by arrears (rules 5.6)."""

from datetime import datetime

from payroll.services.forgetting import compute_again, forget_drafts
from songshan_cw.data.refusal import NotAllowed
from songshan_cw.data.transactions import whole
from workers.models import User, WorkbookImport
from workers.rules.rights import who_may
from workers.workbook.undoing import plan_undo, undo
from workers.workbook.writing import PERMISSION


@whole
def undo_import(*, import_id: int, actor: User, at: datetime) -> WorkbookImport:
    """Undo an import. Raises Refused where later entries lie on it or an approved month knows who would vanish."""
    if not actor.has_perm(PERMISSION):
        raise NotAllowed(who_may(PERMISSION))
    plan = plan_undo(import_id=import_id, actor=actor)
    places = forget_drafts(plan.new_workers)
    record = undo(plan=plan, actor=actor, at=at)
    compute_again(places, at=at)
    return record
