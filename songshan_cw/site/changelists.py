"""Admin lists of any size: they offer what an index answers, or what few enough rows allow.

In a large table a user with many people chooses a street first; then every filter, column and search is available.
Before, the list has its own order, order by place, and the records of a few people found by name or number.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin.views.main import ERROR_FLAG, ORDER_VAR
from django.db.models import F, Func, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.views import ChangeList

from songshan_cw.data.paging import COUNT_CAP, CappedPaginator
from workers.models import STREET_ROLES, Worker
from workers.selectors.scope import sees_more_than
from workers.selectors.search import search

PEOPLE_FOUND = 200  # a search in a large table lists the records of at most so many people
SEARCHED = 100  # characters
PLACES = ("district", "street", "community")


class RecordList(ChangeList):
    """Sort only by the offered columns."""

    def get_ordering_field(self, field_name: Any) -> Any:
        offered = self.sortable_by is None or field_name in self.sortable_by
        return super().get_ordering_field(field_name) if offered else None

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """A column asked for sorts what the place holds. Left to itself a planner goes along the column's own index
        through everybody, expecting to meet fifty of the place soon."""
        ordering = super().get_ordering(request, queryset)
        if not (ORDER_VAR in self.params and self.model_admin.large and self.model_admin.placed(request)):
            return ordering
        return [_looked_at(part) if isinstance(part, str) else part for part in ordering]


class LookedAt(Func):
    """An expression that no index serves."""

    template = "(SELECT %(expressions)s)"


def _looked_at(part: str) -> Any:
    column = LookedAt(F(part.removeprefix("-")))
    return column.desc() if part.startswith("-") else column.asc()


class ListMixin:
    """How an admin page lists its records."""

    large = False  # grows with the number of people
    narrow_first = "先选街道"
    quick_sorts: Sequence[str] = ()  # columns with an index, which sort any number of rows
    place_ordering: Sequence[str] = ()  # within a place; led by an index too
    person_path = ""  # the way to the person that searches go by; empty: ``search_fields`` as they are
    also_searched = ""  # what else ``also_found`` finds by, in words

    show_full_result_count = False
    paginator = CappedPaginator

    def narrowed(self, request: HttpRequest) -> bool:
        """Return whether few enough rows are left to filter and sort by anything."""
        if not self.large or request.GET.get("street") or request.user.role in STREET_ROLES:
            return True
        return not sees_more_than(request.user, COUNT_CAP)

    def get_sortable_by(self, request: HttpRequest) -> Any:
        return super().get_sortable_by(request) if self.narrowed(request) else self.quick_sorts

    def get_ordering(self, request: HttpRequest) -> Any:
        """By place wherever a place is given: the index of places finds the rows and has them in this order."""
        by_place = self.place_ordering and self.placed(request)
        return self.place_ordering if by_place else super().get_ordering(request)

    def placed(self, request: HttpRequest) -> bool:
        """Return whether the list is limited to a place."""
        return bool(request.user.region_id) or any(request.GET.get(place) for place in PLACES)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return RecordList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if ERROR_FLAG in request.GET:
            return HttpResponseRedirect(request.path)
        return super().changelist_view(request, extra_context)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Describe what is not listed and what can be searched."""
        listed = super().get_changelist_instance(request)
        if self.person_path:
            tail = "、完整电话、证件号或其末4位" if request.user.sees_private else ""
            listed.search_help_text = f"按姓名、姓名首字母、电话末4位{tail}{self.also_searched}查找"
        if listed.paginator.capped:
            text = f"符合条件的超过{COUNT_CAP:,}条，只列前{COUNT_CAP:,}条，请用查找或筛选缩小范围。"
            messages.info(request, text)
        if getattr(request, "found_too_many", False):
            text = f"找到的人超过{PEOPLE_FOUND}人，只列其中{PEOPLE_FOUND}人的，请写全姓名或电话。"
            messages.info(request, text)
        return listed

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Allow only the filters on the page, because others would read hidden columns."""
        names = {getattr(item, "parameter_name", None) for item in self.get_list_filter(request)}
        return lookup in names

    # --- searching ---

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        text = search_term.strip()[:SEARCHED]
        if "\x00" in text:
            return queryset.none(), False
        if not self.person_path:
            return super().get_search_results(request, queryset, text)
        return queryset.filter(self._found(request, text)) if text else queryset, False

    def _found(self, request: HttpRequest, text: str) -> Q:
        """Return the records of the people found. Among many, the people are looked up first."""
        return self._of_people(request, text) | self.also_found(text)

    def _of_people(self, request: HttpRequest, text: str) -> Q:
        by_number = request.user.sees_private
        if request.user.region_id or self.narrowed(request):
            return search(text, "" if self.person_path == "pk" else f"{self.person_path}__", by_number=by_number)
        found = Worker.objects.filter(search(text, by_number=by_number)).order_by()
        keys = list(found.values_list("pk", flat=True)[: PEOPLE_FOUND + 1])
        request.found_too_many = len(keys) > PEOPLE_FOUND
        return Q(**{f"{self.person_path}__in": keys[:PEOPLE_FOUND]})

    def also_found(self, text: str) -> Q:
        """Return what else a search finds: by default nothing."""
        return Q(pk__in=())
