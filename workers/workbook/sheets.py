"""The sheets of the workbook and their models. Later apps register theirs (see assessment.workbook)."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property

from django.db import models

from songshan_cw.words.terms import SecondmentState
from workers.models import (
    CategoryRecord,
    Certificate,
    EducationRecord,
    Exit,
    Placement,
    PostAssignment,
    Secondment,
    ServiceGap,
    Training,
    Worker,
)
from workers.workbook import columns
from workers.workbook.columns import Column

SHEET_NOISE = re.compile(r"\(.*?\)|[\s\d.、_:：\-]+")


@dataclass(frozen=True, eq=False)
class Sheet:
    """``key``: the fields a row of one person is known again by.

    ``exported``: which of the stored rows are settled facts and go out. ``locked``: which of them were decided in
    the product and are changed there only.
    """

    name: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    order: int
    synonyms: tuple[str, ...] = ()
    exported: models.Q = field(default_factory=models.Q)
    locked: models.Q | None = None

    @cached_property
    def own_columns(self) -> tuple[Column, ...]:
        """Return the columns that do not identify the person."""
        return tuple(column for column in self.columns if column not in columns.PERSON)

    @cached_property
    def fields(self) -> tuple[str, ...]:
        return tuple(column.field for column in self.own_columns)

    def column(self, field: str) -> Column:
        return next(column for column in self.own_columns if column.field == field)


ROSTER = Sheet("花名册", Worker, columns.ROSTER, (), 0, ("人员花名册", "社区工作者花名册", "人员名册", "名册"))
ASSIGNMENTS = Sheet(
    "岗位变动",
    PostAssignment,
    columns.ASSIGNMENTS,
    ("start",),
    1,
    ("任职", "任职情况", "岗位变动情况"),
)
CATEGORIES = Sheet("人员类别", CategoryRecord, columns.CATEGORIES, ("start",), 10, ("人员类别变动", "类别变动"))
DEGREES = Sheet("学历提升", EducationRecord, columns.DEGREES, ("level",), 2, ("学历提升情况", "学历变动"))
CERTIFICATES = Sheet(
    "职业资格",
    Certificate,
    columns.CERTIFICATES,
    ("level",),
    3,
    ("职业资格证书", "职业资格证", "证书"),
)
GAPS = Sheet("中断服务", ServiceGap, columns.GAPS, ("first_day",), 5, ("中断", "服务中断"))
PLACEMENTS = Sheet("定级核定", Placement, columns.PLACEMENTS, ("month",), 6, ("定级", "核定定级"))
EXITS = Sheet("离职", Exit, columns.EXITS, (), 7, ("离职人员", "离职情况", "离任"))
SECONDMENTS = Sheet(
    "借调",
    Secondment,
    columns.SECONDMENTS,
    ("start",),
    8,
    ("借调人员", "借调情况"),
    exported=models.Q(state=SecondmentState.APPROVED.value),
    locked=models.Q(requested_at__isnull=False),
)
TRAININGS = Sheet("培训", Training, columns.TRAININGS, ("name", "start"), 9, ("培训情况", "培训记录"))

_registered: dict[str, Sheet] = {}


def register(sheet: Sheet) -> None:
    """Add a sheet to the workbook at start."""
    _registered[sheet.name] = sheet


def all_sheets() -> tuple[Sheet, ...]:
    """Return every sheet in the order of the workbook."""
    return tuple(sorted(_registered.values(), key=lambda sheet: sheet.order))


def known_sheet(name: str) -> Sheet | None:
    """The sheet a name means; numbering, brackets and spaces aside."""
    plain = SHEET_NOISE.sub("", unicodedata.normalize("NFKC", name))
    for sheet in all_sheets():
        if plain == sheet.name or plain in sheet.synonyms:
            return sheet
    inside = [sheet for sheet in all_sheets() if sheet.name in plain]
    return inside[0] if len(inside) == 1 and plain.endswith(inside[0].name) else None


for _sheet in (
    *(ROSTER, ASSIGNMENTS, DEGREES, CERTIFICATES, GAPS, PLACEMENTS, EXITS, SECONDMENTS, TRAININGS, CATEGORIES),
):
    register(_sheet)
