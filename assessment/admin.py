"""Yearly assessments as a list and a form."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from assessment.models import AnnualAssessment
from assessment.services.annual import record_assessment, remove_assessment
from songshan_cw.filters import term_filter, value_filter
from songshan_cw.terms import Result
from workers.admin.facts import STREET_FILTER, FactAdmin
from workers.services import Entry


@admin.register(AnnualAssessment)
class AnnualAssessmentAdmin(FactAdmin):
    columns = ["year", "result"]
    list_filter = [STREET_FILTER, value_filter("year", "年度"), term_filter("result", "等次", Result)]
    ordering = ["-year", "worker"]

    def store(self, request: HttpRequest, form: Any, saved: list[Entry], removed: list[Entry]) -> None:
        for entry in saved:
            record_assessment(actor=request.user, assessment=entry.instance, seen=entry.seen, at=timezone.now())

    def discard(self, request: HttpRequest, instance: Any) -> None:
        remove_assessment(actor=request.user, assessment=instance, at=timezone.now())
