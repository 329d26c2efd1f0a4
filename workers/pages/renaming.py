"""Rename a region by document from a day on (rules 9.7)."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from songshan_cw.data.refusal import Refused
from songshan_cw.site.page import Page
from workers.models import Region, Standing
from workers.services.places import rename_region


class RenameRegionPage(Page):
    """The form, with how many people and earlier names the region has."""

    permission = "workers.change_region"
    title = "区划改名"
    template = "pages/registers/rename_region.html"
    keeps_typed = True

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        region = self.one(Region.objects.prefetch_related("former_names"), pk=code)
        people = Standing.objects.filter(community__code__startswith=code, left_on=None).count()
        return self.show(region=region, people=people)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        region = self.one(Region.objects.all(), pk=code)
        try:
            start = date.fromisoformat(request.POST.get("start", ""))
        except ValueError as fault:
            raise Refused("请填写改名的起始日期，例如2026-12-01。没有保存。") from fault
        given = {"name": request.POST.get("name", "")[:60], "document_no": request.POST.get("document_no", "")[:60]}
        rename_region(actor=self.user, code=code, start=start, today=timezone.localdate(), at=timezone.now(), **given)
        messages.success(request, f"{region.name}自{start}起改名为“{given['name'].strip()}”，以前的月份保留原名。")
        return HttpResponseRedirect(reverse("admin:workers_region_change", args=[code]))
