"""Replace cells of an uploaded file by the clerk's corrections in the page. The file itself stays as it is."""

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
    """Return the corrections as text for a sealed field, because they may hold ID numbers."""
    return json.dumps([[*place, value] for place, value in mended.items()], ensure_ascii=False) if mended else ""


def unpacked(text: str) -> dict[Place, str]:
    return {Place(*place): value for *place, value in json.loads(text)} if text else {}


def merged(before: Mended, more: Mended) -> dict[Place, str]:
    """Merge newer corrections into earlier ones, without blanks and up to the limit."""
    given = {place: value.strip()[:LONGEST] for place, value in more.items() if value.strip()}
    return dict(list(({**before, **given}).items())[:MOST])
