"""Training, visits and annual leave of a year, with incomplete people first (rules 9.3)."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from songshan_cw.site.listing import EARLIEST, Cell, ListingPage, table_file
from songshan_cw.words.periods import january, number_of
from workers.selectors.duties import DutyYear, duties_of_year

MONTHS = range(12)
STATES = (("missing", "有欠缺的"), ("complete", "都达到的"))
COLUMNS = (
    "社区", "姓名", "职务", "培训要求", "已培训", "单位", "每月应走访户数",
    *(f"{month + 1}月走访" for month in MONTHS), "年休假天数", "已休",
)  # fmt: skip


class DutiesPage(ListingPage):
    permission = "workers.view_training"
    who_may = "由街道、民政局、组织部和系统管理员查看。"
    template = "pages/registers/duties.html"

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
            "exports": "xlsx csv",
        }

    def listed(self) -> dict[str, Any]:
        rows = self.sheet(self.rows)
        numbers = self.numbers_of(row.person.id for row in rows)
        return {
            "rows": rows,
            "drawn": [self.drawn(row) for row in rows],
            "numbers": numbers,
            "months": [month + 1 for month in MONTHS],
            "short": sum(1 for row in self.everybody if not row.complete),
            "people": len(self.everybody),
        }

    def exported(self, kind: str) -> HttpResponse:
        return table_file(kind, f"{self.year}年培训走访休假", COLUMNS, map(self.line, self.rows))

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

    def drawn(self, row: DutyYear) -> dict[str, Any]:
        first, poor = january(self.year), set(row.poor_months)
        months = [(row.visits.get(first + month), first + month in poor) for month in MONTHS]
        return {"row": row, "community": self.communities.get(row.person.community, ""), "months": months}

    def line(self, row: DutyYear) -> list[Cell]:
        done = {number_of(month): households for month, households in row.visits.items()}
        training = row.training
        return [
            self.communities.get(row.person.community, ""), row.person.name, row.person.position.value,
            training.required, training.done, training.unit.value,
            "" if row.visits_owed is None else row.visits_owed,
            *(done.get(month + 1, "") for month in MONTHS), row.entitled, row.taken,
        ]  # fmt: skip


def _urgency(row: DutyYear) -> tuple[bool, bool, int, str, int]:
    return row.complete, row.training.met, -len(row.poor_months), row.person.community, row.person.id
