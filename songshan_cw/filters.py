"""List filters whose choices never show more than the user may see; an unknown value finds nothing."""

from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import DropdownFilter

from songshan_cw import periods
from songshan_cw.terms import choices
from workers.models import Region
from workers.scope import visible


class ChoiceFilter(DropdownFilter):
    """One value out of the listed ones; anything else in the address finds nothing."""

    path = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return []

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if not value:
            return queryset
        known = {str(key): key for key, _ in self.lookup_choices}
        return queryset.filter(**{self.path: known[value]}) if value in known else queryset.none()


def term_filter(parameter: str, label: str, vocabulary: type[StrEnum], path: str = "") -> type[ChoiceFilter]:
    """A filter by one of the closed vocabularies."""

    class TermFilter(ChoiceFilter):
        title = label
        parameter_name = parameter

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            return choices(vocabulary)

    TermFilter.path = path or parameter
    return TermFilter


def region_filter(parameter: str, label: str, path: str) -> type[ChoiceFilter]:
    """A filter by the regions that occur in the rows the user may see."""

    class RegionFilter(ChoiceFilter):
        title = label
        parameter_name = parameter

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            used = model_admin.get_queryset(request).order_by().values(path)
            regions = visible(Region.objects.filter(pk__in=used), request.user)
            return list(regions.order_by("code").values_list("code", "name"))

    RegionFilter.path = path
    return RegionFilter


def value_filter(parameter: str, label: str, path: str = "", month: bool = False) -> type[ChoiceFilter]:
    """A filter by the values that occur, newest first: years, months."""

    class ValueFilter(ChoiceFilter):
        title = label
        parameter_name = parameter

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
            used = model_admin.get_queryset(request).order_by(f"-{self.path}").values_list(self.path, flat=True)
            return [(value, periods.label_zh(value) if month else str(value)) for value in used.distinct()[:120]]

    ValueFilter.path = path or parameter
    return ValueFilter
