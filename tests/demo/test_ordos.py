"""The second jurisdiction of the demo, and its pages as its own people meet them: Ordos' document, no pay (O 11)."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from assessment.selectors.compliance import check_compliance
from assessment.selectors.contracts import contracts_due, on_probation
from payroll.demo.ordos import DISTRICT, STREETS, load_ordos
from payroll.models import GradeTable, PayrollRun
from payroll.services.runs import compute_runs
from songshan_cw.data.refusal import Refused
from songshan_cw.words.periods import parse
from songshan_cw.words.terms import Category
from tests.pages.visits import CANARY, signed_in
from tests.payroll import world
from tests.payroll.conftest import district, table
from tests.worlds import shared
from workers.models import Attachment, Hiring, User, Worker
from workers.selectors.absences import absences
from workers.selectors.hirings import hirings
from workers.selectors.secondments import waiting_for
from workers.selectors.serving import Roll

AT = datetime(2026, 11, 21, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = date(2026, 11, 21)
STREET = STREETS[0]
NO_TABLE = "东胜区还没有等级系数表，不能计算、发放工资"
__all__ = ["district", "table"]


@shared()
def loaded() -> None:
    with override_settings(DEBUG=True):
        load_ordos(at=AT)


@pytest.fixture
def ordos(loaded: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEBUG = True
    true_day = timezone.localdate
    monkeypatch.setattr(timezone, "localdate", lambda value=None: TODAY if value is None else true_day(value))


def url(name: str, *keys: Any) -> str:
    return reverse(f"admin:{name}", args=keys)


def shown(client: Client, name: str, *keys: Any, **query: str) -> str:
    response = client.get(url(name, *keys), query, follow=True)
    assert response.status_code == 200, name
    return str(response.content.decode())


def account(username: str) -> User:
    return User.objects.get(username=username)


def test_without_debug_it_is_refused(db: None, settings: Any) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="演示数据只能装进调试环境"):
        call_command("load_demo_ordos")
    assert not Worker.objects.exists()


def test_twice_is_the_same_as_once(ordos: None, capsys: pytest.CaptureFixture[str]) -> None:
    before = list(Worker.objects.order_by("pk").values())
    call_command("load_demo_ordos")
    assert "未改动" in capsys.readouterr().out
    assert list(Worker.objects.order_by("pk").values()) == before and len(before) == 36


def test_it_has_the_life_that_its_document_regulates(ordos: None) -> None:
    bureau = account(f"bureau-{DISTRICT}")
    outside = Worker.objects.filter(category__in=[Category.OTHER.value, Category.CIVIL_POST.value])
    assert outside.filter(note="政府购买服务岗位").exists() and outside.count() >= 3
    assert contracts_due(Roll(bureau, TODAY)) and on_probation(Roll(bureau, TODAY))
    assert [one for one in hirings(Roll(bureau, TODAY)) if one.until and one.until >= TODAY]
    reached = {row.days: row.running is not None for row in absences(Roll(bureau, TODAY)) if row.days in (15, 16)}
    assert reached == {15: False, 16: True}, "连续15个工作日没有超过，16个才超过"
    assert waiting_for(account(f"organisation-{DISTRICT}"))
    dismissal = {one.clause for one in check_compliance(day=TODAY).findings if one.rule == "8.3"}
    assert dismissal == {"23(二)", "23(七)"}
    for attachment in Attachment.objects.all():
        data = attachment.file.read()
        assert data.startswith((b"%PDF-", b"\xff\xd8\xff")) and len(data) == attachment.size
    for hiring in Hiring.objects.all():
        hiring.full_clean()


@pytest.mark.parametrize("username", [f"clerk-{STREET}", f"bureau-{DISTRICT}", "admin"])
def test_pay_is_said_to_have_no_table(ordos: None, username: str) -> None:
    client = signed_in(username)
    for name, keys in (
        ("index", ()),
        ("pay_months", ()),
        ("pay_month", ("2026-10",)),
        ("forecast", ()),
        ("budgets", ()),
    ):
        assert NO_TABLE in shown(client, name, *keys), name
    assert "这三年里没有人晋级" not in shown(client, "forecast")
    worker = Worker.objects.filter(standing__street=STREET).first()
    assert "还没有等级系数表，暂时不能推算等级" in shown(client, "person", worker.pk)
    with pytest.raises(Refused, match="没有可用的等级系数表"):
        compute_runs(month=parse("2026-10"), street_codes=[STREET], at=AT)


def test_a_clerk_who_presses_compute_is_told(ordos: None) -> None:
    response = signed_in(f"clerk-{STREET}").post(url("pay_run", "2026-10", STREET), {"action": "compute"}, follow=True)
    assert "没有可用的等级系数表，不能计发工资" in response.content.decode()
    assert not PayrollRun.objects.exists()


@pytest.mark.parametrize("username", [f"clerk-{STREET}", f"leader-{STREET}", f"bureau-{DISTRICT}"])
def test_every_page_speaks_of_its_own_document(ordos: None, username: str) -> None:
    client = signed_in(username)
    limits = shown(client, "limits")
    assert "第23条(七)" in limits and "二(四)" not in limits
    contracts = shown(client, "contracts")
    for words in ("最低服务期内", "15个工作日", "连续超过15个工作日或一年内超过30个工作日（第23条(七)）"):
        assert words in contracts
    assert "学时" in shown(client, "duties_year", 2025)
    rows = [row.record for row in client.get(url("staffing")).context_data["staffing"].rows]
    assert rows and all(row.recommended.fewest < row.recommended.most for row in rows), "每200至400户一人，是个区间"
    assert "鄂尔多斯市社区工作者管理暂行办法" in shown(client, "compare")
    for name in ("people", "assess", "secondments", "archives", "talent"):
        assert shown(client, name)
    assert "20%" in shown(client, "assess_sheet", "2025", STREET)


def test_somebody_bought_as_a_service_is_registered_only(ordos: None) -> None:
    worker = Worker.objects.filter(category=Category.OTHER.value, standing__street=STREET).first()
    text = shown(signed_in(f"clerk-{STREET}"), "person", worker.pk)
    assert "人员类别为其他人员，只登记、不计发工资" in text


def test_it_never_mixes_with_songshan(table: GradeTable, ordos: None) -> None:
    stranger = world.person(world.staff(date(2021, 3, 8)), name=CANARY)
    for username in (f"clerk-{STREET}", f"bureau-{DISTRICT}"):
        client = signed_in(username)
        for name in ("people", "limits", "contracts", "staffing", "archives", "secondments"):
            assert CANARY not in shown(client, name)
        assert client.get(url("person", stranger.pk)).status_code == 404
    mine = Worker.objects.filter(standing__street=STREET).first()
    for username in ("clerk-a", "bureau"):
        assert signed_in(username).get(url("person", mine.pk)).status_code == 404
        assert NO_TABLE not in shown(signed_in(username), "pay_months")


def test_a_file_of_the_demo_opens(ordos: None, tmp_path: Path) -> None:
    attachment = Attachment.objects.filter(content_type="application/pdf").first()
    response = signed_in(f"leader-{attachment.worker.standing.street_id}").get(url("attachment", attachment.pk))
    data = b"".join(response.streaming_content)
    table_at = int(data.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    assert data[table_at:].startswith(b"xref\n") and data.endswith(b"%%EOF")
