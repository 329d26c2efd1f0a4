"""Registers beside the post itself: discipline, leave, visits, committees, honours, archive."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from songshan_cw.columns import month_column
from songshan_cw.filters import region_filter, term_filter, value_filter
from songshan_cw.scoped_admin import ReadOnlyAdmin
from songshan_cw.terms import Committee, DayOff
from workers.admin.facts import STREET_FILTER, FactAdmin
from workers.models import (
    Absence,
    ArchiveFiling,
    Attachment,
    CalendarDay,
    CommitteeSeat,
    CommunityProfile,
    DutyBackup,
    Honour,
    Leave,
    PartyWorker,
    SecondmentApproval,
    Visit,
)

VISIT_MONTH = month_column("month", "月份")


@admin.register(Absence)
class AbsenceAdmin(FactAdmin):
    columns = ["first_day", "last_day", "note", "document_no"]


@admin.register(Leave)
class LeaveAdmin(FactAdmin):
    columns = ["kind", "first_day", "last_day", "days", "document_no"]


@admin.register(Visit)
class VisitAdmin(FactAdmin):
    columns = [VISIT_MONTH, "households"]
    list_filter = [STREET_FILTER, value_filter("month", "月份", month=True)]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return ["worker", "month" if self._can_save(request, obj) else VISIT_MONTH, "households"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        readonly: list[Any] = list(super().get_readonly_fields(request, obj))
        return readonly if self._can_save(request, obj) else [*readonly, VISIT_MONTH]


@admin.register(DutyBackup)
class DutyBackupAdmin(FactAdmin):
    columns = ["backup", "duty", "start", "end"]
    autocomplete_fields = ["worker", "backup"]
    list_select_related = ["worker__standing__street", "backup"]


@admin.register(CommitteeSeat)
class CommitteeSeatAdmin(FactAdmin):
    columns = ["community", "committee", "local", "start", "end"]
    autocomplete_fields = ["worker", "community"]
    list_select_related = ["worker__standing__street", "community"]
    list_filter = [STREET_FILTER, term_filter("committee", "组织", Committee)]


@admin.register(PartyWorker)
class PartyWorkerAdmin(FactAdmin):
    columns = ["community", "start", "end"]
    autocomplete_fields = ["worker", "community"]
    list_select_related = ["worker__standing__street", "community"]


@admin.register(Honour)
class HonourAdmin(FactAdmin):
    columns = ["name", "level", "awarded_on", "document_no"]


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    list_display = ["worker", "part", "title", "size", "added_by", "added_at"]
    list_select_related = ["worker", "added_by"]
    search_fields = ["worker__name", "title"]
    search_help_text = "按姓名、名称查找"
    fields = readonly_fields = [*list_display, "sha256"]


@admin.register(ArchiveFiling)
class ArchiveFilingAdmin(ReadOnlyAdmin):
    list_display = ["worker", "filed_with", "filed_on", "document_no", "by"]
    list_select_related = ["worker", "by"]
    search_fields = ["worker__name"]
    search_help_text = "按姓名查找"
    fields = readonly_fields = list_display


@admin.register(SecondmentApproval)
class SecondmentApprovalAdmin(ReadOnlyAdmin):
    list_display = ["secondment", "worker", "step", "authority", "agreed", "by", "at", "document_no", "reason"]
    list_select_related = ["secondment__worker", "by"]
    search_fields = ["secondment__worker__name"]
    search_help_text = "按姓名查找"
    fields = readonly_fields = list_display

    @admin.display(description="社区工作者")
    def worker(self, obj: SecondmentApproval) -> str:
        return str(obj.secondment.worker)


@admin.register(CommunityProfile)
class CommunityProfileAdmin(ReadOnlyAdmin):
    list_display = ["community", "since", "households", "source"]
    list_select_related = ["community"]
    list_filter = [region_filter("community", "社区", "community")]
    fields = readonly_fields = list_display


@admin.register(CalendarDay)
class CalendarDayAdmin(ReadOnlyAdmin):
    list_display = ["district", "day", "kind", "name", "document_no"]
    list_select_related = ["district"]
    list_filter = [term_filter("kind", "安排", DayOff)]
    fields = readonly_fields = list_display
