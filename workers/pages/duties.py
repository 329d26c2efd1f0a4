"""Training, visits and annual leave of a year, with incomplete people first (rules 9.3)."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from songshan_cw.files.figures import short
from songshan_cw.files.table import NUMBER, WHOLE, Column, Table
from songshan_cw.site.listing import EARLIEST, ListingPage
from songshan_cw.site.parts import badge, faint, lines, person_address
from songshan_cw.words.periods import Month, january, number_of
from workers.selectors.duties import DutyYear, duties_of_year

STATES = (("missing", "有欠缺的"), ("complete", "都达到的"))


def duties_table(communities: Mapping[str, str], year: int) -> Table[DutyYear]:
    def visits(month: Month) -> Column[DutyYear]:
        return Column(
            f"{number_of(month)}月走访",
            lambda row: row.visits.get(month),
            WHOLE,
            show=lambda row: _marked(row.visits.get(month), month in row.poor_months),
        )

    return Table(
        f"{year}年培训走访休假",
        (
            Column("社区", lambda row: communities.get(row.person.community)),
            Column("姓名", lambda row: row.person.name, link=lambda row: person_address(row.person.id, "trainings")),
            Column("职务", lambda row: row.person.position.value),
            Column("培训要求", lambda row: row.training.required, NUMBER),
            Column("已培训", lambda row: row.training.done, NUMBER, show=_trained),
            Column("单位", lambda row: row.training.unit.value),
            Column("每月应走访户数", lambda row: row.visits_owed, WHOLE),
            *map(visits, range(january(year), january(year + 1))),
            Column("年休假天数", lambda row: row.entitled, NUMBER),
            Column("已休", lambda row: row.taken, NUMBER),
        ),
        empty="没有符合条件的人员。",
        css="sw-dense sw-narrow",
    )


def _marked(number: int | Decimal | None, lacks: bool) -> str:
    return badge(short(number), "未说明") if lacks else short(number)


def _trained(row: DutyYear) -> str:
    unmeasured = row.training.unmeasured
    return lines(
        _marked(row.training.done, not row.training.met), faint(f"{unmeasured}次未填学时") if unmeasured else ""
    )


class DutiesPage(ListingPage):
    permission = "workers.view_training"
    template = "pages/registers/duties.html"
    kinds = ("xlsx", "csv")

    def get(self, request: HttpRequest, year: int | None = None, **kwargs: Any) -> HttpResponse:
        today = timezone.localdate()
        self.year = today.year if year is None else year
        if not EARLIEST.year <= self.year <= today.year:
            raise Http404
        return super().get(request, **kwargs)

    def filters(self) -> dict[str, Any]:
        this_year = timezone.localdate().year
        return super().filters() | {
            "title": f"{self.year}年培训、走访和年休假",
            "year": self.year,
            "years": range(this_year, max(this_year - 5, EARLIEST.year) - 1, -1),
            "selects": [("state", "完成情况", STATES, self.state)],
        }

    def listed(self) -> dict[str, Any]:
        return {
            "duties": self.draw_sheet(duties_table(self.communities, self.year), self.rows),
            "owed": next((row.visits_owed for row in self.rows), None),
            "short": sum(1 for row in self.everybody if not row.complete),
            "people": len(self.everybody),
        }

    def filed(self) -> tuple[str, Table[Any], list[DutyYear]]:
        table = duties_table(self.communities, self.year)
        return table.title, table, self.rows

    @cached_property
    def state(self) -> str:
        return self.request.GET.get("state", "")

    @cached_property
    def everybody(self) -> list[DutyYear]:
        rows = duties_of_year(self.user, self.year, timezone.localdate(), self.street)
        return [row for row in rows if self.in_street(row.person.community)]

    @cached_property
    def rows(self) -> list[DutyYear]:
        """Order by what is lacking, then by community."""
        wanted = {"missing": (False,), "complete": (True,)}.get(self.state, (False, True))
        chosen = [row for row in self.everybody if row.complete in wanted]
        return sorted(chosen, key=_urgency)


def _urgency(row: DutyYear) -> tuple[bool, bool, int, str, int]:
    return row.complete, row.training.met, -len(row.poor_months), row.person.community, row.person.id
