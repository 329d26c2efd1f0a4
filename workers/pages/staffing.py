"""Actual and recommended staff of communities, and their structure (rules 9.6)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from django.http import Http404, HttpResponse

from songshan_cw.site import charts
from songshan_cw.site.listing import XLSX, Cell, WholeStreets, file_response, workbook
from songshan_cw.words.terms import Education, RegionLevel
from workers.models import Region
from workers.rules.staffing import AGE_BANDS, OLDEST_BAND
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
COLUMNS = (
    "名称", "常住户数", "应配备", "体系内在岗", "缺员", "领导岗位", "专职党务工作者", "属地居委会成员", "两委成员",
    "交叉任职人数", "交叉任职率%",
)  # fmt: skip


class StaffingPage(WholeStreets):
    title = "人员配备与结构"
    template = "pages/registers/staffing.html"

    def listed(self) -> dict[str, Any]:
        rows = self.sheet(self.rows)
        return {
            "rows": rows,
            "totals": [row for row in self.summed if row.code != self.only_code] if len(self.rows) > 1 else [],
            "level": self.level,
            "level_name": LEVELS[self.level][0],
            "drawn": self.charts,
            "structures": self.sheet(self.made_up, "made"),
            "ages": AGES,
            "educations": EDUCATIONS,
            "majors": self.majors,
            "short": sum(1 for row in self.communities_rows if row.missing),
            "made_query": self.address(made=None),
        }

    def filters(self) -> dict[str, Any]:
        levels = [(key, name) for key, (name, _) in LEVELS.items()]
        return super().filters() | {"selects": [("level", "按", levels, self.level)], "exports": "xlsx"}

    def exported(self, kind: str) -> HttpResponse:
        """Export staff and structure as two sheets."""
        level = LEVELS[self.level][0]
        heads = ("名称", "人数", *AGES, *EDUCATIONS, *self.majors)
        made = [(row["name"], row["people"], *row["ages"], *row["educations"], *row["majors"]) for row in self.made_up]
        as_of = f"（按{level}，截至{self.day}）"
        numbers = ("人员配备", f"人员配备{as_of}", COLUMNS, map(_line, self.rows))
        content = workbook([numbers, ("人员结构", f"人员结构{as_of}", heads, made)])
        return file_response(content, f"人员配备与结构_按{level}_{self.day}.xlsx", XLSX)

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
    def made_up(self) -> list[dict[str, Any]]:
        names = self.communities | self.names
        return [
            {
                "name": names.get(row.code, row.code),
                "people": row.people,
                "ages": [row.ages[band] for band in AGES],
                "educations": [row.educations[term] for term in EDUCATIONS],
                "majors": _of_majors(row.majors, self.majors),
            }
            for row in self.structure
        ]

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


def _line(row: Staffing) -> list[Cell]:
    wanted = row.recommended
    return [
        row.name,
        "" if row.households is None else row.households,
        "" if wanted is None else _span(wanted.fewest, wanted.most),
        row.workers,
        "" if row.missing is None else row.missing,
        row.leaders,
        row.party_workers,
        row.local,
        row.seated,
        row.in_both,
        "" if row.cross_rate is None else row.cross_rate,
    ]


def _span(fewest: int, most: int) -> str | int:
    return fewest if fewest == most else f"{fewest}至{most}"
