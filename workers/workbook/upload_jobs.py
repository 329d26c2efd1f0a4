"""Check and write uploads as jobs, each once, in any worker process (rules 8)."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import partial

from django.db import transaction

from workers.models import Job, JobKind, JobPart, PartState, Upload, UploadState, User, WorkbookImport
from workers.services.jobs import do_part, open_job
from workers.workbook.progress import forget_stage, note_stage
from workers.workbook.uploads import (
    WAITING,
    check_upload,
    remove_file,
    require_own,
    require_pending,
    store_upload,
    write_upload,
)

Bounds = Callable[[], AbstractContextManager[None]]


@transaction.atomic
def ask_check(*, actor: User, chunks: Iterable[bytes], file_name: str, session_key: str, at: datetime) -> Upload:
    """Store the file and open the job of checking it."""
    upload = store_upload(actor=actor, chunks=chunks, file_name=file_name, session_key=session_key, at=at)
    _open(upload, JobKind.CHECK, actor, at)
    return upload


@transaction.atomic
def ask_check_again(*, upload: Upload, actor: User, at: datetime) -> Upload:
    """Open the job of checking an upload with new answers."""
    _open(upload, JobKind.CHECK, actor, at)
    return upload


@transaction.atomic
def ask_import(*, actor: User, upload: Upload, session_key: str, at: datetime) -> Upload:
    """Open the job of writing the previewed upload."""
    require_own(actor, upload, session_key)
    stored = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    require_pending(stored)
    stored.state = UploadState.IMPORTING.value
    _open(stored, JobKind.IMPORT, actor, at)
    return stored


def check_part(*, part_id: int, at: datetime, bounds: Bounds = nullcontext) -> bool:
    """Read and check the upload of a job, once."""

    def work(part: JobPart) -> str:
        upload = Upload.objects.get(token=part.key)
        if upload.state != UploadState.CHECKING:
            return f"工作簿{upload.state}，没有再检查"
        with bounds():
            rows = check_upload(upload=upload, at=at, progress=partial(note_stage, part.key))
        return f"读了{rows}行"

    return _do(part_id, work, at, refused=(UploadState.CHECKING, UploadState.UNREAD))


def import_part(*, part_id: int, at: datetime, bounds: Bounds = nullcontext) -> bool:
    """Write the confirmed upload of a job, once."""

    def work(part: JobPart) -> str:
        upload = Upload.objects.select_related("owner").get(token=part.key)
        progress = partial(note_stage, part.key)
        with bounds():
            record = write_upload(
                upload=upload, actor=upload.owner, state=UploadState.IMPORTING, at=at, progress=progress
            )
        return counts_of(record)

    return _do(part_id, work, at, refused=(UploadState.IMPORTING, UploadState.PENDING))


def counts_of(record: WorkbookImport) -> str:
    return f"新增{record.created_count}条，更新{record.updated_count}条，未变{record.unchanged_count}条"


def last_refusal(upload: Upload) -> str:
    """Return why the last job on this upload was refused, or an empty text."""
    part = JobPart.objects.filter(job=upload.job_id, state=PartState.FAILED.value).first() if upload.job_id else None
    return part.message if part else ""


def _open(upload: Upload, kind: JobKind, actor: User, at: datetime) -> Job:
    upload.job = open_job(kind=kind, actor=actor, month=None, parts=[(upload.token, upload.file_name[:60])], at=at)
    upload.save(update_fields=["job", "state"])
    return upload.job


def _do(
    part_id: int, work: Callable[[JobPart], str], at: datetime, *, refused: tuple[UploadState, UploadState]
) -> bool:
    """A refusal puts the upload from the first state into the second. What is over leaves no file, even where the
    process that ended it died before it could remove it: the message comes again."""
    before, after = refused
    with transaction.atomic():
        done = do_part(part_id=part_id, work=work, at=at)
        part = JobPart.objects.get(pk=part_id)
        if part.state == PartState.FAILED:
            Upload.objects.filter(token=part.key, state=before.value).update(state=after.value)
    forget_stage(part.key)
    if not Upload.objects.filter(token=part.key, state__in=WAITING).exists():
        remove_file(part.key)
    return done
