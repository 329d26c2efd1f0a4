"""An upload checked and written by a worker: each once, refusals told on its page, no file left behind."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from songshan_cw.data.refusal import Refused
from tests.workbook import build
from workers import tasks
from workers.models import Change, Job, JobKind, JobPart, PartState, Upload, UploadState, User, WorkbookImport, Worker
from workers.workbook.progress import note_stage, stage_of
from workers.workbook.upload_jobs import check_part, import_part

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.UPLOAD_DIR = settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    settings.UPLOAD_DIR.mkdir()
    settings.CELERY_BROKER_URL = "memory://"
    return settings.UPLOAD_DIR


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What would have gone to the broker."""
    found: list[tuple[str, int]] = []
    for task in (tasks.check_workbook, tasks.import_workbook):
        monkeypatch.setattr(task, "delay", lambda part, name=task.name: found.append((name, part)))
    return found


@pytest.fixture
def page(folder: Path, sent: list[tuple[str, int]]) -> Iterator[Client]:
    build.make_regions()
    client = Client()
    client.force_login(User.objects.create(username="admin-1", role="系统管理员"), backend=BACKEND)
    yield client


def book(tmp_path: Path, spoil: Any = None) -> bytes:
    made = build.clean_book()
    if spoil:
        spoil(made)
    return build.save(made, tmp_path / "a.xlsx").read_bytes()


def hand_in(client: Client, content: bytes, name: str = "人事.xlsx") -> Upload:
    file = io.BytesIO(content)
    file.name = name
    answer = client.post(reverse("admin:import"), {"workbook": file})
    upload = Upload.objects.latest("pk")
    assert answer["Location"] == address(upload)
    return upload


def address(upload: Upload, verb: str = "preview") -> str:
    return reverse(f"admin:import_{verb}", args=[upload.token])


def state_of(upload: Upload) -> str:
    upload.refresh_from_db()
    return upload.state


def work(sent: list[tuple[str, int]]) -> list[bool]:
    """A worker comes to what was sent, to each message twice."""
    does = {"workers.check_workbook": check_part, "workers.import_workbook": import_part}
    taken, sent[:] = list(sent), []
    return [does[name](part_id=part, at=timezone.now()) for name, part in taken for _ in range(2)]


def test_checked_shown_confirmed_and_written_once(
    page: Client, sent: list[tuple[str, int]], tmp_path: Path, folder: Path
) -> None:
    upload = hand_in(page, book(tmp_path))
    waiting = page.get(address(upload))
    assert waiting["Refresh"] and "等待后台处理" in waiting.content.decode() and not Worker.objects.exists()
    note_stage(upload.token, "正在检查和比对", 1, 3)
    assert "第2批，共3批" in page.get(address(upload)).content.decode()
    assert work(sent) == [True, False] and state_of(upload) == UploadState.PENDING
    assert "检查通过" in page.get(address(upload)).content.decode() and stage_of(upload.token) is None
    assert page.post(address(upload, "confirm"))["Location"] == address(upload)
    assert state_of(upload) == UploadState.IMPORTING and not Worker.objects.exists()
    assert "后台正在写入" in page.get(address(upload)).content.decode()
    assert work(sent) == [True, False] and state_of(upload) == UploadState.IMPORTED
    assert Worker.objects.count() == 6 and WorkbookImport.objects.get() == upload.workbook_import
    assert Change.objects.values_list("workbook_import", "actor__username").distinct().get() == (
        upload.workbook_import_id,
        "admin-1",
    )
    assert list(folder.iterdir()) == [] and "新增22条" in page.get(address(upload)).content.decode()
    assert set(Job.objects.values_list("kind", flat=True)) == {JobKind.CHECK, JobKind.IMPORT}


def test_a_file_that_cannot_be_read_is_told_and_removed(
    page: Client, sent: list[tuple[str, int]], tmp_path: Path, folder: Path
) -> None:
    upload = hand_in(page, book(tmp_path)[:2000])
    assert work(sent) == [True, False] and state_of(upload) == UploadState.UNREAD
    assert "工作簿已损坏" in page.get(address(upload)).content.decode() and list(folder.iterdir()) == []
    assert JobPart.objects.get().state == PartState.FAILED


def test_faults_are_shown_and_nothing_can_be_confirmed(
    page: Client, sent: list[tuple[str, int]], tmp_path: Path, folder: Path
) -> None:
    def spoil(made: build.Book) -> None:
        made["花名册"][2][1] = "150404"

    upload = hand_in(page, book(tmp_path, spoil))
    work(sent)
    assert "处问题" in page.get(address(upload)).content.decode()
    page.post(address(upload, "confirm"))
    assert work(sent) == [True, False] and state_of(upload) == UploadState.PENDING
    assert "刚才没有导入：工作簿现在有" in page.get(address(upload)).content.decode()
    assert not Worker.objects.exists() and not WorkbookImport.objects.exists()


def test_people_changed_meanwhile_stop_the_import(page: Client, sent: list[tuple[str, int]], tmp_path: Path) -> None:
    upload, other = hand_in(page, book(tmp_path)), hand_in(page, book(tmp_path))
    work(sent)
    for one in (other, upload):
        page.post(address(one, "confirm"))
        work(sent)
    assert (state_of(other), state_of(upload)) == (UploadState.IMPORTED, UploadState.PENDING)
    assert "预览之后有人改动了这些人员" in page.get(address(upload)).content.decode()
    assert WorkbookImport.objects.count() == 1


def test_given_up_while_it_waits_it_is_left_alone(
    page: Client, sent: list[tuple[str, int]], tmp_path: Path, folder: Path
) -> None:
    upload = hand_in(page, book(tmp_path))
    page.post(address(upload, "discard"))
    assert state_of(upload) == UploadState.DISCARDED and list(folder.iterdir()) == []
    assert work(sent) == [True, False] and state_of(upload) == UploadState.DISCARDED


def test_what_is_being_written_is_neither_given_up_nor_written_again(
    page: Client, sent: list[tuple[str, int]], tmp_path: Path
) -> None:
    upload = hand_in(page, book(tmp_path))
    work(sent)
    page.post(address(upload, "confirm"))
    for verb in ("discard", "confirm"):
        assert "请等它做完" in page.post(address(upload, verb), follow=True).content.decode()
    assert state_of(upload) == UploadState.IMPORTING and len(sent) == 1


def test_who_lost_the_right_meanwhile_imports_nothing(
    page: Client, sent: list[tuple[str, int]], tmp_path: Path
) -> None:
    upload = hand_in(page, book(tmp_path))
    work(sent)
    page.post(address(upload, "confirm"))
    User.objects.filter(username="admin-1").update(is_active=False)
    work(sent)
    assert (
        state_of(upload) == UploadState.PENDING and "由街道经办和系统管理员导入" in JobPart.objects.latest("pk").message
    )
    assert not Worker.objects.exists()


def test_a_broker_out_of_reach_loses_nothing(
    page: Client, sent: list[tuple[str, int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(part_id: int) -> None:
        raise OperationalError("no broker")

    whole = tasks.check_workbook.delay
    monkeypatch.setattr(tasks.check_workbook, "delay", fail)
    upload = hand_in(page, book(tmp_path))
    assert "消息队列暂时连不上" in page.get(address(upload)).content.decode() and sent == []
    monkeypatch.setattr(tasks.check_workbook, "delay", whole)
    page.post(address(upload))
    assert work(sent) == [True, False] and state_of(upload) == UploadState.PENDING


def test_nobody_else_sees_or_sends_it(page: Client, sent: list[tuple[str, int]], tmp_path: Path) -> None:
    upload = hand_in(page, book(tmp_path))
    other = Client()
    other.force_login(User.objects.create(username="admin-2", role="系统管理员"), backend=BACKEND)
    assert other.get(address(upload)).status_code == other.post(address(upload)).status_code == 404
    assert len(sent) == 1
    assert page.get(reverse("admin:job", args=[upload.job_id])).status_code in {403, 404}


def test_memory_and_time_are_bounded(settings: Any) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    settings.IMPORT_MEMORY = 1 << 30
    with pytest.raises(Refused, match="内存或时间限制"), tasks.bounds():
        bytearray(4 << 30)
    with pytest.raises(Refused, match="内存或时间限制"), tasks.bounds():
        raise tasks.SoftTimeLimitExceeded
    assert resource.getrlimit(resource.RLIMIT_AS) == before
