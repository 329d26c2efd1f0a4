"""A workbook comes in by page: shown before it is written, written once, by who handed it in, byte for byte."""

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from songshan_cw.words.terms import Role
from tests.workbook import build
from workers.models import Change, PrivateAccess, RosterAnswer, Upload, UploadState, User, WorkbookImport, Worker

pytestmark = pytest.mark.django_db
OWN = "150404001"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.UPLOAD_DIR = settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    settings.UPLOAD_DIR.mkdir()
    build.make_regions()
    return settings.UPLOAD_DIR


def signed_in(name: str, role: Role = Role.CLERK, region: str | None = OWN, **fields: Any) -> Client:
    user, _ = User.objects.get_or_create(username=name, defaults={"role": role.value, "region_id": region, **fields})
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def clerk() -> Client:
    return signed_in("clerk")


def book(tmp_path: Path, rows: list[list[Any]], name: str = "in.xlsx", **sheets: Any) -> bytes:
    return build.save({"花名册": rows, **sheets}, tmp_path / name).read_bytes()


def upload(client: Client, content: bytes, name: str = "人员.xlsx", **headers: str) -> Any:
    return client.post(reverse("admin:import"), {"workbook": SimpleUploadedFile(name, content)}, headers=headers)


def own_people(*numbers: int, **changes: Any) -> list[list[Any]]:
    return [build.person(number, **changes) for number in numbers]


def address(verb: str = "preview") -> str:
    return reverse(f"admin:import_{verb}", args=[Upload.objects.latest("pk").token])


def test_shown_then_confirmed_once(clerk: Client, tmp_path: Path, folder: Path) -> None:
    answer = upload(clerk, book(tmp_path, own_people(1, 3, 5)))
    assert answer.status_code == 302 and answer.url == address()
    assert Worker.objects.count() == 0
    (path,) = folder.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600 and "人员" not in path.name
    shown = clerk.get(address()).content.decode()
    assert "新增3条" in shown and "认出19列" in shown and build.person(1)[1] not in shown
    assert clerk.post(address("confirm")).url == reverse("admin:import")
    record = WorkbookImport.objects.get()
    assert (record.created_count, record.actor.username, record.file_name) == (3, "clerk", "人员.xlsx")
    assert Worker.objects.count() == 3 and list(folder.iterdir()) == []
    assert Upload.objects.get().preview == {}
    again = clerk.post(address("confirm"), follow=True).content.decode()
    assert "已导入，不能再处理" in again and WorkbookImport.objects.count() == 1
    assert record.sha256[:16] in clerk.get(reverse("admin:import")).content.decode()


def test_preview_shows_old_and_new_with_numbers_masked(clerk: Client, tmp_path: Path) -> None:
    upload(clerk, book(tmp_path, own_people(1)))
    clerk.post(address("confirm"))
    upload(clerk, book(tmp_path, own_people(1, 联系电话="13900001111", 银行卡号="6222000011112222333")))
    shown = clerk.get(address()).content.decode()
    assert "139****0001" in shown and "139****1111" in shown
    assert "13904760001" not in shown and "13900001111" not in shown
    assert "**** 2333" in shown and "6222000011112222333" not in shown


def test_faults_stand_at_their_cells_and_keep_it_out(clerk: Client, tmp_path: Path) -> None:
    number = build.person(3)[1]
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    rows = [*own_people(1, 岗位="干部"), *own_people(5, 参加社区工作时间="去年"), build.person(3, 身份证号=wrong)]
    upload(clerk, book(tmp_path, rows))
    shown = clerk.get(address()).content.decode()
    assert "有2处问题" in shown and "有1个问题" in shown and "干部" in shown and wrong not in shown
    assert address("confirm") not in shown
    copy = clerk.get(address("annotated"))
    marked = openpyxl.load_workbook(io.BytesIO(copy.content))
    assert marked.sheetnames[0] == "问题清单" or "问题清单" in marked.sheetnames
    assert "filename*=UTF-8''" in copy["Content-Disposition"]
    clerk.post(address("confirm"))
    assert Worker.objects.count() == 0 and not WorkbookImport.objects.exists()


def test_nobody_else_confirms(clerk: Client, tmp_path: Path) -> None:
    upload(clerk, book(tmp_path, own_people(1)))
    colleague, admin = signed_in("colleague"), signed_in("admin", Role.ADMINISTRATOR, None)
    for other in (colleague, admin):
        assert [other.get(address()).status_code, other.post(address("confirm")).status_code] == [404, 404]
        assert other.get(address("annotated")).status_code == 404
        assert other.post(address("discard")).status_code == 404
    same_person_elsewhere = signed_in("clerk")
    assert "另一次登录" in same_person_elsewhere.post(address("confirm"), follow=True).content.decode()
    assert Worker.objects.count() == 0
    leader = signed_in("leader", Role.LEADER)
    assert leader.get(reverse("admin:import")).status_code == 403


def test_changed_bytes_are_refused(clerk: Client, tmp_path: Path, folder: Path) -> None:
    upload(clerk, book(tmp_path, own_people(1)))
    (path,) = folder.iterdir()
    path.write_bytes(book(tmp_path, own_people(1, 3), "other.xlsx"))
    assert "已变动" in clerk.post(address("confirm"), follow=True).content.decode()
    path.unlink()
    assert "已变动" in clerk.post(address("confirm"), follow=True).content.decode()
    assert Worker.objects.count() == 0


def test_a_different_effect_than_was_shown_is_not_written(clerk: Client, tmp_path: Path) -> None:
    upload(clerk, book(tmp_path, own_people(1)))
    clerk.post(address("confirm"))
    upload(clerk, book(tmp_path, own_people(1, 备注="新备注")))
    Worker.objects.update(note="别人刚写的")
    assert "会和您看到的不同" in clerk.post(address("confirm"), follow=True).content.decode()
    assert Worker.objects.get().note == "别人刚写的" and Change.objects.count() == 1
    assert Upload.objects.latest("pk").state == UploadState.PENDING


def test_another_streets_person_stays_out_of_sight(clerk: Client, tmp_path: Path) -> None:
    admin = signed_in("admin", Role.ADMINISTRATOR, None)
    upload(admin, book(tmp_path, own_people(2, 备注="邻街秘密")))
    admin.post(address("confirm"))
    upload(clerk, book(tmp_path, own_people(2, 备注="改掉")))
    shown = clerk.get(address()).content.decode()
    assert "邻街秘密" not in shown and "处问题" in shown
    assert "人员.xlsx" not in signed_in("neighbour").get(reverse("admin:import")).content.decode()


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 600, b"%PDF-1.7", b"PK\x03\x04x"]
)
def test_a_bad_file_gets_a_sentence_and_leaves_nothing(clerk: Client, folder: Path, content: bytes) -> None:
    answer = upload(clerk, content, "../../x\u202excod.xlsx", **{"X-Requested-With": "XMLHttpRequest"})
    assert len(answer.json()["refused"]) > 10
    assert list(folder.iterdir()) == [] and not Upload.objects.exists()


def test_too_large_is_refused_before_and_while_it_is_stored(clerk: Client, folder: Path, settings: Any) -> None:
    settings.UPLOAD_BYTES = 1000
    page = upload(clerk, b"PK\x03\x04" + b"x" * 2000, **{"X-Requested-With": "XMLHttpRequest"})
    assert "没有接收" in page.json()["refused"] and list(folder.iterdir()) == []
    assert upload(clerk, b"x" * 2**21).status_code == 413


def test_discarded_and_left_over_files_go(clerk: Client, tmp_path: Path, folder: Path) -> None:
    content = book(tmp_path, own_people(1))
    upload(clerk, content)
    clerk.post(address("discard"))
    assert list(folder.iterdir()) == [] and Upload.objects.get().state == UploadState.DISCARDED
    upload(clerk, content)
    old = (timezone.now() - timedelta(days=2)).timestamp()
    stray = folder / "tmpabc.upload"
    stray.write_bytes(b"x")
    for path in folder.iterdir():
        os.utime(path, (old, old))
    Upload.objects.update(at=timezone.now() - timedelta(days=2))
    call_command("clear_uploads")
    assert list(folder.iterdir()) == []
    assert Upload.objects.latest("pk").state == UploadState.EXPIRED
    assert "已过期" in clerk.get(address()).content.decode()


def test_every_upload_clears_what_others_left(clerk: Client, tmp_path: Path, folder: Path) -> None:
    stray = folder / "stray.xlsx"
    stray.write_bytes(b"x")
    os.utime(stray, (0, 0))
    upload(clerk, book(tmp_path, own_people(1)))
    assert not stray.exists()


def test_script_gets_the_next_address(clerk: Client, tmp_path: Path) -> None:
    answer = upload(clerk, book(tmp_path, own_people(1)), **{"X-Requested-With": "XMLHttpRequest"})
    assert answer.json() == {"next": address()}
    assert clerk.post(reverse("admin:import")).status_code == 302


def test_template_and_writes_are_not_mixed_up(clerk: Client) -> None:
    assert clerk.get(reverse("admin:import_template")).content[:2] == b"PK"
    assert clerk.get("/import/" + "0" * 32 + "/").status_code == 404
    assert clerk.get("/import/" + "0" * 32 + "/confirm/").status_code == 405


def exported(answer: Any) -> str:
    cells = openpyxl.load_workbook(io.BytesIO(answer.content))["花名册"].values
    return repr(list(cells))


def test_export_masks_unless_a_purpose_and_the_right_are_there(tmp_path: Path) -> None:
    sees = signed_in("sees", sees_private=True)
    plain = signed_in("plain")
    upload(sees, book(tmp_path, own_people(1, 银行卡号="6222000011112222333")))
    sees.post(address("confirm"))
    number, where = build.person(1)[1], reverse("admin:export_workbook")
    masked = exported(plain.post(where, {"numbers": "masked"}))
    assert "**** 2333" in masked and number not in masked and number[:6] in masked
    assert plain.post(where, {"numbers": "whole", "purpose": "报社保局核对"}).status_code == 302
    again = sees.post(where, {"numbers": "whole", "purpose": "  "})
    assert "Content-Disposition" not in again.headers and 'value="whole" checked' in again.content.decode()
    assert not PrivateAccess.objects.exists()
    assert number in exported(sees.post(where, {"numbers": "whole", "purpose": "报社保局核对"}))
    kept = PrivateAccess.objects.get()
    assert (kept.actor.username, kept.purpose, kept.people) == ("sees", "报社保局核对", 1)
    assert signed_in("finance", Role.FINANCE, "150404").get(where).status_code == 403


def test_statements_do_not_grow_with_people(clerk: Client, tmp_path: Path, django_assert_max_num_queries: Any) -> None:
    upload(clerk, book(tmp_path, own_people(*range(1, 241, 2))))
    with django_assert_max_num_queries(12):
        page = clerk.get(address(), {"page": "2"})
    assert page.context_data["people"].number == 2
    assert clerk.get(address(), {"page": "9" * 30}).status_code == 200


def test_a_masked_export_is_told_in_one_sentence_and_never_recommended(tmp_path: Path) -> None:
    sees, plain = signed_in("sees", sees_private=True), signed_in("plain")
    upload(plain, book(tmp_path, own_people(1, 3), 年度考核=[[*build.person(1)[:2], 2025, "合格"]]))
    plain.post(address("confirm"))
    answer = plain.get(reverse("admin:people"), {"export": "1"})
    assert "%E9%9A%90%E5%8F%B7" in answer["Content-Disposition"], "文件名写明隐号"
    upload(plain, b"".join(answer.streaming_content))
    page = plain.get(address()).content.decode()
    assert "有1处问题" in page and "这是隐去号码的导出文件，不能导入" in page
    index = reverse("admin:import")
    assert "改好再导入" in sees.get(index).content.decode() and "改好再导入" not in plain.get(index).content.decode()


def test_uploads_are_listed_as_what_they_are(clerk: Client, tmp_path: Path) -> None:
    template = clerk.get(reverse("admin:import_template")).content
    upload(clerk, template)
    assert "没有填写任何人员或记录" in clerk.get(address()).content.decode()
    upload(clerk, book(tmp_path, own_people(1, 参加社区工作时间="去年")))
    upload(clerk, book(tmp_path, own_people(1, 岗位="干部")))
    upload(clerk, book(tmp_path, own_people(3)))
    index = clerk.get(reverse("admin:import")).content.decode()
    assert [word in index for word in ("无变动", "有1处错误", "有1个问题", "待确认，")] == [True] * 4


def roster(tmp_path: Path, *positions: str) -> bytes:
    heads = ["姓名", "身份证号", "社区", "职务", "学历", "参加社区工作时间"]
    whole = [build.person(2 * index + 1) for index in range(len(positions))]
    rows = [
        [one[0], one[1], one[6], position, one[11], one[13]] for one, position in zip(whole, positions, strict=True)
    ]
    return build.save({"人员": rows}, tmp_path / "roster.xlsx", {"人员": heads}).read_bytes()


def test_questions_are_answered_in_the_page_and_not_asked_again(clerk: Client, tmp_path: Path) -> None:
    upload(clerk, roster(tmp_path, "网格员", "网格员"))
    shown = clerk.get(address()).content.decode()
    assert "“职务”列的“网格员”是什么意思" in shown and "确认导入" not in shown and '<th scope="col"' in shown
    clerk.post(address("confirm"))
    assert Worker.objects.count() == 0
    clerk.post(address("answers"), {"key": ["value:职务:网格员"], "answer": ["社区工作者"]})
    assert "确认导入" in clerk.get(address()).content.decode()
    clerk.post(address("confirm"))
    assert Worker.objects.count() == 2

    neighbour = signed_in("neighbour", Role.CLERK, "150404002")
    upload(neighbour, roster(tmp_path, "网格员"))
    assert "是什么意思" in neighbour.get(address()).content.decode()
    upload(clerk, roster(tmp_path, "网格员", "网格员", "网格员"))
    shown = clerk.get(address()).content.decode()
    assert "以前记住的回答" in shown and "确认导入" in shown
    clerk.post(address("answers"), {"key": ["value:职务:网格员"], "answer": [""]})
    assert "确认导入" not in clerk.get(address()).content.decode() and not RosterAnswer.objects.exists()


def test_an_answer_to_what_was_not_asked_is_not_kept(clerk: Client, tmp_path: Path) -> None:
    upload(clerk, roster(tmp_path, "网格员"))
    clerk.post(address("answers"), {"key": ["value:学历:大学"], "answer": ["博士研究生"]})
    assert not RosterAnswer.objects.exists()


def test_faulty_cells_are_corrected_in_the_page(clerk: Client, tmp_path: Path) -> None:
    number = build.person(3)[1]
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    rows = [*own_people(1, 参加社区工作时间="去年"), build.person(3, 身份证号=wrong)]
    upload(clerk, book(tmp_path, rows))
    assert 'name="value"' in clerk.get(address()).content.decode()
    places = ["2:参加社区工作时间:花名册", "3:身份证号:花名册"]
    clerk.post(address("mend"), {"place": places, "value": ["2018.7", ""]})
    assert "有1处问题" in clerk.get(address()).content.decode()
    clerk.post(address("mend"), {"place": places[1:], "value": [number]})
    stored = Upload.objects.latest("pk")
    assert number not in str(stored.preview) and "确认导入" in clerk.get(address()).content.decode()
    clerk.post(address("mend"))
    assert "有2处问题" in clerk.get(address()).content.decode()
    clerk.post(address("mend"), {"place": places, "value": ["2018.7", number]})
    clerk.post(address("confirm"))
    assert Worker.objects.filter(id_number=number).exists() and Worker.objects.count() == 2
    assert Upload.objects.latest("pk").mended == ""
