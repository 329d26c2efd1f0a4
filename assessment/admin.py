"""Yearly assessments as a list and a form."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from assessment.models import AnnualAssessment, AssessmentProposal, ShareException
from assessment.services.annual import record_assessment, remove_assessment
from songshan_cw.site.filters import place_filters, term_filter, year_filter
from songshan_cw.site.scoped_admin import ReadOnlyAdmin
from songshan_cw.words.terms import Result
from workers.admin.facts import PLACE, FactAdmin
from workers.services import Entry


@admin.register(AnnualAssessment)
class AnnualAssessmentAdmin(FactAdmin):
    columns = ["year", "result"]
    list_filter = [*PLACE, year_filter("year", "年度"), term_filter("result", "等次", Result)]
    ordering = ["-year", "worker_id"]

    def store(self, request: HttpRequest, form: Any, saved: list[Entry], removed: list[Entry]) -> None:
        for entry in saved:
            record_assessment(actor=request.user, assessment=entry.instance, seen=entry.seen, at=timezone.now())

    def discard(self, request: HttpRequest, instance: Any) -> None:
        remove_assessment(actor=request.user, assessment=instance, at=timezone.now())


@admin.register(AssessmentProposal)
class AssessmentProposalAdmin(ReadOnlyAdmin):
    list_display = [
        "worker",
        "year",
        "everyday",
        "yearly",
        "satisfaction",
        "total",
        "result",
        "proposed_by",
        "proposed_at",
    ]
    list_select_related = ["worker", "proposed_by"]
    list_filter = [*PLACE, year_filter("year", "年度"), term_filter("result", "建议等次", Result)]
    large = True
    ordering = ["worker_id", "year"]
    person_path = "worker"
    search_fields = ["worker__name"]
    fields = readonly_fields = list_display


@admin.register(ShareException)
class ShareExceptionAdmin(ReadOnlyAdmin):
    list_display = ["street", "year", "extra", "reason", "granted_by", "granted_at"]
    list_select_related = ["street", "granted_by"]
    list_filter = [*place_filters("street"), year_filter("year", "年度")]
    fields = readonly_fields = list_display
