"""The tree of regions."""

from enum import StrEnum
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

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
    fields = ["code", "name", "level", "parent"]
    ordering = ["code"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["code", "level", "parent"] if obj else []

    def store(self, request: HttpRequest, form: Any, saved: list[Entry], removed: list[Entry]) -> None:
        for entry in saved:
            save_region(actor=request.user, region=entry.instance, seen=entry.seen, at=timezone.now())

    def discard(self, request: HttpRequest, instance: Any) -> None:
        remove_region(actor=request.user, region=instance, at=timezone.now())
