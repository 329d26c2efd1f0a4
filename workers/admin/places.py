"""The tree of regions."""

from enum import StrEnum
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from songshan_cw.site.filters import ChoiceFilter
from songshan_cw.site.scoped_admin import ScopedModelAdmin
from workers.models import Region
from workers.models.regions import LEVEL_LABELS
from workers.services import Entry, remove_region, save_region


class LevelFilter(ChoiceFilter):
    title = "层级"
    parameter_name = "level"
    path = "level"

    def listed(self, request: HttpRequest, model_admin: Any) -> list[tuple[StrEnum, str]]:
        return list(LEVEL_LABELS.items())


@admin.register(Region)
class RegionAdmin(ScopedModelAdmin):
    list_display = ["name", "code", "level", "parent"]
    list_select_related = ["parent"]
    list_filter = [LevelFilter]
    search_fields = ["name", "code__startswith"]
    search_help_text = "按名称、区划代码查找"
    autocomplete_fields = ["parent"]
    fields = ["code", "name", "level", "parent", "renaming"]
    ordering = ["code"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["code", "level", "parent", "renaming"] if obj else ["renaming"]

    @admin.display(description="按文件改名")
    def renaming(self, obj: Region) -> str:
        """Lead to the dated renaming; the field above only corrects a slip of the pen."""
        if not obj.pk:
            return ""
        address = reverse("admin:rename_region", args=[obj.pk])
        return format_html('<a href="{}">自某日起改名，以前的月份保留原名</a>（上面的“名称”只用于更正错字）', address)

    def store(self, request: HttpRequest, form: Any, saved: list[Entry], removed: list[Entry]) -> None:
        for entry in saved:
            save_region(actor=request.user, region=entry.instance, seen=entry.seen, at=timezone.now())

    def discard(self, request: HttpRequest, instance: Any) -> None:
        remove_region(actor=request.user, region=instance, at=timezone.now())
