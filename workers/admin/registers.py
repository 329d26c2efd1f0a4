"""Registers: discipline, leave, visits, committees, honours, archives."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from unfold.widgets import UnfoldAdminSelectWidget

from songshan_cw.data.refusal import Refused
from songshan_cw.policy import PolicyGap
from songshan_cw.site.columns import month_column
from songshan_cw.site.exchange import ExchangeMixin
from songshan_cw.site.filters import place_filters, recent_months_filter, term_filter
from songshan_cw.site.scoped_admin import ReadOnlyAdmin, ScopedModelAdmin
from songshan_cw.words.terms import Committee, DayOff
from workers.admin.facts import PLACE, FactAdmin
from workers.admin.forms import UNCHOSEN
from workers.admin.policy_choices import leave_kinds, policy_choices
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
from workers.selectors.refusals import reason_of
from workers.services import Entry
from workers.services.duties import record_backup, record_leave
from workers.services.localities import remove_calendar_day, remove_profile, save_calendar_day, save_profile

VISIT_MONTH = month_column("month", "月份")


@admin.register(Absence)
class AbsenceAdmin(ExchangeMixin, FactAdmin):
    exchanged = ("worker", "first_day", "last_day", "note", "document_no")
    columns = ["first_day", "last_day", "note", "document_no"]


@admin.register(Leave)
class LeaveAdmin(ExchangeMixin, FactAdmin):
    """Leave. The policy lists the kinds; a stored kind remains selectable."""

    exchanged = ("worker", "kind", "first_day", "last_day", "days", "document_no")
    columns = ["kind", "first_day", "last_day", "days", "document_no"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "kind" in form.base_fields:
            kinds = policy_choices(request.user, timezone.localdate(), leave_kinds)
            offered = dict.fromkeys([*kinds, *([obj.kind] if obj else [])])
            listed = [*UNCHOSEN, *((kind, kind) for kind in offered)]
            form.base_fields["kind"] = forms.ChoiceField(label="假别", choices=listed, widget=UnfoldAdminSelectWidget)
        return form

    def store(self, request: HttpRequest, form: Any, saved: list[Entry], removed: list[Entry]) -> None:
        try:
            for entry in saved:
                record_leave(actor=request.user, leave=entry.instance, seen=entry.seen, at=timezone.now())
        except PolicyGap as gap:
            raise Refused(reason_of(gap)) from gap


@admin.register(Visit)
class VisitAdmin(ExchangeMixin, FactAdmin):
    exchanged = ("worker", "month", "households")
    columns = [VISIT_MONTH, "households"]
    list_filter = [*PLACE, recent_months_filter("month", "月份")]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return ["worker", "month" if self._can_save(request, obj) else VISIT_MONTH, "households"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        readonly: list[Any] = list(super().get_readonly_fields(request, obj))
        return readonly if self._can_save(request, obj) else [*readonly, VISIT_MONTH]


@admin.register(DutyBackup)
class DutyBackupAdmin(ExchangeMixin, FactAdmin):
    exchanged = ("worker", "duty", "backup", "start", "end")
    columns = ["backup", "duty", "start", "end"]
    autocomplete_fields = ["worker", "backup"]
    list_select_related = ["worker__standing__street", "backup"]

    def store(self, request: HttpRequest, form: Any, saved: list[Entry], removed: list[Entry]) -> None:
        for entry in saved:
            record_backup(actor=request.user, backup=entry.instance, seen=entry.seen, at=timezone.now())


@admin.register(CommitteeSeat)
class CommitteeSeatAdmin(FactAdmin):
    columns = ["community", "committee", "local", "start", "end"]
    autocomplete_fields = ["worker", "community"]
    list_select_related = ["worker__standing__street", "community"]
    list_filter = [*PLACE, term_filter("committee", "组织", Committee)]


@admin.register(PartyWorker)
class PartyWorkerAdmin(FactAdmin):
    columns = ["community", "start", "end"]
    autocomplete_fields = ["worker", "community"]
    list_select_related = ["worker__standing__street", "community"]


@admin.register(Honour)
class HonourAdmin(ExchangeMixin, FactAdmin):
    exchanged = ("worker", "name", "level", "awarded_on", "document_no")
    columns = ["name", "level", "awarded_on", "document_no"]


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    list_display = ["worker", "part", "title", "size", "added_by", "added_at"]
    list_select_related = ["worker", "added_by"]
    list_filter = PLACE
    large = True
    ordering = ["worker_id", "part", "id"]
    person_path = "worker"
    search_fields = ["worker__name"]
    fields = readonly_fields = [*list_display, "sha256"]


@admin.register(ArchiveFiling)
class ArchiveFilingAdmin(ReadOnlyAdmin):
    list_display = ["worker", "filed_with", "filed_on", "document_no", "by"]
    list_select_related = ["worker", "by"]
    list_filter = PLACE
    large = True
    ordering = ["worker_id", "filed_on"]
    person_path = "worker"
    search_fields = ["worker__name"]
    fields = readonly_fields = list_display


@admin.register(SecondmentApproval)
class SecondmentApprovalAdmin(ReadOnlyAdmin):
    list_display = ["secondment", "worker", "step", "authority", "agreed", "by", "at", "document_no", "reason"]
    list_select_related = ["secondment__worker", "by"]
    ordering = ["secondment_id", "step"]
    person_path = "secondment__worker"
    search_fields = ["secondment__worker__name"]
    fields = readonly_fields = list_display

    @admin.display(description="社区工作者")
    def worker(self, obj: SecondmentApproval) -> str:
        return str(obj.secondment.worker)


@admin.register(CommunityProfile)
class CommunityProfileAdmin(ExchangeMixin, ScopedModelAdmin):
    exchanged = ("community", "since", "households", "source")
    list_display = ["community", "since", "households", "source"]
    list_select_related = ["community"]
    list_filter = place_filters("community", community="community")
    ordering = ["community_id", "since"]
    search_fields = ["community__name"]
    search_help_text = "按社区名称查找"
    autocomplete_fields = ["community"]
    fields = ["community", "since", "households", "source"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["community"] if obj else []

    def store(self, request: HttpRequest, form: Any, saved: list[Entry], removed: list[Entry]) -> None:
        for entry in saved:
            save_profile(actor=request.user, profile=entry.instance, seen=entry.seen, at=timezone.now())

    def discard(self, request: HttpRequest, instance: Any) -> None:
        remove_profile(actor=request.user, profile=instance, at=timezone.now())


@admin.register(CalendarDay)
class CalendarDayAdmin(ExchangeMixin, ScopedModelAdmin):
    """A district's own days. The national list is shipped."""

    exchanged = ("district", "day", "kind", "name", "document_no")
    list_display = ["day", "kind", "name", "district", "document_no"]
    list_select_related = ["district"]
    list_filter = [term_filter("kind", "安排", DayOff)]
    fields = ["district", "day", "kind", "name", "document_no"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["district"] if obj else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"district": request.user.region_id}

    def store(self, request: HttpRequest, form: Any, saved: list[Entry], removed: list[Entry]) -> None:
        for entry in saved:
            save_calendar_day(actor=request.user, calendar_day=entry.instance, seen=entry.seen, at=timezone.now())

    def discard(self, request: HttpRequest, instance: Any) -> None:
        remove_calendar_day(actor=request.user, calendar_day=instance, at=timezone.now())
