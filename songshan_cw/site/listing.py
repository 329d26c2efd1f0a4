"""What the register pages share: the day and street they look at, a page of many rows, and the same rows as a file."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page as Sheet
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from songshan_cw.data.paging import AT_ONCE
from songshan_cw.data.refusal import Refused
from songshan_cw.files.table import Listed, Table, csv_of, xlsx_of
from songshan_cw.policy import PolicyGap
from songshan_cw.site.drawing import Drawn
from songshan_cw.site.page import Page
from songshan_cw.words.terms import RegionLevel, Role
from workers.models import Region, User, Worker
from workers.rules.bounds import date_fault
from workers.selectors.places import streets_of
from workers.selectors.refusals import reason_of
from workers.selectors.scope import sees_more_than, visible

SHOWN = 50
EXPORTED_AT_ONCE = 50_000
EARLIEST = date(2018, 1, 1)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
UNKNOWN_STREET = "地址中的街道不在您的管辖范围内，没有列出内容。请在上面重新选择街道。"


class ListingPage(Page):
    """A register as of a day (``?date=``), of one street (``?street=``) or the user's whole scope.

    ``kinds``: the files it is exported as.
    """

    kinds: Sequence[str] = ()

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show refusals beside the filters, so that another day or street can be chosen."""
        try:
            if self.street and self.street not in dict(self.streets):
                raise Refused(UNKNOWN_STREET)
            if request.GET.get("export") in self.kinds:
                self.ask_for_street(EXPORTED_AT_ONCE)
                return self.exported(request.GET["export"])
            self.ask_for_street(AT_ONCE)
            return self.show(**self.filters(), **self.listed())
        except (Refused, PolicyGap) as refusal:
            return self.show(**self.filters(), refusal=reason_of(refusal))

    def ask_for_street(self, most: int) -> None:
        """Require a street when the scope has too many people."""
        if not self.street and len(self.streets) > 1 and sees_more_than(self.user, most):
            raise Refused(f"您管辖的人员超过{most:,}人，请先在上面选择一个街道，再查看或导出。")

    def listed(self) -> dict[str, Any]:
        """Return the template's context."""
        return {}

    def exported(self, kind: str) -> HttpResponse:
        """Return the listed table as a file."""
        name, table, rows = self.filed()
        return table_file(self.user, kind, name, [Listed(table, rows, name, name)])

    def filed(self) -> tuple[str, Table[Any], Iterable[Any]]:
        """Return the name of the file, its table and all rows."""
        raise Refused("本页没有可以导出的表格。")

    def filters(self) -> dict[str, Any]:
        return {
            "day": self.day,
            "day_fault": self.day_fault,
            "street": self.street,
            "streets": self.streets,
            "query": self.address(page=None),
            "exports": [(kind, f"?{self.address(export=kind)}") for kind in self.kinds],
        }

    @cached_property
    def streets(self) -> list[tuple[str, str]]:
        """Return (code, name) of the user's streets."""
        return streets_of(self.user)

    @cached_property
    def street(self) -> str:
        """Return the requested street, or an empty text for all."""
        return self.request.GET.get("street", "")

    @cached_property
    def day(self) -> date:
        """Return the requested day, or today for a missing or impossible one (``day_fault``)."""
        return self._asked or timezone.localdate()

    @cached_property
    def day_fault(self) -> str:
        text = self.request.GET.get("date", "").strip()
        if not text or self._asked:
            return ""
        today = timezone.localdate()
        return (
            f"截至日期“{text[:12]}”不是日期，或早于{EARLIEST.year}年，没有采用；下面列出的是今天（{today}）的情况。"
            f"请填写为{today}的样子。"
        )

    @cached_property
    def _asked(self) -> date | None:
        try:
            asked = date.fromisoformat(self.request.GET.get("date", "").strip())
        except ValueError:
            return None
        return asked if asked >= EARLIEST and not date_fault(asked) else None

    @cached_property
    def communities(self) -> dict[str, str]:
        """Map codes to names. One statement."""
        found = visible(Region.objects.filter(level=RegionLevel.COMMUNITY.value), self.user)
        return dict(found.values_list("code", "name"))

    def numbers_of(self, keys: Iterable[int]) -> dict[int, str]:
        """Return the ID numbers of a page of people. One statement."""
        return dict(self.seen(Worker.objects.filter(pk__in=list(keys))).values_list("pk", "id_number"))

    def in_street(self, community: str) -> bool:
        return community.startswith(self.street)

    def sheet(self, rows: Sequence[Any], parameter: str = "page") -> Sheet:
        return Paginator(rows, SHOWN).get_page(self.request.GET.get(parameter))

    def draw_sheet(self, table: Table[Any], rows: Sequence[Any], parameter: str = "page", **given: Any) -> Drawn:
        """Draw a sheet of the rows. ``parameter`` also names the place on the page that its pager returns to."""
        query, anchor = self.address(**{parameter: None}), "" if parameter == "page" else parameter
        return self.draw(table, self.sheet(rows, parameter), parameter=parameter, query=query, anchor=anchor, **given)

    def address(self, **changed: str | int | None) -> str:
        """Return this query with changes, ending in ``&`` where it continues."""
        query = {name: value for name, value in self.request.GET.items() if name not in {"export", *changed}}
        text = urlencode(query | {name: value for name, value in changed.items() if value is not None})
        return f"{text}&" if text and None in changed.values() else text


class WholeStreets(ListingPage):
    """A page about whole streets, for users whose scope includes everybody in them (rules 10)."""

    permission = "assessment.check_limits"

    @cached_property
    def street_codes(self) -> list[str] | None:
        """Return None for the administrator, which skips districts without a policy."""
        if self.street:
            return [self.street]
        return None if self.user.role == Role.ADMINISTRATOR else [code for code, _ in self.streets]


def table_file(user: User, kind: str, name: str, tables: Sequence[Listed]) -> HttpResponse:
    """Return tables as xlsx, or one table as csv, without the columns that the user has no right to."""
    allowed = [one._replace(table=one.table.seen_by(user.has_perm)) for one in tables]
    content = csv_of(allowed[0]) if kind == "csv" else xlsx_of(allowed)
    return file_response(content, f"{name}.{kind}", CSV if kind == "csv" else XLSX)


def file_response(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
