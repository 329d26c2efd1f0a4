"""Rows of a workbook kept in a temporary file, in buckets by person, so that memory does not grow with the file."""

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
BUCKETS = 64
PENDING = 8_000  # rows in memory at most


class Spool:
    """Rows by sheet and bucket; everything about one person is in one bucket. The file goes with the object."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 (closed with this object)
        self._end = 0
        self._places: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        self._sizes = [0] * BUCKETS
        self._sheet = -1
        self._pending: list[Rows] = [[] for _ in range(BUCKETS)]
        self._count = 0

    def add(self, sheet: int, rows: Rows, column: int | None) -> None:
        """Add rows of a sheet, one sheet after the other; ``column`` has the ID number (None: no column has)."""
        if sheet != self._sheet or self._count >= PENDING:
            self.flush()
        self._sheet = sheet
        self._count += len(rows)
        pending = self._pending
        for row in rows:
            cells = row[1]
            pending[bucket_of(cells[column]) if column is not None and column < len(cells) else 0].append(row)

    def flush(self) -> None:
        for bucket, rows in enumerate(self._pending):
            if rows:
                data = marshal.dumps(rows)
                self._file.write(data)
                self._places[self._sheet, bucket].append((self._end, len(data)))
                self._end += len(data)
                self._sizes[bucket] += len(rows)
                self._pending[bucket] = []
        self._file.flush()
        self._count = 0

    def rows(self, sheet: int, buckets: Iterable[int]) -> Rows:
        """The rows of these buckets in the order of the sheet."""
        found: Rows = []
        for bucket in buckets:
            for place, size in self._places.get((sheet, bucket), ()):
                found += marshal.loads(os.pread(self._file.fileno(), size, place))
        found.sort(key=itemgetter(0))
        return found

    def batches(self, most: int) -> list[Collection[int]]:
        """The buckets in groups of about ``most`` rows, at least one group."""
        groups: list[list[int]] = [[]]
        size = 0
        for bucket, count in enumerate(self._sizes):
            if size and size + count > most:
                groups.append([])
                size = 0
            groups[-1].append(bucket)
            size += count
        return list(groups)

    def __del__(self) -> None:
        self._file.close()


def bucket_of(cell: Any) -> int:
    """The bucket of an ID number however it is written: its first seventeen digits decide."""
    if type(cell) is not str or len(cell) != 18 or not cell.isascii() or not cell.isalnum():
        cell = "".join([c for c in unicodedata.normalize("NFKC", _written(cell)) if c.isdecimal()])
    return crc32(cell[:17].encode()) % BUCKETS


def _written(cell: Any) -> str:
    if isinstance(cell, tuple):
        return str(cell[1])
    if isinstance(cell, float) and cell == cell and abs(cell) < 1e18:
        return str(int(cell))
    return str(cell)
