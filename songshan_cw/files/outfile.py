"""Write files beside their target and move them when complete."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from songshan_cw.data.outages import outage_of
from songshan_cw.data.refusal import Refused


@dataclass(frozen=True, slots=True)
class Unfinished:
    """The file being written, in a private temporary folder."""

    path: Path
    folder: Path


@contextmanager
def whole_file(target: Path) -> Iterator[Unfinished]:
    """Write a file readable by its owner alone. Such files may name persons and their pay.

    Raise Refused where the place cannot be written, leaving the target unchanged. A full disk is reported by the
    caller.
    """
    try:
        with TemporaryDirectory(prefix=".export-", dir=target.absolute().parent) as folder:
            draft = Unfinished(Path(folder, "whole"), Path(folder))
            yield draft
            draft.path.chmod(0o600)
            os.replace(draft.path, target)
    except (OSError, FileCreateError) as fault:
        if outage_of(fault):
            raise
        reason = getattr(fault, "strerror", None) or "写入失败"
        raise Refused(
            f"文件“{target}”写不进去（{reason}）。请确认目录存在、有写入权限且磁盘有空间，然后重做一次。"
        ) from fault


@contextmanager
def whole_workbook(target: Path) -> Iterator[Workbook]:
    """Open an xlsx in constant memory. Rows are written in order, sheet by sheet."""
    with whole_file(target) as draft:
        workbook = Workbook(
            str(draft.path),
            {"constant_memory": True, "tmpdir": str(draft.folder), "strings_to_formulas": False},
        )
        try:
            yield workbook
        finally:
            workbook.close()
