"""Hand out the workbook with masked numbers, or whole ones for a recorded purpose (rules 10.6)."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import transaction

from songshan_cw.data.refusal import Refused
from workers.models import User
from workers.workbook.exporting import Exported, export_workbook, require_export_right

LEAST_PURPOSE = 4


@dataclass(frozen=True, slots=True)
class HandedOut:
    content: bytes
    exported: Exported


def hand_out_workbook(*, actor: User, street: str = "", whole: bool = False, purpose: str = "") -> HandedOut:
    """Export the people in the actor's scope. ``whole`` needs the right and a purpose, and is recorded."""
    require_export_right(actor)
    if whole and len(purpose.strip()) < LEAST_PURPOSE:
        raise Refused(f"导出完整证件号和账号须写明用途（至少{LEAST_PURPOSE}个字），例如“报区社保局核对参保”。")
    with TemporaryDirectory(dir=settings.UPLOAD_DIR) as folder, transaction.atomic():
        target = Path(folder) / "workbook.xlsx"
        done = export_workbook(target, actor=actor, street=street, purpose=purpose.strip(), whole=whole)
        return HandedOut(target.read_bytes(), done)
