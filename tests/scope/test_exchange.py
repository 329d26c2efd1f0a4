"""A flat register leaves as a file and comes back after a preview, through the page's own services (S 二(四))."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.contrib import admin as django_admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from songshan_cw.site.exchange import ExchangeMixin, stored_at
from tests.scope.conftest import client_of
from tests.scope.world import World
from workers.models import Change, Training, Worker

HEADS = ["姓名", "身份证号", "培训名称", "开始日期", "结束日期", "学时"]


def page(name: str) -> str:
    return reverse(f"admin:workers_training_{name}")


def a_file(*rows: list[Any]) -> SimpleUploadedFile:
    book, target = Workbook(), BytesIO()
    for row in [HEADS, *rows]:
        book.active.append(row)
    book.save(target)
    return SimpleUploadedFile("培训.xlsx", target.getvalue())


def preview(client: Client, *rows: list[Any]) -> Any:
    return client.post(page("import"), {"import_file": a_file(*rows), "format": "0"})


def confirm(client: Client, answer: Any, **changes: str) -> Any:
    given = {name: str(value) for name, value in answer.context["confirm_form"].initial.items()}
    return client.post(page("process_import"), {**given, **changes}, follow=True)


@pytest.fixture
def clerk(world: World) -> Client:
    return client_of(world.a.clerk)


def test_it_is_previewed_then_written_by_the_service(world: World, clerk: Client) -> None:
    person = world.a.workers[1]
    before, trail = Training.objects.count(), Change.objects.count()
    answer = preview(clerk, [person.name, person.id_number, "消防培训", "2026-03-02", "2026-03-03", 16])
    assert Training.objects.count() == before and Change.objects.count() == trail
    assert person.id_number not in answer.content.decode()
    done = confirm(clerk, answer)
    assert "已导入培训：新增1条，更正0条，没有变动0条。" in done.content.decode()
    row = Training.objects.get(worker=person, name="消防培训")
    assert (str(row.start), str(row.end), row.hours) == ("2026-03-02", "2026-03-03", 16)
    assert Change.objects.count() == trail + 1
    again = preview(clerk, [person.name, person.id_number, "消防培训", "2026-03-02", "2026-03-04", 16])
    assert "更正1条" in confirm(clerk, again).content.decode()
    assert str(Training.objects.get(pk=row.pk).end) == "2026-03-04"


def test_what_was_exported_changes_nothing(world: World, clerk: Client) -> None:
    """Also with masked numbers, which together with the name say who it is."""
    person = world.a.workers[1]
    Training.objects.create(worker=person, name="=消防", start=date(2026, 3, 2), end=date(2026, 3, 3))
    answer = clerk.get(page("export"))
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == HEADS
    assert not any(worker.id_number in str(rows) for worker in Worker.objects.all())
    assert "'=消防" in [row[2] for row in rows]
    upload = SimpleUploadedFile("培训.xlsx", answer.content)
    back = clerk.post(page("import"), {"import_file": upload, "format": "0"})
    assert "更正0条" in confirm(clerk, back).content.decode()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({4: "2026-03-01"}, "结束日期"),
        ({3: "2026-02-30"}, "“开始日期”"),
        ({1: "150404199001010000"}, "不是您可以办理的人员的身份证号"),
        ({5: "很多"}, "很多不是数字"),
        ({2: None}, "培训名称"),
    ],
)
def test_a_wrong_row_is_told_and_nothing_can_be_confirmed(
    world: World, clerk: Client, change: dict[int, Any], told: str
) -> None:
    person = world.a.workers[1]
    row = [person.name, person.id_number, "消防培训", "2026-03-02", "2026-03-03", 16]
    for at, value in change.items():
        row[at] = value
    answer = preview(clerk, row)
    assert "confirm_form" not in answer.context and "第2行" in answer.content.decode()
    assert told in answer.content.decode()
    assert not Training.objects.filter(name="消防培训").exists()


def test_another_streets_person_is_as_one_who_does_not_exist(world: World, clerk: Client) -> None:
    stranger = world.b.workers[1]
    answer = preview(clerk, [stranger.name, stranger.id_number, "消防培训", "2026-03-02", "2026-03-03", 16])
    assert "不是您可以办理的人员的身份证号" in answer.content.decode()


def test_the_confirmation_is_bound_to_user_and_content(world: World, clerk: Client) -> None:
    person = world.a.workers[1]
    answer = preview(clerk, [person.name, person.id_number, "消防培训", "2026-03-02", "2026-03-03", 16])
    name = answer.context["confirm_form"].initial["import_file_name"]
    other = client_of(world.b.clerk)
    assert "不是您刚才在这里预览的" in confirm(other, answer).content.decode()
    content = stored_at(name).read_bytes()
    stored_at(name).write_bytes(content + b" ")
    assert "不是您刚才在这里预览的" in confirm(clerk, answer).content.decode()
    stored_at(name).write_bytes(content)
    assert "新增1条" in confirm(clerk, answer).content.decode()
    assert "不是您刚才在这里预览的" in confirm(clerk, answer).content.decode()  # once only


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"nonsense", "没有表头下的数据行"), (b"", "文件"), (b"\x89PNG\r\n\x1a\n" + b"0" * 99, "图片")],
)
def test_what_is_no_table_is_refused_in_words(clerk: Client, content: bytes, told: str) -> None:
    answer = clerk.post(page("import"), {"import_file": SimpleUploadedFile("x.xlsx", content), "format": "0"})
    assert told in str(answer.context["form"].errors) and "confirm_form" not in answer.context


def test_a_missing_column_is_named(world: World, clerk: Client) -> None:
    book, target = Workbook(), BytesIO()
    book.active.append(HEADS[:4])
    book.active.append(["甲", "1", "训", "2026-03-02"])
    book.save(target)
    upload = SimpleUploadedFile("培训.xlsx", target.getvalue())
    answer = clerk.post(page("import"), {"import_file": upload, "format": "0"})
    assert "缺少列：结束日期、学时" in answer.content.decode()


def test_a_file_holds_the_own_street_alone(world: World, clerk: Client) -> None:
    for street in (world.a, world.b):
        for person in street.workers:
            Training.objects.create(worker=person, name="培训", start=date(2026, 3, 2), end=date(2026, 3, 3))
    sheet = load_workbook(BytesIO(clerk.get(page("export")).content)).worksheets[0]
    names = {row[0] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert {one.name for one in world.a.workers} <= names
    assert not names & {one.name for one in world.b.workers}


def test_who_may_not_write_may_not_import(world: World) -> None:
    finance = client_of(world.finance)
    assert finance.get(page("import")).status_code == 403
    assert finance.post(page("process_import"), {"import_file_name": "x", "seal": "x"}).status_code == 403


def test_every_register_leaves_and_comes_back(world: World) -> None:
    admin = client_of(world.admin)
    registers = [one for one in django_admin.site._registry.values() if isinstance(one, ExchangeMixin)]
    assert len(registers) >= 8
    for register in registers:
        name = f"admin:workers_{register.opts.model_name}"
        answer = admin.get(reverse(f"{name}_export"))
        heads = [cell.value for cell in load_workbook(BytesIO(answer.content)).worksheets[0][1]]
        assert len(heads) >= len(register.exchanged)
        assert admin.get(reverse(f"{name}_import")).status_code in {200, 403}
