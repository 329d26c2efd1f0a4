"""Cells of an uploaded file that the clerk corrected in the page: read in place of what stands in the file."""

import json
from collections.abc import Mapping
from typing import NamedTuple

LONGEST = 200
MOST = 2_000


class Place(NamedTuple):
    """A cell by the file's sheet, the Excel row and the head of the workbook's column."""

    sheet: str
    row: int
    column: str


Mended = Mapping[Place, str]


def packed(mended: Mended) -> str:
    """Return the corrections as the text that is kept, sealed: they may hold numbers of people."""
    return json.dumps([[*place, value] for place, value in mended.items()], ensure_ascii=False) if mended else ""


def unpacked(text: str) -> dict[Place, str]:
    return {Place(*place): value for *place, value in json.loads(text)} if text else {}


def merged(before: Mended, more: Mended) -> dict[Place, str]:
    """Lay newer corrections over earlier ones, without blanks and beyond no measure."""
    given = {place: value.strip()[:LONGEST] for place, value in more.items() if value.strip()}
    return dict(list(({**before, **given}).items())[:MOST])
