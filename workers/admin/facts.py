"""Lists of each kind of dated fact, to find and correct records across people."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from songshan_cw.site.columns import month_column
from songshan_cw.site.exchange import ExchangeMixin
from songshan_cw.site.filters import place_filters, term_filter
from songshan_cw.site.scoped_admin import ScopedModelAdmin
from songshan_cw.words.terms import Category, CertificateLevel, Education, Position, Post, SecondmentState
from workers.admin.policy_choices import suggest_methods, suggest_reasons
from workers.models import (
    CategoryRecord,
    Certificate,
    Contract,
    EducationRecord,
    Exit,
    Hiring,
    Placement,
    PostAssignment,
    Secondment,
    ServiceGap,
    Training,
)
from workers.services import Entry, record_fact, remove_fact
from workers.services.secondments import request_secondment

PLACE = place_filters("worker__standing__street")
BY_PLACE = ["worker__standing__street_id", "worker__standing__community_id", "worker_id"]


class FactAdmin(ScopedModelAdmin):
    """A person's fact. The person cannot be changed afterwards."""

    autocomplete_fields = ["worker"]
    large = True
    person_path = "worker"
    search_fields = ["worker__name"]
    list_select_related = ["worker__standing__street"]
    list_filter = PLACE
    columns: list[Any] = []

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return ["worker", "street", *self.columns]

    def get_ordering(self, request: HttpRequest) -> list[str]:
        """Order by person, then as the model does."""
        if self.ordering and self.narrowed(request):
            return [*self.ordering]
        return [*(BY_PLACE if self.placed(request) else ["worker_id"]), *self.model._meta.ordering[1:]]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["worker"] if obj else []

    def store(self, request: HttpRequest, form: Any, saved: list[Entry], removed: list[Entry]) -> None:
        for entry in saved:
            record_fact(actor=request.user, instance=entry.instance, seen=entry.seen, at=timezone.now())

    def discard(self, request: HttpRequest, instance: Any) -> None:
        remove_fact(actor=request.user, instance=instance, at=timezone.now())

    @admin.display(description="街道(乡镇)", ordering="worker__standing__street", empty_value="—")
    def street(self, obj: Any) -> Any:
        standing = getattr(obj.worker, "standing", None)
        return standing and standing.street


@admin.register(PostAssignment)
class PostAssignmentAdmin(FactAdmin):
    columns = ["start", "community", "post", "position", "dual", "document_no"]
    autocomplete_fields = ["worker", "community"]
    list_select_related = ["worker__standing__street", "community"]
    list_filter = [*PLACE, term_filter("post", "岗位", Post), term_filter("position", "职务", Position)]


@admin.register(CategoryRecord)
class CategoryRecordAdmin(FactAdmin):
    columns = ["start", "category", "document_no"]
    list_filter = [*PLACE, term_filter("category", "人员类别", Category)]


@admin.register(EducationRecord)
class EducationRecordAdmin(FactAdmin):
    columns = ["level", "earned_on", "school", "major"]
    list_filter = [*PLACE, term_filter("level", "学历", Education)]


@admin.register(Certificate)
class CertificateAdmin(FactAdmin):
    columns = ["level", "approved_on", "number", "ended_on"]
    list_filter = [*PLACE, term_filter("level", "证书等级", CertificateLevel)]


@admin.register(ServiceGap)
class ServiceGapAdmin(FactAdmin):
    columns = ["first_day", "last_day", "reason"]


@admin.register(Placement)
class PlacementAdmin(FactAdmin):
    columns = [month_column("month", "核定月份"), "credited_months", "document_no"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        month: Any = "month" if self._can_save(request, obj) else self.columns[0]
        return ["worker", month, "credited_months", "document_no"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        readonly: list[Any] = list(super().get_readonly_fields(request, obj))
        return readonly if self._can_save(request, obj) else [*readonly, self.columns[0]]


@admin.register(Exit)
class ExitAdmin(FactAdmin):
    columns = ["left_on", "reason", "document_no"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return suggest_reasons(super().formfield_for_dbfield(db_field, request, **kwargs), db_field, request)


@admin.register(Hiring)
class HiringAdmin(FactAdmin):
    columns = ["method", "document_no"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return suggest_methods(super().formfield_for_dbfield(db_field, request, **kwargs), db_field, request)


@admin.register(Contract)
class ContractAdmin(FactAdmin):
    columns = ["start", "end", "probation_end"]


@admin.register(Secondment)
class SecondmentAdmin(FactAdmin):
    """Secondments. A new one is a request, which then moves only by approvals (rules 9.1)."""

    columns = ["body", "start", "end", "state", "reason"]
    list_filter = [*PLACE, term_filter("state", "状态", SecondmentState)]
    fields = ["worker", "body", "start", "end", "reason"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.requested_at is None)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.fields, "state", "requested_by", "requested_at", "returned_on"] if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["worker", "state", "requested_by", "requested_at", "returned_on"] if obj else []

    def store(self, request: HttpRequest, form: Any, saved: list[Entry], removed: list[Entry]) -> None:
        asked = form.instance
        if not asked._state.adding:
            super().store(request, form, saved, removed)
            return
        request_secondment(
            actor=request.user,
            worker=asked.worker,
            body=asked.body,
            start=asked.start,
            end=asked.end,
            reason=asked.reason,
            at=timezone.now(),
        )


@admin.register(Training)
class TrainingAdmin(ExchangeMixin, FactAdmin):
    exchanged = ("worker", "name", "start", "end", "hours")
    columns = ["name", "start", "end", "hours"]
