"""Progress of a background job, as a refreshing page and as JSON."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

from payroll.tasks import send
from songshan_cw.security.sessions import WATCHING
from songshan_cw.site.page import Page
from workers.models import Job, JobKind
from workers.selectors.jobs import job_progress


class JobPage(Page):
    """A job, for its requester and everybody responsible for its region."""

    permission = "payroll.compute_run"
    who_may = "由提交任务的街道经办或民政局查看。"
    template = "pages/jobs/job.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.job(pk)
        progress = job_progress(job)
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"done": progress.done, "failed": progress.failed, "total": progress.total})
        response = self.show(title=str(job.kind), job=job, progress=progress, month=job.month)
        if progress.waiting:
            response["Refresh"] = f"3; url=?{WATCHING}=1"
        return response

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send waiting parts again after an outage of the broker."""
        send(self.job(pk))
        return HttpResponseRedirect(request.path)

    def job(self, pk: int) -> Any:
        return self.one(Job.objects.select_related("actor").filter(kind=JobKind.COMPUTE.value), pk=pk)
