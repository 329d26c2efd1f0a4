"""One encrypted file out: a header, every table, every stored file, and at the end the figures that prove them."""

import base64
import gzip
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction

from payroll.ledger import contents
from payroll.ledger.verifying import verify
from songshan_cw.data.refusal import Refused
from songshan_cw.data.sealed_file import SealedWriter

FORMAT = 1
FILE_CHUNK = 96 * 1024  # a multiple of three: its base64 has no padding inside


@dataclass(frozen=True, slots=True)
class Kept:
    """What went into a backup."""

    rows: int
    files: int
    missing_files: tuple[str, ...]
    findings: int


def write_backup(*, path: Path, passphrase: str, at: datetime) -> Kept:
    """All of the database as it is at one moment, and its files. Nothing stands under the name until all is written."""
    if path.exists():
        raise Refused(f"“{path}”已经存在，不覆盖。请换一个文件名。")
    partial = path.with_name(f"{path.name}.part")
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as fault:
        raise Refused(f"“{partial}”已经存在：可能正有另一次备份。确认没有后删除它再试。") from fault
    with ExitStack() as unfinished:
        unfinished.callback(partial.unlink, missing_ok=True)
        with open(handle, "wb") as file:
            kept = _write(SealedWriter(file, passphrase), at)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
        unfinished.pop_all()
    return kept


def _write(sealed: SealedWriter, at: datetime) -> Kept:
    missing: list[str] = []
    rows = files = 0
    with gzip.GzipFile(fileobj=sealed, mode="wb", compresslevel=6, mtime=0) as packed, transaction.atomic():
        _one_moment()
        _line(packed, {"format": FORMAT, "at": at.isoformat(), "migrations": contents.migrations()})
        counts = {}
        for model in contents.kept_models():
            label = model._meta.label
            _line(packed, {"table": label, "columns": [field.attname for field in model._meta.concrete_fields]})
            counts[label] = 0
            for row in contents.rows_of(model):
                _line(packed, row)
                counts[label] += 1
            rows += counts[label]
        for name in contents.file_names():
            files += _write_file(packed, name, missing)
        findings = [asdict(finding) for finding in verify().findings]
        manifest = {"counts": counts, "sums": contents.ledger_sums(), "files": files, "findings": findings}
        _line(packed, {"manifest": manifest})
    sealed.close()
    return Kept(rows, files, tuple(missing), len(findings))


def _one_moment() -> None:
    """Everything read from here on is of one moment; SQLite's transaction keeps writers out meanwhile."""
    if connection.vendor == "postgresql" and not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _write_file(packed: gzip.GzipFile, name: str, missing: list[str]) -> bool:
    if not default_storage.exists(name):
        missing.append(name)
        return False
    _line(packed, {"file": name})
    with default_storage.open(name, "rb") as file:
        for piece in _pieces(file):
            _line(packed, base64.b64encode(piece).decode())
    return True


def _pieces(file: Any) -> Iterator[bytes]:
    while piece := file.read(FILE_CHUNK):
        yield piece


def _line(packed: gzip.GzipFile, value: Any) -> None:
    packed.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
