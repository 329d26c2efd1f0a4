"""Actual and recommended staff of communities, and their structure (rules 9.6)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.http import Http404, HttpResponse

from songshan_cw.files.figures import whole
from songshan_cw.files.table import NUMBER, WHOLE, Column, Listed, Table
from songshan_cw.site import charts
from songshan_cw.site.listing import WholeStreets, table_file
from songshan_cw.site.parts import badge
from songshan_cw.words.terms import Education, RegionLevel
from workers.models import Region
from workers.rules.staffing import AGE_BANDS, OLDEST_BAND, Recommended
from workers.selectors.scope import DISTRICT_DIGITS, STREET_DIGITS, visible
from workers.selectors.staffing import Present, Staffing, Structure, people_on, rolled_up, staffing, structures

COMMUNITY_DIGITS = 12
LEVELS = {
    "community": ("社区", COMMUNITY_DIGITS),
    "street": ("街道", STREET_DIGITS),
    "district": ("全区", DISTRICT_DIGITS),
}
AGES = (*(label for _, label in AGE_BANDS), OLDEST_BAND)
EDUCATIONS = tuple(term.value for term in Education)
MAJORS_SHOWN = 8
OTHER_MAJORS = "其他专业"
STAFFING = Table[Staffing](
    "人员配备",
    (
        Column("名称", lambda row: row.name, names_row=True),
        Column("常住户数", lambda row: row.households, WHOLE),
        Column(
            "应配备", lambda row: _span(row.recommended), NUMBER, show=lambda row: str(_span(row.recommended) or "—")
        ),
        Column("体系内在岗", lambda row: row.workers, WHOLE),
        Column("缺员", lambda row: row.missing, WHOLE, show=lambda row: _lacking(row.missing)),
        Column("领导岗位", lambda row: row.leaders, WHOLE),
        Column("专职党务工作者", lambda row: row.party_workers, WHOLE),
        Column("属地居委会成员", lambda row: row.local, WHOLE),
        Column("两委成员", lambda row: row.seated, WHOLE),
        Column("交叉任职人数", lambda row: row.in_both, WHOLE),
        Column("交叉任职率%", lambda row: row.cross_rate, NUMBER),
    ),
    empty="这一天没有在岗人员，也没有登记社区概况。",
    css="sw-narrow",
)


def structure_table(names: Mapping[str, str], majors: Sequence[str]) -> Table[Structure]:
    def counted(row: Structure) -> list[int]:
        return _of_majors(row.majors, majors)

    return Table(
        "人员结构",
        (
            Column("名称", lambda row: names.get(row.code, row.code), names_row=True),
            Column("人数", lambda row: row.people, WHOLE),
            *(Column(band, lambda row, band=band: row.ages[band], WHOLE) for band in AGES),
            *(Column(term, lambda row, term=term: row.educations[term], WHOLE) for term in EDUCATIONS),
            *(
                Column(name, lambda row, at=at: _of_majors(row.majors, majors)[at], WHOLE)
                for at, name in enumerate(majors)
            ),
        ),
        css="sw-dense sw-narrow",
    )


def _span(wanted: Recommended | None) -> str | int | None:
    if wanted is None:
        return None
    return wanted.fewest if wanted.fewest == wanted.most else f"{wanted.fewest}至{wanted.most}"


def _lacking(missing: int | None) -> str:
    return badge(missing, "未说明") if missing else whole(missing)


class StaffingPage(WholeStreets):
    title = "人员配备与结构"
    template = "pages/registers/staffing.html"
    kinds = ("xlsx",)

    def listed(self) -> dict[str, Any]:
        sums = [row for row in self.summed if row.code != self.only_code] if len(self.rows) > 1 else []
        foot = [replace(row, name=f"合计　{row.name}") for row in sums]
        return {
            "staffing": self.draw_sheet(STAFFING, self.rows, foot=foot),
            "level": self.level,
            "level_name": LEVELS[self.level][0],
            "drawn": self.charts,
            "structures": self.draw_sheet(self.structure_table, self.structure, "made"),
            "short": sum(1 for row in self.communities_rows if row.missing),
        }

    def filters(self) -> dict[str, Any]:
        levels = [(key, name) for key, (name, _) in LEVELS.items()]
        return super().filters() | {"selects": [("level", "按", levels, self.level)]}

    def exported(self, kind: str) -> HttpResponse:
        """Export staff and structure as two sheets."""
        level = LEVELS[self.level][0]
        listed = [
            Listed(table, rows, table.title, f"{table.title}（按{level}，截至{self.day}）")
            for table, rows in ((STAFFING, self.rows), (self.structure_table, self.structure))
        ]
        return table_file(self.user, kind, f"人员配备与结构_按{level}_{self.day}", listed)

    @property
    def structure_table(self) -> Table[Structure]:
        return structure_table(self.communities | self.names, self.majors)

    @cached_property
    def level(self) -> str:
        asked = self.request.GET.get("level", "")
        if asked and asked not in LEVELS:
            raise Http404
        return asked or "community"

    @cached_property
    def names(self) -> dict[str, str]:
        """Return the names of streets and districts. A street's user sees the street in place of the district."""
        levels = (RegionLevel.STREET.value, RegionLevel.DISTRICT.value)
        found = dict(visible(Region.objects.filter(level__in=levels), self.user).values_list("code", "name"))
        mine = self.user.region.name if self.user.region else ""
        return found | {
            code: mine for code in {row.code[:DISTRICT_DIGITS] for row in self.communities_rows} if code not in found
        }

    @cached_property
    def communities_rows(self) -> list[Staffing]:
        return [row for row in staffing(self.user, self.day, self.people) if self.in_street(row.code)]

    @cached_property
    def people(self) -> list[Present]:
        return list(people_on(self.user, self.day, self.street))

    @property
    def digits(self) -> int:
        """Return the length of codes to sum by."""
        return max(LEVELS[self.level][1], STREET_DIGITS if self.street else 0)

    @cached_property
    def rows(self) -> list[Staffing]:
        digits = self.digits
        return self.communities_rows if digits == COMMUNITY_DIGITS else self.rolled(digits)

    @cached_property
    def summed(self) -> list[Staffing]:
        """Sum the rows for the last line: by street where one is chosen, else by district."""
        return self.rolled(STREET_DIGITS if self.street else DISTRICT_DIGITS)

    @property
    def only_code(self) -> str:
        return self.rows[0].code if len(self.rows) == 1 else ""

    def rolled(self, digits: int) -> list[Staffing]:
        return rolled_up(self.communities_rows, digits, self.names)

    @cached_property
    def structure(self) -> list[Structure]:
        return [row for row in structures(self.day, self.digits, self.people) if self.in_street(row.code)]

    @cached_property
    def majors(self) -> list[str]:
        """Return the most frequent majors and the number of the rest."""
        counts = _summed(row.majors for row in self.structure)
        shown = [name for name, _ in counts.most_common(MAJORS_SHOWN)]
        return [*shown, OTHER_MAJORS] if len(counts) > len(shown) else shown

    @cached_property
    def charts(self) -> list[charts.Chart]:
        """Return the charts of all rows."""
        ages, educations = (_summed(getattr(row, kind) for row in self.structure) for kind in ("ages", "educations"))
        majors = _of_majors(_summed(row.majors for row in self.structure), self.majors)
        return [
            charts.people("年龄结构", "年龄", [(band, ages[band]) for band in AGES]),
            charts.people("学历结构", "学历", [(term, educations[term]) for term in EDUCATIONS if educations[term]]),
            charts.people("专业结构", "专业", list(zip(self.majors, majors, strict=True))),
        ]


def _summed(counters: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for counter in counters:
        total.update(counter)
    return total


def _of_majors(counts: Counter[str], shown: Sequence[str]) -> list[int]:
    known = sum(counts[name] for name in shown)
    return [counts.total() - known if name == OTHER_MAJORS else counts[name] for name in shown]
