"""Archives: completeness, files and filing with the organisation department; candidates for recruitment (rules 9.5)."""

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from assessment.selectors.talent import candidates
from songshan_cw.data.refusal import Refused
from songshan_cw.policy import policy_at
from songshan_cw.site.listing import ListingPage, table_file
from songshan_cw.site.page import SENTENCE_OF_RIGHT, Page
from workers.models import ArchiveFiling, Attachment, Worker
from workers.selectors.archives import ArchiveRow, archives
from workers.selectors.serving import Roll
from workers.services import record_attachment_opened, remove_fact
from workers.services.archives import DOCX, JPEG, PDF, PNG, XLSX, add_attachment, file_archive

VIEW = "workers.view_attachment"
WHO_VIEWS = "人事档案由街道、民政局、组织部（社区党组织书记）和系统管理员查看。"
ENDINGS = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png", DOCX: ".docx", XLSX: ".xlsx"}
STATES = (("missing", "不完整的"), ("unfiled", "应备案未备案的"), ("complete", "完整的"))
COLUMNS = ("社区", "姓名", "职务", "附件数", "缺少的类别", "备案")
LOST = "档案附件的文件不在存储中，暂时无法下载。请联系系统管理员从备份恢复。"


class ArchivesPage(ListingPage):
    permission, who_may = VIEW, WHO_VIEWS
    title = "人事档案"
    template = "pages/registers/archives.html"

    def listed(self) -> dict[str, Any]:
        rows = self.sheet(self.rows)
        return {
            "rows": rows,
            "drawn": [(row, self.communities.get(row.person.community, ""), sum(row.files.values())) for row in rows],
            "people": len(self.everybody),
            "complete": sum(1 for row in self.everybody if row.complete),
            "unfiled": sum(1 for row in self.everybody if row.to_be_filed and row.filed_on is None),
        }

    def filters(self) -> dict[str, Any]:
        state = self.request.GET.get("state", "")
        return super().filters() | {"selects": [("state", "状态", STATES, state)], "exports": "xlsx csv"}

    def exported(self, kind: str) -> HttpResponse:
        return table_file(kind, f"人事档案{self.day}", COLUMNS, map(self.line, self.rows))

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

    def line(self, row: ArchiveRow) -> list[str | int]:
        filed = str(row.filed_on) if row.filed_on else "未备案" if row.to_be_filed else "不需备案"
        community = self.communities.get(row.person.community, "")
        position, files = row.person.position.value, sum(row.files.values())
        return [community, row.person.name, position, files, "、".join(row.missing), filed]


class ArchivePage(Page):
    """One person's archive by part. POST ``do``: upload, remove or file."""

    permission, who_may = VIEW, WHO_VIEWS
    template = "pages/registers/archive.html"
    keeps_typed = True

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        worker = self.worker(pk)
        rules = policy_at(worker.standing.street_id, timezone.localdate()).archive
        files = list(self.seen(Attachment.objects.filter(worker=worker)).select_related("added_by").order_by("pk"))
        parts = [(part, [row for row in files if row.part == part]) for part in rules.parts.value]
        others = [row for row in files if row.part not in rules.parts.value]
        to_be_filed = worker.standing.position in rules.filed_positions.value
        return self.show(
            title=f"{worker}的人事档案",
            worker=worker,
            parts=[*parts, *([("其他", others)] if others else [])],
            part_names=rules.parts.value,
            clause=rules.parts.clause,
            filings=self.seen(ArchiveFiling.objects.filter(worker=worker)).select_related("by").order_by("-filed_on"),
            to_be_filed=to_be_filed,
            filed_with=rules.filed_with.value,
            uploads=self.user.has_perm("workers.add_attachment"),
            removes=self.user.has_perm("workers.delete_attachment"),
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

    def worker(self, pk: int) -> Worker:
        return self.one(Worker.objects.select_related("standing__street", "standing__community"), pk=pk)

    def upload(self, worker: Worker) -> str:
        self.require("workers.add_attachment", "档案附件由街道经办上传。")
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
        self.require("workers.delete_attachment", "档案附件由街道经办删除。")
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

    def require(self, right: str, who: str) -> None:
        if not self.user.has_perm(right):
            raise PermissionDenied(f"{SENTENCE_OF_RIGHT}{who}")


class AttachmentFile(Page):
    """Download one file. It is found by its record within the user's scope, and the access is recorded."""

    permission, who_may = VIEW, WHO_VIEWS
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


class TalentPage(ListingPage):
    """Secretaries and directors who meet the conditions of targeted recruitment."""

    permission = "workers.view_honour"
    who_may = WHO_VIEWS
    title = "定向招聘人选"
    template = "pages/registers/talent.html"

    def listed(self) -> dict[str, Any]:
        found = [one for one in candidates(self.user, self.day, self.street) if self.in_street(one.person.community)]
        rows = self.sheet(found)
        return {"rows": rows, "drawn": [(row, self.communities.get(row.person.community, "")) for row in rows]}
