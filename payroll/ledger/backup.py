"""Write one encrypted file: every table, every stored file, and at the end the figures that prove them."""

import base64
import json
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction

from payroll.ledger import contents
from payroll.ledger.verifying import verify
from songshan_cw.data.refusal import Refused
from songshan_cw.data.sealed_file import encrypted

ROWS = 500  # of a table in one line of the file
GZIP = 31  # zlib's word for a gzip header and checksum


@dataclass(slots=True)
class Backup:
    """What a backup holds; ``missing_files`` are named by rows, but not in the store."""

    rows: int
    files: int
    findings: int
    missing_files: tuple[str, ...] = ()


def write_backup(*, path: Path, passphrase: str, at: datetime) -> Backup:
    """Back up the database as it is at one moment, and its files. The file gets its name when all of it is written."""
    if path.exists():
        raise Refused(f"“{path}”已经存在，不覆盖。请换一个文件名。")
    partial = path.with_name(f"{path.name}.part")
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as fault:
        raise Refused(f"“{partial}”已经存在：可能正有另一次备份。确认没有后删除它再试。") from fault
    with ExitStack() as unfinished:
        unfinished.callback(partial.unlink, missing_ok=True)
        backup = Backup(0, 0, 0)
        with open(handle, "wb") as file, transaction.atomic():
            _read_one_moment()
            for data in encrypted(_compressed(_documents(backup, at)), passphrase):
                file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
        unfinished.pop_all()
    return backup


def _read_one_moment() -> None:
    """Read all tables as of the same moment; SQLite's transaction keeps writers out anyway."""
    if connection.vendor == "postgresql" and not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _documents(backup: Backup, at: datetime) -> Iterator[dict[str, Any]]:
    """The lines of the file; counts what goes into it."""
    yield {"at": at.isoformat(), "structure": contents.structure()}
    counts = {}
    for model in contents.kept_models():
        rows, label = contents.rows_of(model), model._meta.label
        counts[label] = 0
        while some := list(islice(rows, ROWS)):
            yield {"table": label, "rows": some}
            counts[label] += len(some)
    backup.rows = sum(counts.values())
    for name in contents.file_names():
        if not default_storage.exists(name):
            backup.missing_files += (name,)
            continue
        backup.files += 1
        with default_storage.open(name, "rb") as file:
            yield {"file": name, "content": base64.b64encode(file.read()).decode()}
    findings = [asdict(finding) for finding in verify().findings]
    backup.findings = len(findings)
    sums = contents.ledger_sums()
    yield {"manifest": {"counts": counts, "sums": sums, "files": backup.files, "findings": findings}}


def _compressed(documents: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    packer = zlib.compressobj(level=6, wbits=GZIP)
    for document in documents:
        line = json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
        yield packer.compress(line.encode())
    yield packer.flush()
