"""Archives of the demo: files of a few people, and which secretaries' archives are filed (rules 9.5)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from random import Random

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from songshan_cw.policy import policy_at
from songshan_cw.words.terms import Role
from workers.models import ArchiveFiling, Attachment, User, Worker
from workers.services import record_attachment_opened
from workers.services.archives import JPEG, PDF

TITLES = {
    "基本情况": "社区工作者登记表",
    "劳动合同": "劳动合同书",
    "工作经历": "工作经历证明",
    "岗位变化": "任职文件",
    "考核情况": "年度考核登记表",
    "培训表彰": "培训结业证书",
}
SCANNED = ("劳动合同", "培训表彰")
PAPER = (420, 594)
OPENED = 2
KEEPERS = 8  # people with files; every other one of them with all parts


def add_archives(*, rng: Random, street: str, actor: User, at: datetime, today: date) -> None:
    """The secretaries of a street first; then others, until a handful have files."""
    rows = Worker.objects.filter(standing__street=street, standing__left_on=None).select_related("standing__community")
    people = sorted(rows, key=lambda one: (one.standing.position != "党组织书记", one.pk))[:KEEPERS]
    keeper = User.objects.filter(role=Role.CLERK.value, region=street).first() or actor
    Attachment.objects.bulk_create(_files(people, keeper, at, today))
    for attachment in Attachment.objects.filter(worker__standing__street=street).order_by("pk")[:OPENED]:
        record_attachment_opened(actor=keeper, attachment=attachment)
    organisation = User.objects.filter(role=Role.ORGANISATION.value, region=street[:6]).first()
    if organisation is not None:
        ArchiveFiling.objects.bulk_create(_filings(rng, street[:6], organisation, today))


def _files(people: Sequence[Worker], keeper: User, at: datetime, today: date) -> Iterator[Attachment]:
    for number, worker in enumerate(people):
        parts = policy_at(worker.standing.street_id, today).archive.parts.value
        for place, part in enumerate(parts if number % 2 == 0 else parts[: 1 + number % 4]):
            title = TITLES.get(part, part)
            data = _scan(number * 10 + place, "JPEG" if part in SCANNED else "PDF")
            digest = sha256(data).hexdigest()
            attachment = Attachment(
                worker=worker,
                part=part,
                title=title,
                content_type=JPEG if part in SCANNED else PDF,
                size=len(data),
                sha256=digest,
                added_by=keeper,
                added_at=at,
            )
            attachment.file = ContentFile(data, name=digest)  # type: ignore[assignment]
            yield attachment


def _scan(number: int, kind: str) -> bytes:
    """A page with grey lines, since real papers are none of the demo's; each number gives another one."""
    page = Image.new("L", PAPER, 250)
    pen = ImageDraw.Draw(page)
    pen.rectangle((24, 24, PAPER[0] - 24, PAPER[1] - 24), outline=120)
    for row in range(12):
        pen.line((56, 90 + row * 36, 220 + (number * 37 + row * 53) % 140, 90 + row * 36), fill=90, width=4)
    file = BytesIO()
    page.save(file, kind, quality=60, creationDate=None, modDate=None)
    return file.getvalue()


def _filings(rng: Random, district: str, by: User, today: date) -> Iterator[ArchiveFiling]:
    """Most archives of secretaries are filed; some are still to be."""
    rules = policy_at(district, today).archive
    rows = Worker.objects.filter(
        standing__street__code__startswith=district,
        standing__left_on=None,
        standing__position__in=list(rules.filed_positions.value),
    )
    for worker in rows.order_by("pk"):
        on = max(today - timedelta(days=rng.randint(20, 900)), worker.hired_on)
        if rng.random() < 0.8:
            number = f"演组〔{on.year}〕6号"
            yield ArchiveFiling(
                worker=worker, filed_with=rules.filed_with.value, filed_on=on, document_no=number, by=by
            )
