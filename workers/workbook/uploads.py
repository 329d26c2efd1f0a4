"""Uploaded workbooks: stored privately, previewed, and written only by their uploader, unchanged."""

import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from songshan_cw.data.refusal import NotAllowed, Overtaken, Refused
from songshan_cw.data.transactions import whole
from workers.models import Upload, UploadState, User, WorkbookImport
from workers.workbook.annotating import annotate
from workers.workbook.changes import Digest
from workers.workbook.mending import Place, merged, packed, unpacked
from workers.workbook.planning import open_workbook, plan_import
from workers.workbook.preview import Preview
from workers.workbook.progress import Progress, silent
from workers.workbook.reading import Reading, clean_file_name
from workers.workbook.remembering import forget_answer, remember_answers, remembered
from workers.workbook.sniffing import UPLOAD
from workers.workbook.writing import apply_import, require_import_right

KEPT = timedelta(days=1)
WAITING = [UploadState.CHECKING.value, UploadState.PENDING.value, UploadState.IMPORTING.value]
AGAIN = "请重新上传，再看一次预览。"


def receive_upload(*, actor: User, chunks: Iterable[bytes], file_name: str, session_key: str, at: datetime) -> Upload:
    """Store and read the file, and keep its preview. Unreadable files are deleted."""
    upload = store_upload(actor=actor, chunks=chunks, file_name=file_name, session_key=session_key, at=at)
    with ExitStack() as undo:
        undo.callback(remove_file, upload.token)
        undo.callback(upload.delete)
        check_upload(upload=upload, at=at)
        undo.pop_all()
    upload.refresh_from_db()
    return upload


def store_upload(*, actor: User, chunks: Iterable[bytes], file_name: str, session_key: str, at: datetime) -> Upload:
    """Store the bytes under a random name. Nothing is read yet."""
    require_import_right(actor)
    clear_leftovers(at=at)
    token = secrets.token_hex(16)
    path = _path(token)
    with ExitStack() as undo:
        undo.callback(path.unlink, missing_ok=True)
        size = _store(path, chunks)
        upload = Upload.objects.create(
            token=token,
            owner=actor,
            sign_in=_mark(session_key),
            file_name=clean_file_name(file_name),
            size=size,
            sha256=_hash(path),
            at=at,
            state=UploadState.CHECKING.value,
        )
        undo.pop_all()
    return upload


def check_upload(*, upload: Upload, at: datetime, progress: Progress = silent) -> int:
    """Read and check the file and keep what the page will show; returns how many rows it has."""
    progress("正在读取工作簿", 0, 0)
    reading = open_workbook(_path(upload.token), file_name=upload.file_name, limits=UPLOAD)
    if reading.faults:
        raise Refused(f"“{upload.file_name}”没有读入：{reading.faults[0].message}")
    preview = Preview()
    kept = remembered(upload.owner)
    answers = kept | upload.answers
    mended = unpacked(upload.mended)
    plan = plan_import(
        reading, actor=upload.owner, at=at, take=preview.take, progress=progress, answers=answers, mended=mended
    )
    checking = Upload.objects.filter(pk=upload.pk, state=UploadState.CHECKING.value)
    shown = preview.shown(plan, remembered=frozenset(kept)) | {"mended": len(mended)}
    checking.update(state=UploadState.PENDING.value, preview=shown, answers=answers)
    return plan.rows


@whole
def answer_upload(*, actor: User, upload: Upload, session_key: str, answers: Mapping[str, str], at: datetime) -> Upload:
    """Take answers to the upload's questions, keep them for the next file, and have the upload checked again.

    An empty answer takes the earlier one back. The caller checks the upload, at once or as a job.
    """
    require_own(actor, upload, session_key)
    stored = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    require_pending(stored)
    asked = {question["key"] for question in stored.preview.get("questions", ())}
    given = {key: answer.strip() for key, answer in answers.items() if key in asked}
    remember_answers(actor=actor, answers={key: answer for key, answer in given.items() if answer}, at=at)
    for key in (key for key, answer in given.items() if not answer):
        forget_answer(actor=actor, key=key)
    answered = {key: answer for key, answer in (stored.answers | given).items() if answer}
    stored.answers, stored.state = answered, UploadState.CHECKING.value
    stored.save(update_fields=["answers", "state"])
    return stored


@whole
def mend_upload(*, actor: User, upload: Upload, session_key: str, cells: Mapping[Place, str]) -> Upload:
    """Take corrections of faulty cells in place of the file's, and have the upload checked again; none: all go back.

    The file itself stays as it was handed in. The caller checks the upload, at once or as a job.
    """
    require_own(actor, upload, session_key)
    stored = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    require_pending(stored)
    stored.mended = packed(merged(unpacked(stored.mended), cells)) if cells else ""
    stored.state = UploadState.CHECKING.value
    stored.save(update_fields=["mended", "state"])
    return stored


def pending_uploads(*, actor: User, session_key: str) -> QuerySet[Upload]:
    """List uploads that are running or can be confirmed in this session."""
    return Upload.objects.filter(owner=actor, sign_in=_mark(session_key), state__in=WAITING)


def confirm_upload(*, actor: User, upload: Upload, session_key: str, at: datetime) -> WorkbookImport:
    """Write the previewed upload now: same session, same bytes, same effect, or nothing."""
    require_own(actor, upload, session_key)
    record = write_upload(upload=upload, actor=actor, state=UploadState.PENDING, at=at)
    remove_file(upload.token)
    return record


def write_upload(
    *, upload: Upload, actor: User, state: UploadState, at: datetime, progress: Progress = silent
) -> WorkbookImport:
    """Write an upload in ``state``: same bytes and same effect as previewed, or nothing."""
    require_import_right(actor)
    _require_state(upload, state)
    progress("正在读取工作簿", 0, 0)
    reading = _same_bytes(upload)
    with transaction.atomic():
        stored = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        _require_state(stored, state)
        digest = Digest()
        done = apply_import(
            reading,
            actor=actor,
            at=at,
            digest=digest,
            progress=progress,
            answers=stored.answers,
            mended=unpacked(stored.mended),
        )
        if done.record is None:
            count = len(done.plan.faults) + len(done.plan.questions)
            raise Refused(f"工作簿现在有{count}处问题，没有写入任何内容。{AGAIN}")
        if digest.text != stored.preview.get("digest"):
            raise Overtaken(f"预览之后有人改动了这些人员，导入的结果会和您看到的不同，没有写入任何内容。{AGAIN}")
        stored.state, stored.workbook_import, stored.preview = UploadState.IMPORTED.value, done.record, {}
        stored.mended = ""
        stored.save(update_fields=["state", "workbook_import", "preview", "mended"])
    return done.record


def discard_upload(*, actor: User, upload: Upload, session_key: str) -> None:
    """Delete the upload, even while it is being checked."""
    require_own(actor, upload, session_key)
    with transaction.atomic():
        stored = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        if stored.state != UploadState.CHECKING:
            require_pending(stored)
        stored.state, stored.preview, stored.mended = UploadState.DISCARDED.value, {}, ""
        stored.save(update_fields=["state", "preview", "mended"])
    remove_file(upload.token)


def annotated_copy(*, actor: User, upload: Upload, session_key: str, at: datetime) -> bytes:
    """Return the clerk's own workbook with every fault at its cell."""
    require_own(actor, upload, session_key)
    require_pending(upload)
    reading = _same_bytes(upload)
    plan = plan_import(reading, actor=actor, at=at, answers=upload.answers, mended=unpacked(upload.mended))
    with tempfile.TemporaryDirectory(dir=settings.UPLOAD_DIR) as folder:
        target = Path(folder) / "annotated.xlsx"
        annotate(plan, target)
        return target.read_bytes()


def clear_leftovers(*, at: datetime) -> int:
    """Delete files older than a day, also those of processes that died; return how many."""
    oldest = at - KEPT
    stale = Upload.objects.filter(state__in=WAITING, at__lt=oldest)
    stale.update(state=UploadState.EXPIRED.value, preview={}, mended="")
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


def require_own(actor: User, upload: Upload, session_key: str) -> None:
    """Require the right to import, and the session of the upload."""
    require_import_right(actor)
    if upload.owner_id != actor.pk or not constant_time_compare(upload.sign_in, _mark(session_key)):
        raise NotAllowed(f"这份工作簿是在另一次登录中上传的，不能在这里处理。{AGAIN}")


def require_pending(upload: Upload) -> None:
    _require_state(upload, UploadState.PENDING)


def _require_state(upload: Upload, state: UploadState) -> None:
    if upload.state in {UploadState.CHECKING, UploadState.IMPORTING} and upload.state != state:
        raise Overtaken(f"这份工作簿{upload.state}，请等它做完再办理。")
    if upload.state != state:
        raise Overtaken(f"这份工作簿{upload.state}，不能再处理。要再导入，请重新上传。")


def remove_file(token: str) -> None:
    _path(token).unlink(missing_ok=True)


def _same_bytes(upload: Upload) -> Reading:
    """Return the unchanged file, hashed before and after reading."""
    path = _path(upload.token)
    reading = open_workbook(path, file_name=upload.file_name, limits=UPLOAD)
    if reading.faults or reading.sha256 != upload.sha256 or _hash(path) != upload.sha256:
        raise Refused(f"上传的文件已不在或已变动，没有写入任何内容。{AGAIN}")
    return reading


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _mark(session_key: str) -> str:
    """Return a digest of the session's key, which itself is not stored."""
    return salted_hmac("workers.upload", session_key, algorithm="sha256").hexdigest()


def _path(token: str) -> Path:
    return Path(settings.UPLOAD_DIR) / f"{token}.xlsx"
