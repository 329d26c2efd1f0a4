"""Import and export of the personnel workbook: upload, preview, confirm; template and export."""

import io
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page as Sheet
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone

from songshan_cw.data.refusal import Refused
from songshan_cw.security.sessions import WATCHING
from songshan_cw.site.page import Page
from workers.models import Job, Upload, UploadState, WorkbookImport
from workers.pages.import_tables import (
    CHANGES,
    FAULTS,
    IMPORTS,
    SKIPPED,
    change_rows,
    fault_rows,
    first_rows_table,
    sheets_table,
)
from workers.tasks import send_upload
from workers.workbook.handing_out import hand_out_workbook
from workers.workbook.mending import Place
from workers.workbook.progress import stage_of
from workers.workbook.template import write_template
from workers.workbook.upload_jobs import ask_check, ask_check_again, ask_import, counts_of, last_refusal
from workers.workbook.uploads import (
    annotated_copy,
    answer_upload,
    check_upload,
    confirm_upload,
    discard_upload,
    mend_upload,
    pending_uploads,
    receive_upload,
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PER_PAGE = 100
LISTED_IMPORTS = 20
LOOK_AGAIN = f"2; url=?{WATCHING}=1"


def workbook_response(content: bytes, file_name: str) -> HttpResponse:
    """Build a download whose name may be Chinese."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename=\"workbook.xlsx\"; filename*=UTF-8''{quote(file_name)}"
    return response


class ImportRight(Page):
    permission = "workers.import_workbook"
    title = "导入人事工作簿"

    @property
    def session_key(self) -> str:
        return self.request.session.session_key or ""

    def upload(self, token: str) -> Upload:
        """Return the user's own upload, or 404."""
        found = Upload.objects.filter(token=token, owner=self.user).select_related("workbook_import", "job").first()
        if found is None:
            raise Http404
        return found

    def send(self, job: Job | None) -> None:
        """Send the job to a worker. If the broker is away, the upload's page offers to send it again."""
        try:
            if job is not None:
                send_upload(job)
        except Refused as refusal:
            messages.warning(self.request, str(refusal))


class ImportPage(ImportRight):
    """Upload a workbook, and list earlier imports."""

    template = "pages/imports/index.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        imports = self.draw(
            IMPORTS, self.seen(WorkbookImport.objects.select_related("actor", "undone"))[:LISTED_IMPORTS]
        )
        pending = pending_uploads(actor=self.user, session_key=self.session_key)[:5]
        may_export = request.user.has_perm(ExportPage.permission) and self.user.sees_private
        most = settings.UPLOAD_BYTES // 2**20
        return self.show(imports=imports, pending=pending, may_export=may_export, most=most)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            address = self._receive(request)
        except Refused as refusal:
            if self._by_script(request):
                return JsonResponse({"refused": str(refusal)})
            raise
        return JsonResponse({"next": address}) if self._by_script(request) else HttpResponseRedirect(address)

    def _receive(self, request: HttpRequest) -> str:
        file = request.FILES.get("workbook")
        if file is None:
            raise Refused("没有收到文件，请选择或拖入一个工作簿。")
        receive = ask_check if settings.CELERY_BROKER_URL else receive_upload
        upload = receive(
            actor=self.user,
            chunks=file.chunks(),
            file_name=file.name or "",
            session_key=self.session_key,
            at=timezone.now(),
        )
        self.send(upload.job)
        return reverse("admin:import_preview", args=[upload.token])

    @staticmethod
    def _by_script(request: HttpRequest) -> bool:
        return request.headers.get("X-Requested-With") == "XMLHttpRequest"


class PreviewPage(ImportRight):
    """Show each sheet, the faults at their cells, and what would change."""

    title = "导入预览"
    template = "pages/imports/preview.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        upload = self.upload(token)
        if upload.state in {UploadState.CHECKING, UploadState.IMPORTING}:
            return self.working(upload)
        reason = last_refusal(upload)
        if upload.state != UploadState.PENDING:
            return self.show("pages/imports/closed.html", upload=upload, reason=reason)
        people = Paginator(upload.preview.get("people", []), PER_PAGE)
        page = people.get_page(request.GET.get("page"))
        return self.show(upload=upload, preview=upload.preview, reason=reason, **self.drawn(upload.preview, page))

    def drawn(self, preview: dict[str, Any], people: Sheet) -> dict[str, Any]:
        """Draw the sheets, the faults at their cells, and the changes of a sheet of people."""
        blocked = bool(preview["fault_count"] or preview.get("question_count"))
        return {
            "faults": self.draw(FAULTS, fault_rows(preview)),
            "sheets": self.draw(sheets_table(written=not blocked), preview["sheets"]),
            "first_rows": self.draw(first_rows_table(preview), preview.get("first_rows", [])),
            "skipped": self.draw(SKIPPED, preview.get("skipped", [])),
            "blocked": blocked,
            "changes": self.draw(CHANGES, change_rows(people)),
            "people": people,
        }

    def working(self, upload: Upload) -> HttpResponse:
        """Show the progress while a worker has the upload. The page refreshes itself."""
        checking = upload.state == UploadState.CHECKING
        title = "正在检查" if checking else "正在导入"
        response = self.show(
            "pages/imports/working.html", title=title, upload=upload, checking=checking, stage=stage_of(upload.token)
        )
        response["Refresh"] = LOOK_AGAIN
        return response

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Send waiting parts again after an outage of the broker."""
        upload = self.upload(token)
        self.send(upload.job)
        return HttpResponseRedirect(request.path)


class CheckedAgain(ImportRight):
    """A page that takes what the clerk says of an upload, and checks it again with that."""

    http_method_names = ["post"]

    def check_again(self, upload: Upload, at: datetime) -> HttpResponse:
        if settings.CELERY_BROKER_URL:
            self.send(ask_check_again(upload=upload, actor=self.user, at=at).job)
        else:
            check_upload(upload=upload, at=at)
        return HttpResponseRedirect(reverse("admin:import_preview", args=[upload.token]))

    def refused(self, refusal: Exception) -> HttpResponse:
        return _back(self.request, refusal, self.kwargs["token"])


class AnswerPage(CheckedAgain):
    """Take the answers to an upload's questions."""

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        upload, now = self.upload(token), timezone.now()
        answers = dict(zip(request.POST.getlist("key"), request.POST.getlist("answer"), strict=False))
        answered = answer_upload(actor=self.user, upload=upload, session_key=self.session_key, answers=answers, at=now)
        return self.check_again(answered, now)


class MendPage(CheckedAgain):
    """Take corrections of faulty cells; without any, the earlier ones are taken back."""

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        upload, cells = self.upload(token), {}
        for place, value in zip(request.POST.getlist("place"), request.POST.getlist("value"), strict=False):
            row, column, sheet = (*place.split(":", 2), "", "")[:3]
            if row.isdecimal() and value.strip():
                cells[Place(sheet, int(row[:7]), column)] = value
        mended = mend_upload(actor=self.user, upload=upload, session_key=self.session_key, cells=cells)
        return self.check_again(mended, timezone.now())


class ConfirmPage(ImportRight):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        upload, now = self.upload(token), timezone.now()
        if settings.CELERY_BROKER_URL:
            asked = ask_import(actor=self.user, upload=upload, session_key=self.session_key, at=now)
            self.send(asked.job)
            return HttpResponseRedirect(reverse("admin:import_preview", args=[token]))
        record = confirm_upload(actor=self.user, upload=upload, session_key=self.session_key, at=now)
        messages.success(request, f"“{record.file_name}”已导入：{counts_of(record)}。")
        return HttpResponseRedirect(reverse("admin:import"))

    def refused(self, refusal: Exception) -> HttpResponse:
        return _back(self.request, refusal, self.kwargs["token"])


class DiscardPage(ImportRight):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        upload = self.upload(token)
        discard_upload(actor=self.user, upload=upload, session_key=self.session_key)
        messages.info(request, f"已放弃“{upload.file_name}”，上传的文件已删除，没有写入任何内容。")
        return HttpResponseRedirect(reverse("admin:import"))

    def refused(self, refusal: Exception) -> HttpResponse:
        return _back(self.request, refusal, self.kwargs["token"])


class AnnotatedCopy(ImportRight):
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        upload = self.upload(token)
        content = annotated_copy(actor=self.user, upload=upload, session_key=self.session_key, at=timezone.now())
        return workbook_response(content, f"标注_{upload.file_name}")


class TemplateDownload(Page):
    permission = "workers.import_workbook"
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        target = io.BytesIO()
        write_template(target)
        return workbook_response(target.getvalue(), "人事工作簿模板.xlsx")


class ExportPage(Page):
    """Export the user's scope as a workbook. Whole numbers need the right and a purpose, which is recorded."""

    permission = "workers.export_workbook"
    title = "导出人事工作簿"
    template = "pages/imports/export.html"
    keeps_typed = True

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest) -> HttpResponse:
        whole = request.POST.get("numbers") == "whole"
        done = hand_out_workbook(actor=self.user, whole=whole, purpose=request.POST.get("purpose", ""))
        kind = "" if whole else "_隐号"
        return workbook_response(done.content, f"人事工作簿{kind}_{timezone.localdate()}.xlsx")


def _back(request: HttpRequest, refusal: Exception, token: str) -> HttpResponse:
    messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("admin:import_preview", args=[token]))
