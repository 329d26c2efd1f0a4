"""A person's facts as tabs on the person's page."""

from typing import Any

from django.http import HttpRequest

from songshan_cw.site.scoped_admin import ReadOnlyInline, ScopedInline
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


class PostAssignmentInline(ScopedInline):
    model = PostAssignment
    autocomplete_fields = ["community"]


class CategoryInline(ScopedInline):
    model = CategoryRecord


class EducationInline(ScopedInline):
    model = EducationRecord


class CertificateInline(ScopedInline):
    model = Certificate


class ServiceGapInline(ScopedInline):
    model = ServiceGap


class PlacementInline(ScopedInline):
    model = Placement


class HiringInline(ScopedInline):
    model = Hiring

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return suggest_methods(super().formfield_for_dbfield(db_field, request, **kwargs), db_field, request)


class ContractInline(ScopedInline):
    model = Contract


class SecondmentInline(ReadOnlyInline):
    """Read-only: requests, approvals and returns have their own pages."""

    model = Secondment
    fields = readonly_fields = ["body", "start", "end", "state", "reason"]


class TrainingInline(ScopedInline):
    model = Training


class ExitInline(ScopedInline):
    model = Exit

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return suggest_reasons(super().formfield_for_dbfield(db_field, request, **kwargs), db_field, request)


FACT_INLINES = (
    PostAssignmentInline,
    CategoryInline,
    EducationInline,
    CertificateInline,
    ServiceGapInline,
    PlacementInline,
    HiringInline,
    ContractInline,
    SecondmentInline,
    TrainingInline,
    ExitInline,
)
