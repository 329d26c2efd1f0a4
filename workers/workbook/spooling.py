"""The rows of a workbook laid down in a private file as they are read, sorted into heaps by whom they are about."""

import marshal
import os
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
from operator import itemgetter
from tempfile import TemporaryFile
from typing import Any
from zlib import crc32

Rows = list[tuple[int, list[Any]]]
HEAPS = 64
FLUSHED = 8_000  # rows held back at most


class Spool:
    """Rows by sheet and heap: everything about one person lies in one heap. Deleted with the last who holds it."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 (closed with this object)
        self._end = 0
        self._places: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        self._sizes = [0] * HEAPS
        self._sheet = -1
        self._held: list[Rows] = [[] for _ in range(HEAPS)]
        self._count = 0

    def add(self, sheet: int, rows: Rows, column: int | None) -> None:
        """More rows of a sheet, one sheet after the other; ``column`` holds the ID number, None: it is not known."""
        if sheet != self._sheet or self._count >= FLUSHED:
            self.flush()
        self._sheet = sheet
        self._count += len(rows)
        held = self._held
        for row in rows:
            cells = row[1]
            held[heap_of(cells[column]) if column is not None and column < len(cells) else 0].append(row)

    def flush(self) -> None:
        for heap, rows in enumerate(self._held):
            if rows:
                data = marshal.dumps(rows)
                self._file.write(data)
                self._places[self._sheet, heap].append((self._end, len(data)))
                self._end += len(data)
                self._sizes[heap] += len(rows)
                self._held[heap] = []
        self._file.flush()
        self._count = 0

    def rows(self, sheet: int, heaps: Iterable[int]) -> Rows:
        """The rows of these heaps in the order of the sheet."""
        found: Rows = []
        for heap in heaps:
            for place, size in self._places.get((sheet, heap), ()):
                found += marshal.loads(os.pread(self._file.fileno(), size, place))
        found.sort(key=itemgetter(0))
        return found

    def shares(self, most: int) -> list[Collection[int]]:
        """The heaps in groups of about ``most`` rows, at least one group."""
        groups: list[list[int]] = [[]]
        size = 0
        for heap, count in enumerate(self._sizes):
            if size and size + count > most:
                groups.append([])
                size = 0
            groups[-1].append(heap)
            size += count
        return list(groups)

    def __del__(self) -> None:
        self._file.close()


def heap_of(cell: Any) -> int:
    """The same for every way to write one ID number: its first seventeen digits decide, whatever stands between."""
    if type(cell) is not str or len(cell) != 18 or not cell.isascii() or not cell.isalnum():
        cell = "".join([c for c in unicodedata.normalize("NFKC", _written(cell)) if c.isdecimal()])
    return crc32(cell[:17].encode()) % HEAPS


def _written(cell: Any) -> str:
    if isinstance(cell, tuple):
        return str(cell[1])
    if isinstance(cell, float) and cell == cell and abs(cell) < 1e18:
        return str(int(cell))
    return str(cell)
