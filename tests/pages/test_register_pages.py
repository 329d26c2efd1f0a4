"""Checks, secondments, staffing, duties, contracts and archives, as each role meets them."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from payroll.models import GradeTable
from songshan_cw.words.terms import Committee, Position, Post, SecondmentState
from tests.pages.conftest import town
from tests.pages.visits import CANARY, HIRED, TODAY, signed_in
from tests.payroll import world
from tests.policies import using
from tests.worlds import shared
from workers.models import (
    ArchiveFiling,
    Attachment,
    CommitteeSeat,
    CommunityProfile,
    Contract,
    PrivateAccess,
    Secondment,
    User,
    Worker,
)
from workers.services.standing import refresh_standing

pytestmark = pytest.mark.usefixtures("clock")
WHOLE = ("limits", "compare", "staffing")
OWN = ("secondments", "contracts", "archives", "talent")
PDF_BYTES = b"%PDF-1.4 a contract"


def url(name: str, *args: Any) -> str:
    return reverse(f"admin:{name}", args=args)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> date:
    """One day and one moment, for pages and services alike."""
    true_day = timezone.localdate
    monkeypatch.setattr(timezone, "localdate", lambda value=None: TODAY if value is None else true_day(value))
    monkeypatch.setattr(timezone, "now", lambda: world.NOW)
    return TODAY


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.MEDIA_ROOT = tmp_path / "media"
    yield tmp_path / "media"


@shared(town)
def chief(town: GradeTable) -> Worker:
    posts = [{"from": HIRED, "post": Post.CHIEF.value}]
    return world.person({**world.staff(HIRED), "posts": posts}, name="书记甲")


def add_contract(worker: Worker, end: date) -> None:
    Contract.objects.create(worker=worker, start=HIRED, end=end)
    refresh_standing([worker.pk])


# --- who may ---

ROLES = [("clerk-a", 200), ("leader-a", 200), ("bureau", 200), ("admin", 200), ("finance", 403)]


@pytest.mark.parametrize(("username", "status"), [*ROLES, ("organisation", 403)])
@pytest.mark.parametrize("name", WHOLE)
def test_whole_streets_are_for_who_sees_them(worker: Worker, username: str, status: int, name: str) -> None:
    assert signed_in(username).get(url(name)).status_code == status


@pytest.mark.parametrize(("username", "status"), [*ROLES, ("organisation", 200)])
@pytest.mark.parametrize("name", OWN)
def test_registers_open_by_role(worker: Worker, username: str, status: int, name: str) -> None:
    assert signed_in(username).get(url(name)).status_code == status


@pytest.mark.parametrize(("username", "status"), [*ROLES, ("organisation", 200)])
def test_duties_open_on_this_year(worker: Worker, username: str, status: int) -> None:
    response = signed_in(username).get(url("duties"))
    assert response.status_code == status
    assert status == 403 or response.context_data["year"] == TODAY.year


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("duties", "体系内在岗1人"),
        ("archives", "体系内在岗1人"),
        ("staffing", "体系内在岗"),
        ("staffing", "含体系外人员"),
        ("index", "年末在岗（体系内、不含中断）"),
        ("index", "只计体系内在岗人员"),
    ],
)
def test_a_page_says_whom_it_counts(worker: Worker, page: str, told: str) -> None:
    Worker.objects.filter(pk=worker.pk).update(bank_account="")
    world.person(world.staff(HIRED, category="退休人员"))
    assert told in signed_in("clerk-a").get(url(page)).content.decode()


@pytest.mark.parametrize("year", [1999, 2017, 2027])
def test_a_year_nobody_works_with_is_missing(worker: Worker, year: int) -> None:
    assert signed_in("clerk-a").get(url("duties_year", year)).status_code == 404


@pytest.mark.parametrize("name", [*WHOLE, *OWN])
def test_lists_never_name_another_street(worker: Worker, stranger: Worker, name: str) -> None:
    add_contract(stranger, TODAY + timedelta(days=10))
    for query in ({}, {"street": world.B}, {"export": "xlsx"}, {"date": "2026-06-30"}):
        response = signed_in("clerk-a").get(url(name), query)
        assert response.status_code == 200
        assert CANARY not in response.content.decode(errors="ignore")


@pytest.mark.parametrize("name", [*WHOLE, "contracts", "archives", "talent"])
def test_a_foreign_street_is_said_to_be_none_of_ours(worker: Worker, stranger: Worker, name: str) -> None:
    text = signed_in("clerk-a").get(url(name), {"street": world.B}).content.decode()
    assert "不在您的管辖范围内" in text


@pytest.mark.parametrize("name", [*WHOLE, *OWN, "duties"])
def test_statements_do_not_grow_with_people(worker: Worker, name: str) -> None:
    client = signed_in("clerk-a")
    add_contract(worker, TODAY + timedelta(days=20))
    address = url("duties_year", TODAY.year) if name == "duties" else url(name)
    few = statements(client, address)
    for _ in range(6):
        add_contract(world.person(world.staff(HIRED)), TODAY + timedelta(days=20))
    assert statements(client, address) == few


def statements(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


# --- limits ---


def test_findings_carry_clause_person_and_cure(worker: Worker) -> None:
    add_contract(worker, date(2026, 10, 31))
    response = signed_in("clerk-a").get(url("limits"), {"rule": "9.2"})
    (row,) = response.context_data["findings"].page
    assert row.finding.clause == "二(四)5" and row.finding.since == date(2026, 11, 1)
    text = response.content.decode()
    assert url("person", worker.pk) in text and "请办理续聘" in text
    assert worker.id_number not in text


def test_findings_of_another_day(worker: Worker) -> None:
    add_contract(worker, date(2026, 10, 31))
    client = signed_in("clerk-a")
    query = {"rule": "9.2", "date": "2026-10-31"}
    assert not client.get(url("limits"), query).context_data["findings"].count


def test_a_day_before_any_policy_is_explained(worker: Worker) -> None:
    text = signed_in("clerk-a").get(url("limits"), {"date": "2019-05-01"}).content.decode()
    assert "没有施行中的政策文件" in text and world.DISTRICT not in text.partition("没有施行中")[0][-40:]


@pytest.mark.parametrize("asked", ["2026-13-45", "昨天", "2017-12-31"])
def test_a_date_that_is_none_is_said_with_the_day_that_is_shown(worker: Worker, asked: str) -> None:
    client = signed_in("clerk-a")
    for name in ("limits", "staffing", "contracts", "compare"):
        text = client.get(url(name), {"date": asked}).content.decode()
        assert f"“{asked}”不是日期" in text and f"今天（{TODAY}）" in text, name
    assert "不是日期" not in client.get(url("limits"), {"date": "2026-10-31"}).content.decode()


def test_findings_leave_masked(worker: Worker) -> None:
    add_contract(worker, date(2026, 10, 31))
    client = signed_in("clerk-a")
    text = client.get(url("limits"), {"export": "csv"}).content.decode("utf-8-sig")
    assert "张三丰" in text and worker.id_number not in text
    book = load_workbook(BytesIO(client.get(url("limits"), {"export": "xlsx"}).content))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[2]][:2] == ["事项", "依据条款"] and f"限额检查{TODAY}" == sheet["A1"].value


def test_documents_stand_side_by_side(worker: Worker) -> None:
    response = signed_in("bureau").get(url("compare"))
    assert len(response.context_data["subjects"].heads) == 1 + 2
    assert "优秀不超过15%" in response.content.decode() and "优秀不超过20%" in response.content.decode()


# --- staffing, duties, contracts ---


def test_staffing_counts_and_exports(worker: Worker, chief: Worker) -> None:
    CommunityProfile.objects.create(community_id=world.A1, since=date(2024, 1, 1), households=2000)
    client = signed_in("bureau")
    (row,) = client.get(url("staffing")).context_data["staffing"].page
    assert (row.households, row.recommended.fewest, row.workers, row.missing) == (2000, 7, 2, 5)
    for level, name in (("street", "甲街道"), ("district", "松山区")):
        (row,) = client.get(url("staffing"), {"level": level}).context_data["staffing"].page
        assert row.name == name
    book = load_workbook(BytesIO(client.get(url("staffing"), {"export": "xlsx"}).content))
    assert book.sheetnames == ["人员配备", "人员结构"]
    for sheet in book:
        page = sheet.page_setup
        assert (page.orientation, page.paperSize, page.fitToHeight) == ("landscape", 9, 0)
        assert sheet.print_title_rows == "$1:$2" and str(TODAY) in sheet["A1"].value


def test_figures_leave_as_figures(chief: Worker) -> None:
    CommitteeSeat.objects.create(worker=chief, community_id=world.A1, committee=Committee.PARTY.value, start=HIRED)
    client = signed_in("clerk-a")
    for name, heads in (("staffing", ("体系内在岗", "交叉任职率%")), ("duties", ("已培训", "已休"))):
        sheet = load_workbook(BytesIO(client.get(url(name), {"export": "xlsx"}).content)).worksheets[0]
        columns = {cell.value: cell.column for cell in sheet[2]}
        assert all(isinstance(sheet.cell(3, columns[head]).value, int | float) for head in heads), name


def test_who_lacks_training_comes_first(worker: Worker) -> None:
    response = signed_in("clerk-a").get(url("duties_year", 2025))
    (row,) = response.context_data["duties"].page
    assert not row.training.met and len(row.visits) == 12
    assert not signed_in("clerk-a").get(url("duties_year", 2025), {"state": "complete"}).context_data["duties"].rows


def test_due_contracts_show_what_renewing_asks(worker: Worker) -> None:
    add_contract(worker, TODAY + timedelta(days=35))
    response = signed_in("clerk-a").get(url("contracts"))
    assert response.context_data["counts"] == {90: 1, 60: 1, 30: 0}
    assert "2025年度合格" in response.content.decode()
    assert not signed_in("clerk-a").get(url("contracts"), {"notice": "30"}).context_data["due"].rows


# --- archives ---


def upload(client: Client, worker: Worker, content: bytes = PDF_BYTES, **given: str) -> Any:
    file = SimpleUploadedFile("x.pdf", content, content_type="application/pdf")
    data = {"do": "upload", "part": "劳动合同", "title": "a\r\nX-Evil: 1.html", "file": file, **given}
    return client.post(url("archive", worker.pk), data, follow=True)


def test_a_file_goes_in_and_comes_out_for_saving_only(worker: Worker) -> None:
    client = signed_in("clerk-a")
    assert "已上传" in upload(client, worker).content.decode()
    attachment = Attachment.objects.get()
    response = client.get(url("attachment", attachment.pk))
    assert b"".join(response.streaming_content) == PDF_BYTES
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert attachment.title == "a X-Evil: 1.html" and "X-Evil" not in response.headers
    assert client.get(f"/{attachment.file.name}").status_code == 404
    assert client.get(f"/media/{attachment.file.name}").status_code == 404


def test_each_opening_of_a_file_stays_on_record(worker: Worker, stranger: Worker) -> None:
    upload(signed_in("clerk-a"), worker, title="劳动合同书")
    key = Attachment.objects.get().pk
    assert signed_in("clerk-b").get(url("attachment", key)).status_code == 404
    assert not PrivateAccess.objects.exists()
    signed_in("leader-a").get(url("attachment", key))
    signed_in("bureau").get(url("attachment", key))
    first, second = PrivateAccess.objects.order_by("pk")
    assert [str(first.actor), str(second.actor)] == [str(User.objects.get(username=n)) for n in ("leader-a", "bureau")]
    assert first.what == second.what == f"打开{worker}的档案附件“劳动合同 劳动合同书”（编号{key}）"
    assert "劳动合同书" in signed_in("bureau").get("/workers/privateaccess/").content.decode()


@pytest.mark.parametrize(
    ("content", "given", "said"),
    [
        (b"<script>", {}, "只接受PDF"),
        (PDF_BYTES, {"part": "别的"}, "档案类别应为"),
        (PDF_BYTES, {"title": " "}, "请填写附件名称"),
    ],
)
def test_what_is_no_archive_file_is_refused(worker: Worker, content: bytes, given: dict[str, str], said: str) -> None:
    page = upload(signed_in("clerk-a"), worker, content, **given).content.decode()
    assert said in page and ("part" in given or "<option selected>劳动合同" in page)
    assert not Attachment.objects.exists()


def test_an_upload_where_no_policy_is_in_force_is_refused_with_the_region_by_name(worker: Worker) -> None:
    with using(None):
        page = upload(signed_in("clerk-a"), worker).content.decode()
    assert f"{worker.standing.street.parent.name}在{TODAY}没有施行中的政策文件" in page
    assert f"区划{world.DISTRICT}" not in page and not Attachment.objects.exists()


def test_an_archive_of_another_street_is_not_there(worker: Worker, stranger: Worker) -> None:
    upload(signed_in("clerk-b"), stranger)
    attachment = Attachment.objects.get()
    client = signed_in("clerk-a")
    for response in (
        client.get(url("archive", stranger.pk)),
        client.get(url("attachment", attachment.pk)),
        client.post(url("archive", worker.pk), {"do": "remove", "attachment": attachment.pk, "reason": "误"}),
        client.post(url("archive", stranger.pk), {"do": "upload"}),
    ):
        assert response.status_code == 404
    assert Attachment.objects.exists()


def test_only_the_street_keeps_files(worker: Worker) -> None:
    assert upload(signed_in("leader-a"), worker).status_code == 403
    upload(signed_in("clerk-a"), worker)
    key = Attachment.objects.get().pk
    remove = {"do": "remove", "attachment": key}
    client = signed_in("clerk-a")
    assert "请写明原因" in client.post(url("archive", worker.pk), remove, follow=True).content.decode()
    client.post(url("archive", worker.pk), {**remove, "reason": "传错了人"})
    assert not Attachment.objects.exists()


def test_the_organisation_department_files_secretaries(worker: Worker, chief: Worker) -> None:
    client = signed_in("organisation")
    assert client.get(url("archive", worker.pk)).status_code == 404
    client.post(url("archive", chief.pk), {"do": "file", "on": "2026-11-20", "document_no": "组〔2026〕3号"})
    assert ArchiveFiling.objects.get().filed_on == date(2026, 11, 20)
    assert (
        "不能登记档案备案"
        in (
            signed_in("clerk-a").post(url("archive", chief.pk), {"do": "file", "on": "2026-11-20"}, follow=True)
        ).content.decode()
    )


# --- secondments ---


def ask(client: Client, asked: Worker, **given: str) -> Any:
    body = {"worker": asked.pk, "body": "区文明办", "start": str(TODAY), "reason": "专项工作", **given}
    return client.post(url("secondment_request"), body, follow=True)


def test_a_request_passes_the_offices_in_order(worker: Worker) -> None:
    assert "等待依次审批" in ask(signed_in("clerk-a"), worker).content.decode()
    found = Secondment.objects.get()
    bureau = signed_in("bureau")
    assert [turn.record.secondment.pk for turn in bureau.get(url("secondments")).context_data["turns"].rows] == [
        found.pk
    ]
    page = url("secondment", found.pk)
    bureau.post(page, {"do": "approve"})
    assert "请填写批准文件的文号" in bureau.post(page, {"do": "approve"}, follow=True).content.decode()
    bureau.post(page, {"do": "approve", "document_no": "松政〔2026〕8号"})
    found.refresh_from_db()
    assert found.state == SecondmentState.APPROVED
    signed_in("clerk-a").post(page, {"do": "return", "last_day": str(TODAY)})
    found.refresh_from_db()
    assert found.returned_on == TODAY


def test_a_refusal_needs_a_reason_and_ends_the_request(worker: Worker) -> None:
    ask(signed_in("clerk-a"), worker)
    found = Secondment.objects.get()
    page, bureau = url("secondment", found.pk), signed_in("bureau")
    assert "须写明原因" in bureau.post(page, {"do": "reject"}, follow=True).content.decode()
    assert "不能审批借调" in signed_in("clerk-a").post(page, {"do": "approve"}, follow=True).content.decode()
    bureau.post(page, {"do": "reject", "reason": "人手不足"})
    found.refresh_from_db()
    assert found.state == SecondmentState.REJECTED


@pytest.mark.parametrize(
    ("given", "said"),
    [({"worker": "0"}, "请选择本街道在岗的人员"), ({"start": "昨天"}, "不是日期"), ({"reason": ""}, "请写明借调原因")],
)
def test_a_refused_request_keeps_what_was_typed(worker: Worker, given: dict[str, str], said: str) -> None:
    text = ask(signed_in("clerk-a"), worker, **given).content.decode()
    assert said in text and "区文明办" in text
    assert not Secondment.objects.exists()


def test_nobody_of_another_street_is_sent_away(worker: Worker, stranger: Worker) -> None:
    assert "请选择本街道在岗的人员" in ask(signed_in("clerk-a"), stranger).content.decode()
    ask(signed_in("clerk-b"), stranger)
    page = url("secondment", Secondment.objects.get().pk)
    client = signed_in("clerk-a")
    for response in (client.get(page), client.post(page, {"do": "return", "last_day": str(TODAY)})):
        assert response.status_code == 404
        assert CANARY not in response.content.decode()


def test_a_secretary_is_the_first_post_of_a_chief(chief: Worker) -> None:
    """What the organisation department's tests stand on."""
    assert chief.standing.position == Position.SECRETARY


def test_everything_missing_in_a_request_is_said_at_once(worker: Worker) -> None:
    page = ask(signed_in("clerk-a"), worker, worker="", body=" ", start="昨天", end="明天", reason="").content.decode()
    for told in (
        "请选择本街道在岗的人员",
        "请填写借调到哪个单位",
        "“昨天”不是日期",
        "“明天”不是日期",
        "请写明借调原因",
    ):
        assert told in page, told
    assert not Secondment.objects.exists()
