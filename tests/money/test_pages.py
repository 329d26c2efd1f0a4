"""The pages of money beyond the month: role, street, states, figures, and a fixed number of statements."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from payroll.models import Budget, BudgetBasis, DisposableIncome, GradeTable
from songshan_cw.words.terms import Role, RunState
from tests.pages.visits import CANARY, signed_in
from tests.payroll import world
from tests.payroll.world import DISTRICT, NOW, A, B, person, staff, user
from workers.models import User

YEARS = dict.fromkeys((2023, 2024, 2025), "合格")
PAGE = f"/budget/2027/{A}/"


@pytest.fixture(autouse=True)
def town(table: GradeTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payroll.pages.money.timezone.localdate", lambda: date(2026, 11, 21))
    User.objects.create(username="finance", role=Role.FINANCE.value, region_id=DISTRICT)
    User.objects.create(username="organisation", role=Role.ORGANISATION.value, region_id=DISTRICT)
    person(staff(date(2023, 1, 5), assessments=YEARS), name="将晋级")
    person(staff(date(2023, 1, 5), assessments=YEARS), name=CANARY, community=world.B1)


def body(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return str(response.content.decode())


def press(client: Client, action: str, **given: Any) -> str:
    """The messages after pressing a button of the budget's page."""
    response = client.post(PAGE, {"action": action, **given}, follow=True)
    return "；".join(str(message) for message in response.context["messages"])


def basis() -> Any:
    fields = {"insurance_rate": "25.50", "training_per_head": "1,500"}
    return signed_in("bureau").post("/budget/?year=2027", fields, follow=True)


def test_from_the_basis_to_approval(town: None) -> None:
    clerk, bureau = signed_in("clerk-a"), signed_in("bureau")
    assert "还没有录入" in body(clerk, PAGE) and 'value="compute"' not in body(clerk, PAGE)
    assert "测算依据已保存" in basis().content.decode()
    assert BudgetBasis.objects.get().training_per_head == Decimal(1500)
    assert "请核对后提交" in press(clerk, "compute")
    shown = body(clerk, PAGE)
    assert "39,690.00" in shown and "2027年12月" in shown and "将晋级" not in shown
    assert 'data-confirm="提交甲街道2027年经费预算' in shown
    assert "已提交民政局审核" in press(clerk, "submit")
    assert PAGE in body(bureau, "/"), "首页列出等待审核的预算"
    assert 'data-confirm="审核通过甲街道2027年经费预算' in body(bureau, PAGE) and 'value="approve"' not in body(
        clerk, PAGE
    )
    assert "已审核通过" in press(bureau, "approve")
    assert Budget.objects.get().state == RunState.APPROVED
    assert "39,690.00" in body(signed_in("finance"), PAGE)


def test_returned_is_shown_with_its_reason(town: None) -> None:
    basis()
    clerk, bureau = signed_in("clerk-a"), signed_in("bureau")
    press(clerk, "compute")
    press(clerk, "submit")
    assert "必须写明原因" in press(bureau, "return", reason=" ")
    assert "已退回街道" in press(bureau, "return", reason="请补测新聘人员")
    assert "请补测新聘人员" in body(clerk, PAGE)


def test_what_was_computed_anew_is_not_moved(town: None) -> None:
    basis()
    clerk = signed_in("clerk-a")
    press(clerk, "compute")
    assert "重新测算过" in press(clerk, "submit", seen=NOW.isoformat())
    assert "没有选择" in press(clerk, "anything")
    assert Budget.objects.get().state == RunState.DRAFT


def test_nobody_acts_beyond_their_role(town: None) -> None:
    basis()
    for name in ("leader-a", "bureau", "finance", "admin"):
        assert "不能测算" in press(signed_in(name), "compute")
    response = signed_in("clerk-a").post("/budget/", {"insurance_rate": "1", "training_per_head": "1"}, follow=True)
    assert "民政局" in response.content.decode() and BudgetBasis.objects.get().insurance_rate == Decimal("25.50")
    assert not Budget.objects.exists()


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("/budget/", "clerk-a leader-a bureau finance admin"),
        (PAGE, "clerk-a leader-a bureau finance admin"),
        ("/forecast/", "clerk-a leader-a bureau admin"),
        ("/income/", "bureau finance admin"),
    ],
)
def test_pages_open_by_role(town: None, address: str, may: str) -> None:
    for name in ("clerk-a", "leader-a", "bureau", "finance", "organisation", "admin"):
        wanted = 200 if name in may.split() else 403
        assert signed_in(name).get(address).status_code == wanted, name


def test_another_street_is_not_there(town: None) -> None:
    clerk = signed_in("clerk-a")
    for address in (f"/budget/2027/{B}/", f"/budget/2027/{B}/sheet/", "/budget/1200/150404001/", "/budget/?year=abc"):
        assert clerk.get(address).status_code == 404, address
    forecast = body(clerk, f"/forecast/?street={B}")
    assert "将晋级" in forecast and CANARY not in forecast and "乙街道" not in forecast


def test_the_forecast_by_street(town: None) -> None:
    bureau = signed_in("bureau")
    assert CANARY in body(bureau, "/forecast/") and "350.00" in body(bureau, "/forecast/")
    assert CANARY not in body(bureau, f"/forecast/?street={A}").partition('id="people"')[2]


def test_the_workbook_comes_down(town: None) -> None:
    basis()
    clerk = signed_in("clerk-a")
    assert clerk.get(f"{PAGE}sheet/").status_code == 404
    press(clerk, "compute")
    for address in (f"{PAGE}sheet/", "/budget/2027/sheet/"):
        response = clerk.get(address)
        assert b"".join(response.streaming_content)[:2] == b"PK", address  # type: ignore[attr-defined]
    assert signed_in("finance").get("/budget/2027/sheet/").status_code == 404


def test_the_income_figure_is_entered_and_warns(town: None) -> None:
    bureau = signed_in("bureau")
    said = bureau.post("/income/", {"year": "2025", "amount": "4万"}, follow=True).content.decode()
    assert "应填数字" in said and not DisposableIncome.objects.exists()
    said = bureau.post("/income/", {"year": "2025", "amount": "48,850.00"}, follow=True).content.decode()
    assert "已保存" in said and "48,850.00" in said
    assert "不能比较" in said, "还没有满年"
    assert signed_in("finance").post("/income/", {"year": "2024", "amount": "1"}).status_code == 302
    assert DisposableIncome.objects.get().entered_by == user("bureau")


def test_below_the_floor_warns_on_the_start_page(town: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payroll.pages.start.timezone.localdate", lambda: date(2026, 11, 21))
    for number in range(1, 13):
        world.pay_month(f"2025-{number:02d}", A)
    bureau = signed_in("bureau")
    assert "低于上一年度" not in body(bureau, "/")
    bureau.post("/income/", {"year": "2024", "amount": "48850"})
    assert "2025年平均待遇42,000.00元，低于上一年度城镇居民人均可支配收入48,850.00元" in body(bureau, "/")
    assert "−6,850.00" in body(bureau, "/income/")


def test_statements_do_not_grow_with_people(town: None, django_assert_max_num_queries: Any) -> None:
    basis()
    press(signed_in("clerk-a"), "compute")
    for _ in range(30):
        person(staff(date(2023, 1, 5), assessments=YEARS))
    clerk = signed_in("clerk-a")
    for address in ("/budget/", PAGE, "/forecast/"):
        with django_assert_max_num_queries(24):
            assert clerk.get(address).status_code == 200


def test_a_refused_entry_keeps_what_was_typed(town: None) -> None:
    bureau = signed_in("bureau")
    page = bureau.post("/income/", {"year": "2024", "amount": "4万"}).content.decode()
    assert 'value="4万"' in page and 'value="2024"' in page and "应填数字" in page
    page = bureau.post("/budget/", {"insurance_rate": "三成", "training_per_head": "1200"}).content.decode()
    assert 'value="三成"' in page and 'value="1200"' in page and not BudgetBasis.objects.exists()
