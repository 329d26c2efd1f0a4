"""Archives: completeness, files and filing with the organisation department; candidates for recruitment (rules 9.5)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from assessment.selectors.talent import Candidate, candidates
from songshan_cw.data.refusal import Refused
from songshan_cw.files.table import DAY, MOMENT, WHOLE, WIDE, WRAPPED, Column, Form, Table
from songshan_cw.policy import policy_at
from songshan_cw.site.listing import ListingPage
from songshan_cw.site.page import Page
from songshan_cw.site.parts import badge, beside, button, faint, link, person_address
from workers.models import ArchiveFiling, Attachment, Worker
from workers.selectors.archives import ArchiveRow, archives
from workers.selectors.serving import Roll
from workers.services import record_attachment_opened, remove_fact
from workers.services.archives import DOCX, JPEG, PDF, PNG, XLSX, add_attachment, file_archive

VIEW = "workers.view_attachment"
ENDINGS = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png", DOCX: ".docx", XLSX: ".xlsx"}
STATES = (("missing", "不完整的"), ("unfiled", "应备案未备案的"), ("complete", "完整的"))
UNFILED, NOT_TO_BE_FILED, OTHER_PART = "未备案", "不需备案", "其他"
FILING_BADGES = {UNFILED: badge(UNFILED, "试算"), NOT_TO_BE_FILED: faint(NOT_TO_BE_FILED)}
LOST = "档案附件的文件不在存储中，暂时无法下载。请联系系统管理员从备份恢复。"


def archives_table(communities: Mapping[str, str]) -> Table[ArchiveRow]:
    return Table(
        "人事档案",
        (
            Column("社区", lambda row: communities.get(row.person.community)),
            Column("姓名", lambda row: row.person.name, link=lambda row: person_address(row.person.id)),
            Column("职务", lambda row: row.person.position.value),
            Column("附件数", lambda row: sum(row.files.values()), WHOLE),
            Column(
                "缺少的类别",
                lambda row: "、".join(row.missing),
                WIDE,
                show=lambda row: "、".join(row.missing) or "齐全",
            ),
            Column("备案", _filing, show=lambda row: FILING_BADGES.get(_filing(row), _filing(row))),
            Column("办理", show=lambda row: link("打开档案", reverse("admin:archive", args=[row.person.id]))),
        ),
        empty="没有符合条件的人员。",
    )


def _filing(row: ArchiveRow) -> str:
    return str(row.filed_on) if row.filed_on else UNFILED if row.to_be_filed else NOT_TO_BE_FILED


class ArchivesPage(ListingPage):
    permission = VIEW
    title = "人事档案"
    template = "pages/registers/archives.html"
    kinds = ("xlsx", "csv")

    def listed(self) -> dict[str, Any]:
        return {
            "archives": self.draw_sheet(archives_table(self.communities), self.rows),
            "people": len(self.everybody),
            "complete": sum(1 for row in self.everybody if row.complete),
            "unfiled": sum(1 for row in self.everybody if row.to_be_filed and row.filed_on is None),
        }

    def filters(self) -> dict[str, Any]:
        state = self.request.GET.get("state", "")
        return super().filters() | {"selects": [("state", "状态", STATES, state)]}

    def filed(self) -> tuple[str, Table[Any], list[ArchiveRow]]:
        return f"人事档案{self.day}", archives_table(self.communities), self.rows

    @cached_property
    def everybody(self) -> list[ArchiveRow]:
        return [row for row in archives(Roll(self.user, self.day, self.street)) if self.in_street(row.person.community)]

    @cached_property
    def rows(self) -> list[ArchiveRow]:
        """Return the archives, incomplete ones first."""
        wanted = {
            "missing": lambda row: bool(row.missing),
            "unfiled": lambda row: row.to_be_filed and row.filed_on is None,
            "complete": lambda row: row.complete,
        }.get(self.request.GET.get("state", ""), lambda row: True)
        rows = [row for row in self.everybody if wanted(row)]
        return sorted(rows, key=lambda row: (row.complete, row.person.community, row.person.id))


@dataclass(frozen=True, slots=True)
class Filed:
    """A part of an archive with one of its files, or without any."""

    part: str
    file: Attachment | None


def attachments_table(removal: Callable[[Attachment], str]) -> Table[Filed]:
    """``removal`` draws the form that removes a file."""

    def acts(row: Filed) -> str:
        if row.file is None:
            return ""
        download = button("下载", reverse("admin:attachment", args=[row.file.pk]))
        return beside(download, removal(row.file))

    return Table(
        "附件",
        (
            Column("类别", lambda row: row.part, names_row=True),
            Column("名称", lambda row: row.file and row.file.title, WRAPPED, show=_attachment_title),
            Column("大小", lambda row: row.file and row.file.size, Form(lambda size: filesizeformat(size or 0), "n")),
            Column("上传", lambda row: row.file and row.file.added_at, MOMENT),
            Column("上传人", lambda row: row.file and row.file.added_by),
            Column("办理", show=acts),
        ),
    )


def _by_part(parts: Sequence[str], files: Sequence[Attachment]) -> list[Filed]:
    """Put the files under the parts of an archive, and those of other parts at the end."""
    of_parts = {part: [file for file in files if file.part == part] or [None] for part in parts}
    of_parts[OTHER_PART] = [file for file in files if file.part not in parts]
    return [Filed(part, file) for part, found in of_parts.items() for file in found]


def _attachment_title(row: Filed) -> str:
    return row.file.title if row.file else badge("缺少", "试算")


class ArchivePage(Page):
    """One person's archive by part. POST ``do``: upload, remove or file."""

    permission = VIEW
    template = "pages/registers/archive.html"
    keeps_typed = True

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        worker = self.worker(pk)
        rules = policy_at(worker.standing.street_id, timezone.localdate()).archive
        files = list(self.seen(Attachment.objects.filter(worker=worker)).select_related("added_by").order_by("pk"))
        to_be_filed = worker.standing.position in rules.filed_positions.value
        return self.show(
            title=f"{worker}的人事档案",
            worker=worker,
            attachments=self.draw(attachments_table(self.removal), _by_part(rules.parts.value, files)),
            part_names=rules.parts.value,
            clause=rules.parts.clause,
            filings=self.seen(ArchiveFiling.objects.filter(worker=worker)).select_related("by").order_by("-filed_on"),
            to_be_filed=to_be_filed,
            filed_with=rules.filed_with.value,
            uploads=self.user.has_perm("workers.add_attachment"),
            files_it=to_be_filed and self.user.has_perm("workers.file_archive"),
            today=timezone.localdate(),
            accept=",".join(ENDINGS.values()),
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        worker = self.worker(pk)
        verb = {"upload": self.upload, "remove": self.remove, "file": self.file}.get(request.POST.get("do", ""))
        if verb is None:
            raise Refused("没有这项操作，请重新打开页面。")
        messages.success(request, verb(worker))
        return HttpResponseRedirect(reverse("admin:archive", args=[pk]))

    def removal(self, file: Attachment) -> str:
        """Draw the form that removes a file, for users who may."""
        if not self.user.has_perm("workers.delete_attachment"):
            return ""
        return render_to_string("pages/registers/remove_attachment.html", {"file": file}, self.request)

    def worker(self, pk: int) -> Worker:
        return self.one(Worker.objects.select_related("standing__street", "standing__community"), pk=pk)

    def upload(self, worker: Worker) -> str:
        self.require("workers.add_attachment")
        content, title = self.request.FILES.get("file"), " ".join(self.request.POST.get("title", "").split())
        if not isinstance(content, UploadedFile):
            raise Refused("请先选择要上传的文件。")
        if not title:
            raise Refused("请填写附件名称，例如“2026年劳动合同”。")
        part = self.request.POST.get("part", "")
        now = timezone.now()
        add_attachment(actor=self.user, worker=worker, part=part, title=title, content=content.file, at=now)
        return f"已上传“{title}”。"

    def remove(self, worker: Worker) -> str:
        self.require("workers.delete_attachment")
        reason = self.request.POST.get("reason", "").strip()
        if not reason:
            raise Refused("删除附件请写明原因，原因记入变更记录。")
        key = self.request.POST.get("attachment", "")
        attachment = self.one(Attachment.objects.filter(worker=worker), pk=int(key) if key.isdecimal() else 0)
        remove_fact(actor=self.user, instance=attachment, reason=reason, at=timezone.now())
        return f"已删除“{attachment.title}”。"

    def file(self, worker: Worker) -> str:
        try:
            on = date.fromisoformat(self.request.POST.get("on", ""))
        except ValueError as fault:
            raise Refused("请填写备案日期。") from fault
        number = self.request.POST.get("document_no", "")
        file_archive(actor=self.user, worker=worker, on=on, document_no=number, at=timezone.now())
        return f"已登记{worker}的档案备案。"


class AttachmentFile(Page):
    """Download one file. It is found by its record within the user's scope, and the access is recorded."""

    permission = VIEW
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        attachment = self.one(Attachment.objects.select_related("worker"), pk=pk)
        try:
            content = attachment.file.open("rb")
        except (FileNotFoundError, ValueError) as fault:
            raise Refused(LOST) from fault
        record_attachment_opened(actor=self.user, attachment=attachment)
        name = f"{attachment.title}{ENDINGS.get(attachment.content_type, '')}"
        kind = attachment.content_type if attachment.content_type in ENDINGS else "application/octet-stream"
        response = FileResponse(content, as_attachment=True, filename=name, content_type=kind)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "private, no-store"
        return response


def talent_table(communities: Mapping[str, str]) -> Table[Candidate]:
    return Table(
        "定向招聘人选",
        (
            Column("社区", lambda row: communities.get(row.person.community)),
            Column("姓名", lambda row: row.person.name, link=lambda row: person_address(row.person.id)),
            Column("职务", lambda row: row.person.position.value),
            Column("连续任职自", lambda row: row.since, DAY),
            Column("优秀年度", lambda row: "、".join(map(str, row.excellent)), WRAPPED),
            Column("荣誉", lambda row: row.honours, WHOLE, unit="项"),
        ),
        empty="没有符合条件的人员。",
    )


class TalentPage(ListingPage):
    """Secretaries and directors who meet the conditions of targeted recruitment."""

    permission = "workers.view_honour"
    title = "定向招聘人选"
    template = "pages/registers/talent.html"

    def listed(self) -> dict[str, Any]:
        found = [one for one in candidates(self.user, self.day, self.street) if self.in_street(one.person.community)]
        return {"candidates": self.draw_sheet(talent_table(self.communities), found)}
