"""List filters whose choices come from short lists, never from the rows themselves, and never show more than the user
may see; an unknown value finds nothing.

In a large table only the places are asked of an index. The other filters are open once few enough rows are left to be
gone through (``ScopedModelAdmin.narrowed``).
"""

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Any

from django.db.models import Max, Min, Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import DropdownFilter

from songshan_cw.words import periods
from songshan_cw.words.terms import choices
from workers.models import STREET_ROLES
from workers.selectors.places import communities_of, districts_of, streets_of
from workers.selectors.scope import district_of, visible, within

EARLIEST_YEAR = 2000
MONTHS = 60
Choices = list[tuple[Any, str]]


class ChoiceFilter(DropdownFilter):
    """Filter by one of the listed values. Others match nothing."""

    path = ""
    anywhere = False  # uses an index

    def __init__(self, request: HttpRequest, params: Any, model: type[Model], model_admin: Any) -> None:
        self.open = self.anywhere or model_admin.narrowed(request)
        super().__init__(request, params, model, model_admin)
        if not self.open:
            self.title = f"{self.title}（{model_admin.narrow_first}）"

    def listed(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Return the offered (value, label) pairs."""
        return []

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return self.listed(request, model_admin) if self.open else []

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if not value:
            return queryset
        known = {str(key): key for key, _ in self.lookup_choices}
        return self.chosen(queryset, known[value]) if value in known else queryset.none()

    def chosen(self, queryset: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return queryset.filter(**{self.path: value})


def listed_filter(
    parameter: str, label: str, offered: Callable[[], Choices], path: str = "", *, quick: bool = False
) -> type[ChoiceFilter]:
    """Build a filter with the same choices for everybody."""

    class ListedFilter(ChoiceFilter):
        title = label
        parameter_name = parameter
        anywhere = quick

        def listed(self, request: HttpRequest, model_admin: Any) -> Choices:
            return offered()

    ListedFilter.path = path or parameter
    return ListedFilter


def term_filter(
    parameter: str, label: str, vocabulary: type[StrEnum], path: str = "", *, quick: bool = False
) -> type[ChoiceFilter]:
    """Build a filter by a closed vocabulary."""
    return listed_filter(parameter, label, partial(choices, vocabulary), path, quick=quick)


class PlaceFilter(ChoiceFilter):
    """Filter by district, street or community. The smaller one is offered after the larger is chosen."""

    anywhere = True

    def chosen(self, queryset: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return queryset.filter(within(self.path, value))


class DistrictFilter(PlaceFilter):
    """Filter by district, for users who see several."""

    title = "旗县区"
    parameter_name = "district"

    def listed(self, request: HttpRequest, model_admin: Any) -> Choices:
        return _districts(request)

    def has_output(self) -> bool:
        return bool(self.lookup_choices or self.value())


class StreetFilter(PlaceFilter):
    """Filter by a street of the chosen district."""

    title = "街道(乡镇)"
    parameter_name = "street"

    def listed(self, request: HttpRequest, model_admin: Any) -> Choices:
        district = request.GET.get("district") or district_of(self.value() or "")
        if not district and _districts(request):
            self.title = f"{self.title}（先选旗县区）"
            return []
        return list(streets_of(request.user, district))

    def value(self) -> str | None:
        """Ignore a street of another district, left over from an earlier choice."""
        return _inside(super().value(), self.request.GET.get("district"))


class CommunityFilter(PlaceFilter):
    """Filter by a community of the chosen street."""

    title = "社区"
    parameter_name = "community"

    def listed(self, request: HttpRequest, model_admin: Any) -> Choices:
        street = request.user.region_id if request.user.role in STREET_ROLES else request.GET.get("street")
        if not street:
            self.title = f"{self.title}（先选街道）"
        return list(communities_of(request.user, street)) if street else []

    def value(self) -> str | None:
        return _inside(super().value(), self.request.GET.get("street") or self.request.GET.get("district"))


def _districts(request: Any) -> Choices:
    """Return the user's districts, read once per page."""
    if not hasattr(request, "districts_offered"):
        request.districts_offered = list(districts_of(request.user))
    return list(request.districts_offered)


def _inside(code: str | None, outer: str | None) -> str | None:
    return code if not code or not outer or code.startswith(outer) else None


def place_filters(path: str, *, community: str = "") -> list[type[ChoiceFilter]]:
    """Build filters by district and street, and by community if its path is given."""
    kinds: list[tuple[type[ChoiceFilter], str]] = [(DistrictFilter, path), (StreetFilter, path)]
    if community:
        kinds.append((CommunityFilter, community))
    return [type(kind.__name__, (kind,), {"path": way}) for kind, way in kinds]


def span_filter(parameter: str, label: str, source: type[Model], path: str = "") -> type[ChoiceFilter]:
    """Months from the first to the last of what the user sees of ``source``, whose ``month`` is in an index; newest
    first."""

    class SpanFilter(ChoiceFilter):
        title = label
        parameter_name = parameter
        anywhere = True

        def listed(self, request: HttpRequest, model_admin: Any) -> Choices:
            ends = visible(source._default_manager.all(), request.user).aggregate(first=Min("month"), last=Max("month"))
            months = [] if ends["first"] is None else range(ends["last"], ends["first"] - 1, -1)
            return [(month, periods.label_zh(month)) for month in months]

    SpanFilter.path = path or parameter
    return SpanFilter


def recent_months_filter(parameter: str, label: str) -> type[ChoiceFilter]:
    """Build a filter by the months of the last five years."""
    return listed_filter(parameter, label, _recent_months)


def year_filter(parameter: str, label: str) -> type[ChoiceFilter]:
    """Build a filter from next year, which has budgets, back to the first possible year."""
    return listed_filter(parameter, label, _years)


def _recent_months() -> Choices:
    newest = periods.month_of(timezone.localdate())
    return [(month, periods.label_zh(month)) for month in range(newest, newest - MONTHS, -1)]


def _years() -> Choices:
    return [(year, str(year)) for year in range(timezone.localdate().year + 1, EARLIEST_YEAR - 1, -1)]
