"""Take an import back, after a look at what that does."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from payroll.services.undoing import undo_import
from songshan_cw.site.page import Page
from workers.models import WorkbookImport
from workers.workbook.undoing import plan_undo
from workers.workbook.writing import PERMISSION


class UndoImportPage(Page):
    """What taking the import back would remove and restore, and the button to do it."""

    permission = PERMISSION
    title = "撤回导入"
    template = "pages/imports/undo.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self.one(WorkbookImport.objects.all(), pk=pk)
        return self.show(plan=plan_undo(import_id=record.pk, actor=self.user))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.one(WorkbookImport.objects.all(), pk=pk)
        record = undo_import(import_id=pk, actor=self.user, at=timezone.now())
        messages.success(request, f"已撤回{record}。已审核的月份如有差额，由以后的批次补发或扣回。")
        return HttpResponseRedirect(reverse("admin:import"))
