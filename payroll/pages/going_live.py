"""The bureau's page of the month with which its district begins to be paid here (rules 7.8)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from payroll.models import GoLive, PayrollRun
from payroll.services.going_live import set_go_live
from songshan_cw.data.refusal import Refused
from songshan_cw.site.page import Page
from songshan_cw.words import periods
from songshan_cw.words.regions import district_of
from songshan_cw.words.terms import RunState


class GoLivePage(Page):
    """The month, and the form while nothing is approved."""

    permission = "payroll.view_golive"
    title = "启用月份"
    template = "pages/payroll/going_live.html"
    keeps_typed = True

    def get(self, request: HttpRequest) -> HttpResponse:
        approved = self.seen(PayrollRun.objects.filter(state=RunState.APPROVED.value)).exists()
        return self.show(
            row=self.seen(GoLive.objects.select_related("district", "set_by")).first(),
            sets=not approved and self.user.has_perm("payroll.change_golive"),
            approved=approved,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            month = periods.parse(request.POST.get("month", ""))
        except ValueError as fault:
            raise Refused("请填写启用月份，例如2026-12。没有保存。") from fault
        set_go_live(actor=self.user, district=district_of(self.user.region_id or ""), month=month, at=timezone.now())
        messages.success(request, f"自{periods.label_zh(month)}起在本系统发放，以前的月份不再计算。")
        return HttpResponseRedirect(request.path)
