"""Progress of a background job, as a refreshing page and as JSON."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

from payroll.tasks import send
from songshan_cw.files.table import WRAPPED, Column, Table
from songshan_cw.security.sessions import WATCHING
from songshan_cw.site.page import Page
from workers.models import Job, JobKind, JobPart
from workers.selectors.jobs import job_progress

PARTS = Table[JobPart](
    "各街道",
    (
        Column("街道", lambda row: row.name, names_row=True),
        Column("状态", lambda row: row.state),
        Column("结果", lambda row: row.message, WRAPPED),
    ),
)


class JobPage(Page):
    """A job, for its requester and everybody responsible for its region."""

    permission = "payroll.compute_run"
    template = "pages/jobs/job.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.job(pk)
        progress = job_progress(job)
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"done": progress.done, "failed": progress.failed, "total": progress.total})
        response = self.show(
            title=str(job.kind), job=job, progress=progress, month=job.month, parts=self.draw(PARTS, progress.parts)
        )
        if progress.waiting:
            response["Refresh"] = f"3; url=?{WATCHING}=1"
        return response

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send waiting parts again after an outage of the broker."""
        send(self.job(pk))
        return HttpResponseRedirect(request.path)

    def job(self, pk: int) -> Any:
        return self.one(Job.objects.select_related("actor").filter(kind=JobKind.COMPUTE.value), pk=pk)
