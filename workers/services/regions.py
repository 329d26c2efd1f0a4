"""Load the shipped list of regions (rules 1.1)."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import transaction

from songshan_cw.data.bulk import insert_rows, update_rows
from songshan_cw.data.refusal import Refused
from songshan_cw.words.terms import RegionLevel
from workers.models import FormerName, Region
from workers.rules.hidden import hidden_fault

SHIPPED = Path("fixtures") / "regions-inner-mongolia.csv"


@dataclass(frozen=True, slots=True)
class ListedRegion:
    """One line of the list. ``parent`` is None for the province."""

    code: str
    name: str
    level: RegionLevel
    parent: str | None


@dataclass(frozen=True, slots=True)
class LoadedRegions:
    """The result of loading."""

    created: int
    renamed: int
    unchanged: int


@cache
def shipped_regions() -> dict[str, ListedRegion]:
    """Return the shipped list by code, parents before children."""
    with (settings.BASE_DIR / SHIPPED).open(encoding="utf-8", newline="") as file:
        lines = [
            ListedRegion(line["code"], line["name"], RegionLevel(line["level"]), line["parent_code"] or None)
            for line in csv.DictReader(file)
        ]
    return {line.code: line for line in sorted(lines, key=lambda line: (len(line.code), line.code))}


def load_regions(codes: Sequence[str]) -> LoadedRegions:
    """Store all regions below these codes and those above them. Renamed ones are updated, none is removed.

    The number of statements is fixed.
    """
    wanted = _below_and_above(codes)
    with transaction.atomic():
        stored = dict(Region.objects.values_list("code", "name"))
        # Names changed here by document are newer than the list (rules 9.7).
        kept = set(FormerName.objects.values_list("region_id", flat=True))
        new = [line for line in wanted if line.code not in stored]
        renamed = [line for line in wanted if stored.get(line.code, line.name) != line.name and line.code not in kept]
        _refuse_hidden(wanted)
        _refuse_taken_names(wanted)
        insert_rows(
            Region,
            ["code", "name", "level", "parent_id"],
            [(line.code, line.name, line.level.value, line.parent) for line in new],
        )
        # First rename to the code, because two siblings may have exchanged their names.
        update_rows(Region, ["name"], [(line.code, line.code) for line in renamed])
        update_rows(Region, ["name"], [(line.code, line.name) for line in renamed])
    return LoadedRegions(len(new), len(renamed), len(wanted) - len(new) - len(renamed))


def _below_and_above(codes: Sequence[str]) -> list[ListedRegion]:
    listed = shipped_regions()
    unknown = [code for code in codes if code not in listed]
    if unknown:
        raise Refused(
            f"区划代码“{'、'.join(unknown)}”不在随附的内蒙古区划名单里。"
            "请填写名单中的代码，如 150404（松山区）、1506（鄂尔多斯市）、15（全自治区）。"
        )
    above = {ancestor for code in codes for ancestor in _ancestors(code)}
    below = tuple(codes)
    return [line for line in listed.values() if line.code in above or line.code.startswith(below)]


def _ancestors(code: str) -> Iterable[str]:
    parent = shipped_regions()[code].parent
    while parent is not None:
        yield parent
        parent = shipped_regions()[parent].parent


def _refuse_hidden(wanted: Sequence[ListedRegion]) -> None:
    for line in wanted:
        if fault := hidden_fault(line.name, lines=False):
            raise Refused(f"代码 {line.code} 的名称：{fault}")


def _refuse_taken_names(wanted: Sequence[ListedRegion]) -> None:
    """Refuse names that were entered by hand under another code."""
    mine = {(line.parent, line.name): line.code for line in wanted}
    codes = set(mine.values())
    for code, name, parent in Region.objects.values_list("code", "name", "parent_id"):
        if code not in codes and (parent, name) in mine:
            raise Refused(
                f"“{name}”已用代码 {code} 登记，名单中的代码是 {mine[parent, name]}。"
                "请先在“区划”中改正该区划的名称或代码，再装入。"
            )
