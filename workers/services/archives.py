"""Files of an archive, and filings of secretaries' archives (rules 9.5; S 二(四)6; O 13)."""

import zipfile
from datetime import date, datetime
from hashlib import sha256
from typing import BinaryIO

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import localdate

from songshan_cw.data.refusal import NotAllowed, Refused
from songshan_cw.policy import policy_at
from workers.models import ArchiveFiling, Attachment, User, Worker
from workers.selectors.scope import reaches
from workers.services.amendment import Entry, amend_person
from workers.services.trail import differences, record_change

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SIGNATURES = {b"%PDF-": PDF, b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG}
OFFICE_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}


@transaction.atomic
def add_attachment(
    *, actor: User, worker: Worker, part: str, title: str, content: BinaryIO, at: datetime
) -> Attachment:
    """Add a file to a part of the archive. Its type is read from its bytes, not from its name."""
    parts = policy_at(worker.standing.street_id, localdate(at)).archive.parts
    if part not in parts.value:
        raise Refused(f"档案类别应为：{'、'.join(parts.value)}（{parts.article}）。")
    data = content.read(settings.UPLOAD_BYTES + 1)
    if len(data) > settings.UPLOAD_BYTES:
        raise Refused(f"文件超过{settings.UPLOAD_BYTES // 1024 // 1024}兆，请压缩或拆分后上传。")
    attachment = Attachment(
        worker=worker,
        part=part,
        title=title.strip(),
        content_type=content_type_of(data),
        size=len(data),
        sha256=sha256(data).hexdigest(),
        added_by=actor,
        added_at=at,
    )
    attachment.file = ContentFile(data, name=attachment.sha256)  # type: ignore[assignment]
    amend_person(actor=actor, worker=worker, saved=[Entry(attachment)], reason="上传档案附件", at=at)
    return attachment


def content_type_of(data: bytes) -> str:
    """Return the type of PDF, JPEG, PNG, Word or Excel. Other types are refused."""
    for signature, kind in SIGNATURES.items():
        if data.startswith(signature):
            return kind
    if data.startswith(b"PK\x03\x04"):
        names = _names_inside(data)
        for part, kind in OFFICE_PARTS.items():
            if part in names and not any(name.endswith("vbaProject.bin") for name in names):
                return kind
    raise Refused("只接受PDF、JPG、PNG图片，以及不含宏的Word（docx）、Excel（xlsx）文件。")


def _names_inside(data: bytes) -> set[str]:
    from io import BytesIO

    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return set(archive.namelist())
    except zipfile.BadZipFile as fault:
        raise Refused("文件已损坏，打不开。请重新导出后上传。") from fault


@transaction.atomic
def file_archive(*, actor: User, worker: Worker, on: date, document_no: str = "", at: datetime) -> ArchiveFiling:
    """Register that a secretary's archive is filed with the organisation department."""
    if not actor.has_perm("workers.file_archive") or not reaches(actor, worker.standing.street_id):
        raise NotAllowed(f"{actor}（{actor.role}）不能登记档案备案；由旗县区组织部登记。")
    if on > localdate(at):
        raise Refused(f"备案日期{on}晚于今天，请核对。")
    rules = policy_at(worker.standing.street_id, on).archive
    if worker.standing.position not in rules.filed_positions.value:
        raise Refused(f"{worker}的档案由街道管理，不需备案；备案的是{'、'.join(rules.filed_positions.value)}。")
    filing = ArchiveFiling.objects.create(
        worker=worker, filed_with=rules.filed_with.value, filed_on=on, document_no=document_no.strip(), by=actor
    )
    items = differences(None, filing)
    street = worker.standing.street_id
    record_change(actor=actor, at=at, about=worker, items=items, reason="档案备案", street_code=street)
    return filing
