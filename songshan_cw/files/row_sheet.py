"""Whole rows as ready text: XlsxWriter makes, checks and looks up every cell for itself, which is most of the time of a
large sheet. Here the formats of a row are known beforehand and its values are texts, numbers or nothing.

Leans on four inner names of the XlsxWriter pinned in requirements.txt (``fh``, ``_write_single_row``,
``_check_dimensions``, ``_get_xf_index``); tests/exporting/test_row_sheet.py compares with what it writes itself.
"""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

Value = str | int | float | Decimal | None
RowWriter = Callable[[int, float | None, Sequence[Value]], None]

TO_ESCAPE = re.compile(r"[&<>_\x00-\x08\x0b-\x1f\ufffe\uffff]")
LOOKS_ESCAPED = re.compile(r"_(?=x[0-9a-fA-F]{4}_)")
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")


class RowSheet(Worksheet):
    """A worksheet in constant memory that takes whole rows besides single cells, all in order from top to bottom."""

    def row_writer(self, formats: Sequence[Format]) -> RowWriter:
        """A writer of rows from column A on: row (from 0), height in points (None: as usual), and a value for each of
        the formats.

        Text stays text whatever it begins with; None and empty text leave the cell blank but for its format.
        """
        columns = [(f'<c r="{xl_col_to_name(i)}', f'" s="{one._get_xf_index()}"') for i, one in enumerate(formats)]
        last = len(formats) - 1

        def write(row: int, height: float | None, values: Sequence[Value]) -> None:
            if self._check_dimensions(row, 0) or self._check_dimensions(row, last):
                raise ValueError(f"row {row} is not on the sheet or above what is written")
            self._write_single_row(row)
            number = str(row + 1)
            parts = [f'<row r="{number}"{_height(height)}>']
            for (cell, style), value in zip(columns, values, strict=True):
                parts.append(cell + number + style + _content(value))
            parts.append("</row>")
            self.fh.write("".join(parts))

        return write


def _content(value: Value) -> str:
    """What follows the attributes of a cell, in line with ECMA-376 part 1, 18.3.1.4."""
    if isinstance(value, str):
        return f' t="inlineStr"><is>{_text(value)}</is></c>' if value else "/>"
    return "/>" if value is None else f"><v>{value}</v></c>"


def _text(text: str) -> str:
    if TO_ESCAPE.search(text):
        text = escaped(text)
    space = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
    return f"<t{space}>{text}</t>"


def escaped(text: str) -> str:
    """For XML, with ``_xHHHH_`` for characters it cannot hold and for what would be read so (ECMA-376, 22.9.2.19)."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", LOOKS_ESCAPED.sub("_x005F_", text))


@lru_cache(maxsize=64)
def _height(points: float | None) -> str:
    """In whole pixels of three quarters of a point, as XlsxWriter rounds it."""
    if points is None:
        return ""
    return f' ht="{int(points * 4 / 3 + 0.5) * 0.75:g}" customHeight="1"'
