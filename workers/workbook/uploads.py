"""A workbook on its way in by page: kept privately, shown, and written only by who handed it in, byte for byte."""

import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from songshan_cw.refusal import NotAllowed, Overtaken, Refused
from workers.models import Upload, UploadState, User, WorkbookImport
from workers.workbook.annotating import annotate
from workers.workbook.changes import Digest
from workers.workbook.planning import open_workbook, plan_import
from workers.workbook.preview import Preview
from workers.workbook.reading import Reading, clean_file_name
from workers.workbook.writing import apply_import, require_import_right

KEPT = timedelta(days=1)
AGAIN = "请重新上传，再看一次预览。"


def receive_upload(*, actor: User, chunks: Iterable[bytes], file_name: str, session_key: str, at: datetime) -> Upload:
    """Store the bytes under a random name, read them, and keep what the page will show."""
    require_import_right(actor)
    clear_leftovers(at=at)
    token = secrets.token_hex(16)
    path = _path(token)
    with ExitStack() as undo:
        undo.callback(path.unlink, missing_ok=True)
        size = _store(path, chunks)
        reading = _readable(path, file_name)
        preview = Preview()
        plan = plan_import(reading, actor=actor, at=at, take=preview.take)
        upload = Upload.objects.create(
            token=token,
            owner=actor,
            sign_in=_mark(session_key),
            file_name=reading.file_name,
            size=size,
            sha256=reading.sha256,
            at=at,
            preview=preview.shown(plan),
        )
        undo.pop_all()
    return upload


def pending_uploads(*, actor: User, session_key: str) -> QuerySet[Upload]:
    """What may still be confirmed in this sign-in."""
    return Upload.objects.filter(owner=actor, sign_in=_mark(session_key), state=UploadState.PENDING.value)


def confirm_upload(*, actor: User, upload: Upload, session_key: str, at: datetime) -> WorkbookImport:
    """Write what was shown: the same bytes, the same sign-in, the same effect; otherwise nothing."""
    require_import_right(actor)
    _require_own(actor, upload, session_key)
    _require_pending(upload)
    reading = _same_bytes(upload)
    with transaction.atomic():
        stored = Upload.objects.select_for_update().get(pk=upload.pk)
        _require_pending(stored)
        digest = Digest()
        done = apply_import(reading, actor=actor, at=at, digest=digest)
        if done.record is None:
            raise Refused(f"工作簿现在有{len(done.plan.faults)}处问题，没有写入任何内容。{AGAIN}")
        if digest.text != stored.preview.get("digest"):
            raise Overtaken(f"预览之后有人改动了这些人员，导入的结果会和您看到的不同，没有写入任何内容。{AGAIN}")
        stored.state, stored.workbook_import, stored.preview = UploadState.IMPORTED.value, done.record, {}
        stored.save(update_fields=["state", "workbook_import", "preview"])
    _path(upload.token).unlink(missing_ok=True)
    return done.record


def discard_upload(*, actor: User, upload: Upload, session_key: str) -> None:
    """Give it up: the file goes at once."""
    _require_own(actor, upload, session_key)
    with transaction.atomic():
        stored = Upload.objects.select_for_update().get(pk=upload.pk)
        _require_pending(stored)
        stored.state, stored.preview = UploadState.DISCARDED.value, {}
        stored.save(update_fields=["state", "preview"])
    _path(upload.token).unlink(missing_ok=True)


def annotated_copy(*, actor: User, upload: Upload, session_key: str, at: datetime) -> bytes:
    """The clerk's own workbook with every fault at its cell."""
    require_import_right(actor)
    _require_own(actor, upload, session_key)
    _require_pending(upload)
    reading = _same_bytes(upload)
    plan = plan_import(reading, actor=actor, at=at)
    with tempfile.TemporaryDirectory(dir=settings.UPLOAD_DIR) as folder:
        target = Path(folder) / "annotated.xlsx"
        annotate(reading, plan.faults, target)
        return target.read_bytes()


def clear_leftovers(*, at: datetime) -> int:
    """Files older than a day go, whoever left them there; returns how many."""
    oldest = at - KEPT
    stale = Upload.objects.filter(state=UploadState.PENDING.value, at__lt=oldest)
    stale.update(state=UploadState.EXPIRED.value, preview={})
    gone = 0
    for path in Path(settings.UPLOAD_DIR).iterdir():
        if path.is_file() and path.stat().st_mtime < oldest.timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _store(path: Path, chunks: Iterable[bytes]) -> int:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    size = 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > settings.UPLOAD_BYTES:
                raise Refused(f"文件超过{settings.UPLOAD_BYTES // 2**20}MB，没有接收。请按街道分成几个工作簿。")
            file.write(chunk)
    return size


def _readable(path: Path, file_name: str) -> Reading:
    """A file that cannot be read at all is refused with the one sentence about it."""
    reading = open_workbook(path, file_name=clean_file_name(file_name))
    if reading.faults:
        raise Refused(f"“{reading.file_name}”没有读入：{reading.faults[0].message}")
    return reading


def _require_own(actor: User, upload: Upload, session_key: str) -> None:
    if upload.owner_id != actor.pk or not constant_time_compare(upload.sign_in, _mark(session_key)):
        raise NotAllowed(f"这份工作簿是在另一次登录中上传的，不能在这里处理。{AGAIN}")


def _require_pending(upload: Upload) -> None:
    if upload.state != UploadState.PENDING:
        raise Overtaken(f"这份工作簿{upload.state}，不能再处理。要再导入，请重新上传。")


def _same_bytes(upload: Upload) -> Reading:
    """The file as it was handed in; hashed before it is read and after."""
    path = _path(upload.token)
    reading = open_workbook(path, file_name=upload.file_name)
    if reading.faults or reading.sha256 != upload.sha256 or _hash(path) != upload.sha256:
        raise Refused(f"上传的文件已不在或已变动，没有写入任何内容。{AGAIN}")
    return reading


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _mark(session_key: str) -> str:
    """The sign-in an upload belongs to; the key itself is not stored."""
    return salted_hmac("workers.upload", session_key, algorithm="sha256").hexdigest()


def _path(token: str) -> Path:
    return Path(settings.UPLOAD_DIR) / f"{token}.xlsx"
