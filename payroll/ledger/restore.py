"""Restore one encrypted file into an empty database of the same version, on either engine; all of it or nothing."""

import base64
import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import connection, transaction

from payroll.ledger import contents, triggers
from payroll.ledger.backup import GZIP, Backup
from payroll.ledger.verifying import verify
from songshan_cw.data.refusal import Refused
from songshan_cw.data.sealed_file import BROKEN, decrypted


def read_backup(*, path: Path, passphrase: str) -> Backup:
    """Restore a backup and prove it: counts, sums, seals. Raises Refused, and then nothing has changed."""
    stored: list[str] = []
    with ExitStack() as unfinished:
        unfinished.callback(_delete_files, stored)
        with path.open("rb") as file, transaction.atomic():
            backup = _restore(_documents(decrypted(file, passphrase)), stored)
        unfinished.pop_all()
    return backup


def _delete_files(names: list[str]) -> None:
    """Delete what a failed restore stored, since files belong to no transaction."""
    for name in names:
        default_storage.delete(name)


def _documents(pieces: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The lines of the file."""
    unpacker, rest = zlib.decompressobj(wbits=GZIP), b""
    for piece in pieces:
        *lines, rest = (rest + unpacker.decompress(piece)).split(b"\n")
        yield from map(json.loads, lines)


def _restore(documents: Iterator[dict[str, Any]], stored: list[str]) -> Backup:
    _require_same_structure(next(documents, {}))
    _require_empty()
    with triggers.lifted():
        for model in contents.filled_by_migrating():
            model._base_manager.all().delete()
        manifest = _read_all(documents, stored)
        connection.check_constraints()
    _reset_sequences()
    _prove(manifest, len(stored))
    return Backup(sum(manifest["counts"].values()), len(stored), len(manifest["findings"]))


def _require_same_structure(header: dict[str, Any]) -> None:
    if differing := sorted({*contents.structure()} ^ {*header.get("structure", [])}):
        raise Refused(
            f"数据库结构与备份时不同（{'；'.join(differing[:5])}）。"
            "请用备份时的程序版本建一个空库（manage.py migrate）再恢复，然后升级。"
        )


def _require_empty() -> None:
    filled = set(contents.filled_by_migrating())
    for model in contents.kept_models():
        if model not in filled and model._base_manager.exists():
            raise Refused(f"数据库不是空的（已有{model._meta.verbose_name}），不能恢复，以免混入。请另建一个空库。")


def _read_all(documents: Iterator[dict[str, Any]], stored: list[str]) -> dict[str, Any]:
    """Insert the rows and store the files; return the manifest, which comes last."""
    for document in documents:
        if "manifest" in document:
            if next(documents, None) is None:
                return dict(document["manifest"])
        elif "file" in document:
            _store(document["file"], base64.b64decode(document["content"]), stored)
        else:
            contents.insert(apps.get_model(document["table"]), document["rows"])
    raise Refused(BROKEN)


def _store(name: str, content: bytes, stored: list[str]) -> None:
    if default_storage.exists(name):
        raise Refused(f"文件“{name}”已经存在，不覆盖。请清空附件目录再恢复。")
    stored.append(default_storage.save(name, ContentFile(content)))
    if stored[-1] != name:
        raise Refused(f"文件“{name}”不能按原名保存，没有恢复。")


def _reset_sequences() -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), contents.kept_models()):
            cursor.execute(statement)


def _prove(manifest: dict[str, Any], files: int) -> None:
    """Compare the figures of the restored database with those of the one that was backed up."""
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
