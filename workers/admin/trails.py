"""Changes, accesses and imports, read-only."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.template.loader import render_to_string

from songshan_cw.site.scoped_admin import ReadOnlyAdmin
from workers.models import Change, PrivateAccess, SignInAttempt, User, WorkbookImport


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    list_display = ["at", "subject", "actor", "street", "field_count", "reason", "workbook_import"]
    list_select_related = ["actor", "street", "workbook_import"]
    large = True
    person_path = "worker"
    also_searched = "、对象"
    search_fields = ["worker__name", "subject"]
    fields = ["at", "actor", "subject", "worker", "street", "workbook_import", "reason", "shown_items"]
    readonly_fields = fields

    def also_found(self, text: str) -> Q:
        """Search rows without a person by their subject."""
        return Q(worker=None, subject__contains=text)

    @admin.display(description="改动项数")
    def field_count(self, obj: Change) -> int:
        return len(obj.items)

    @admin.display(description="内容")
    def shown_items(self, obj: Change) -> str:
        return render_to_string("songshan/change_items.html", {"items": obj.items})


@admin.register(WorkbookImport)
class WorkbookImportAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "file_name", "row_count", "created_count", "updated_count", "unchanged_count"]
    list_select_related = ["actor"]
    search_fields = ["file_name"]
    search_help_text = "按文件名查找"
    readonly_fields = [*list_display, "sha256"]
    fields = readonly_fields


@admin.register(PrivateAccess)
class PrivateAccessAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "what", "purpose", "people"]
    list_select_related = ["actor"]
    large = True
    person_path = "worker"
    also_searched = "、用户名"
    search_fields = ["worker__name", "actor__username"]
    readonly_fields = list_display
    fields: Any = list_display

    def also_found(self, text: str) -> Q:
        return Q(actor__in=list(User.objects.filter(username=text).values_list("pk", flat=True)))


@admin.register(SignInAttempt)
class SignInAttemptAdmin(ReadOnlyAdmin):
    list_display = ["at", "username", "outcome", "address"]
    list_filter = ["outcome"]
    large = True
    search_fields = ["username", "address"]
    search_help_text = "按用户名、来访地址查找"
    readonly_fields = list_display
    fields: Any = list_display
