"""One encrypted file in, into an empty database of the same version, on either engine; all of it or nothing."""

import base64
import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from io import BufferedReader
from itertools import count, groupby, islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from django.apps import apps
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import connection, models, transaction

from payroll.ledger import contents, triggers
from payroll.ledger.backup import FORMAT, Kept
from payroll.ledger.verifying import verify
from songshan_cw.data.refusal import Refused
from songshan_cw.data.sealed_file import BROKEN, SealedReader

ROWS = 500
UNREADABLE = (EOFError, zlib.error, gzip.BadGzipFile, UnicodeDecodeError, json.JSONDecodeError)


def read_backup(*, path: Path, passphrase: str) -> Kept:
    """Put a backup back and prove it: counts, sums, seals. Raises Refused, and then nothing has changed."""
    written: list[str] = []
    with ExitStack() as unfinished:
        unfinished.callback(_take_back, written)
        with path.open("rb") as file, transaction.atomic():
            kept = _restore(_lines(SealedReader(file, passphrase)), written)
        unfinished.pop_all()
    return kept


def _take_back(names: list[str]) -> None:
    """Files belong to no transaction: what a failed restore put down is removed by hand."""
    for name in names:
        default_storage.delete(name)


def _lines(sealed: SealedReader) -> Iterator[Any]:
    try:
        with gzip.GzipFile(fileobj=BufferedReader(sealed), mode="rb") as packed:
            for line in packed:
                yield json.loads(line)
    except UNREADABLE as fault:
        raise Refused(BROKEN) from fault


def _restore(lines: Iterator[Any], written: list[str]) -> Kept:
    _require_same_version(next(lines))
    _require_empty()
    with triggers.lifted():
        for model in contents.filled_by_migrating():
            model._base_manager.all().delete()
        manifest = _read_all(lines, written)
        connection.check_constraints()
    _reset_sequences()
    _prove(manifest, len(written))
    return Kept(sum(manifest["counts"].values()), len(written), (), len(manifest["findings"]))


def _require_same_version(header: dict[str, Any]) -> None:
    if header.get("format") != FORMAT:
        raise Refused("备份的格式与本版本不符，请用备份时的程序版本恢复。")
    here, there = contents.migrations(), header["migrations"]
    if here != there:
        differing = sorted({f"{app}.{name}" for app, name in here} ^ {f"{app}.{name}" for app, name in there})
        raise Refused(
            f"数据库结构与备份时不同（{'、'.join(differing[:5])}）。"
            "请用备份时的程序版本建一个空库（manage.py migrate）再恢复，然后升级。"
        )


def _require_empty() -> None:
    filled = set(contents.filled_by_migrating())
    for model in contents.kept_models():
        if model not in filled and model._base_manager.exists():
            raise Refused(f"数据库不是空的（已有{model._meta.verbose_name}），不能恢复，以免混入。请另建一个空库。")


def _read_all(lines: Iterator[Any], written: list[str]) -> dict[str, Any]:
    """Rows into their tables and files into the store, up to the manifest, which is returned."""
    for header, items in _sections(lines):
        if "manifest" in header:
            return dict(header["manifest"])
        if "file" in header:
            _store(header["file"], items, written)
            continue
        model = _model(header)
        while batch := list(islice(items, ROWS)):
            contents.insert(model, batch)
    raise Refused(BROKEN)


def _sections(lines: Iterator[Any]) -> Iterator[tuple[dict[str, Any], Iterator[Any]]]:
    """Each header with the lines that follow it."""
    numbers = count()
    number = 0

    def section(line: Any) -> int:
        nonlocal number
        if isinstance(line, dict):
            number = next(numbers)
        return number

    for _, group in groupby(lines, section):
        yield next(group), group  # noqa: B031 - its first line, then the rest


def _model(header: dict[str, Any]) -> type[models.Model]:
    model: type[models.Model] = apps.get_model(header["table"])
    if header["columns"] != [field.attname for field in model._meta.concrete_fields]:
        raise Refused(f"备份中“{model._meta.verbose_name}”的各列与本版本不符，不能恢复。")
    return model


def _store(name: str, pieces: Iterator[str], written: list[str]) -> None:
    if default_storage.exists(name):
        raise Refused(f"文件“{name}”已经存在，不覆盖。请清空附件目录再恢复。")
    with TemporaryFile() as file:
        for piece in pieces:
            file.write(base64.b64decode(piece))
        written.append(default_storage.save(name, File(file)))
    if written[-1] != name:
        raise Refused(f"文件“{name}”不能按原名保存，没有恢复。")


def _reset_sequences() -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), contents.kept_models()):
            cursor.execute(statement)


def _prove(manifest: dict[str, Any], files: int) -> None:
    """The restored database tells the same figures as the one that was backed up."""
    counts = contents.counts()
    differing = sorted(
        label for label in {*counts, *manifest["counts"]} if counts.get(label) != manifest["counts"].get(label)
    )
    if differing:
        raise Refused(f"恢复后行数与备份清单不符（{'、'.join(differing[:5])}），已全部撤回。")
    if contents.ledger_sums() != manifest["sums"] or files != manifest["files"]:
        raise Refused("恢复后各月金额合计或文件数与备份清单不符，已全部撤回。")
    if [asdict(finding) for finding in verify().findings] != manifest["findings"]:
        raise Refused("恢复后台账核对的结果与备份时不同，已全部撤回。")
