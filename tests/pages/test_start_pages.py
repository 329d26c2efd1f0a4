"""What waits for whom: each number counts the right people and leads to them (rules 8.2, 9.2, 10)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from assessment.selectors.share import share_of, shares_of
from payroll.models import GradeTable
from payroll.selectors import overview
from payroll.selectors.figures import figures_of, portrait
from payroll.selectors.people import Missing, Wanted, people
from payroll.selectors.waiting import Waits, people_in_service, people_waiting
from songshan_cw.site import charts
from songshan_cw.site.charts import Point
from songshan_cw.words.periods import parse
from tests.pages.visits import CANARY, HIRED, TODAY, YEARS, signed_in
from tests.payroll import world
from tests.payroll.world import person, staff, user
from workers.models import Contract, Worker
from workers.rules.identity import birth_date
from workers.services.standing import refresh_standing


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    for module in ("start", "payroll", "tables"):
        monkeypatch.setattr(f"payroll.pages.{module}.timezone.localdate", lambda: TODAY)
    return TODAY


def with_contract(days: int, **more: Any) -> Worker:
    worker = person(staff(HIRED, assessments=YEARS))
    end = TODAY + timedelta(days)
    Contract.objects.create(worker=worker, start=HIRED, end=end, **more)
    refresh_standing([worker.pk])
    return worker


def found(kind: Waits, username: str = "clerk-a") -> set[str]:
    return {worker.name for worker in people_waiting(user(username), kind, TODAY)}


def test_contracts_fall_into_their_bands(town: GradeTable) -> None:
    bands = {
        Waits.EXPIRED: (-400, -1),
        Waits.CONTRACT_30: (0, 30),
        Waits.CONTRACT_60: (31, 60),
        Waits.CONTRACT_90: (61, 90),
    }
    names = {kind: {with_contract(days).name for days in ends} for kind, ends in bands.items()}
    with_contract(91)
    assert {kind: found(kind) for kind in bands} == names


def test_missing_things_are_found_and_people_gone_are_not(town: GradeTable, stranger: Worker) -> None:
    lacking = person(staff(HIRED, assessments={2022: "合格"}), name="缺考核")
    person(staff(HIRED, assessments=YEARS), name="齐全")
    person(staff(HIRED, left=date(2024, 5, 1)), name="早已离职")
    person(staff(date(2026, 2, 1)), name="今年新聘")
    person(staff(HIRED, category="退休人员"), name="方案之外")
    person(staff(HIRED, gaps=[{"from": date(2024, 6, 1)}]), name="全年中断")
    person(staff(HIRED, left=date(2025, 1, 25)), name="次年离职")
    assert found(Waits.ASSESSMENT) == {"缺考核"}
    for asked in (Wanted(), Wanted(street=world.A), Wanted(serving="在岗")):
        wanted = replace(asked, missing=Missing.ASSESSMENT)
        listed = people(user=user("clerk-a"), wanted=wanted, today=TODAY)
        assert {row.worker.name for row in listed} == {"缺考核"}, "首页和名单是同一些人"
    Worker.objects.filter(pk=lacking.pk).update(bank_account="")
    assert found(Waits.ACCOUNT) == {"缺考核"}
    with_contract(700, probation_end=TODAY + timedelta(9))
    assert len(found(Waits.PROBATION)) == 1
    assert CANARY not in found(Waits.ASSESSMENT, "bureau")


def test_a_number_leads_to_its_people(worker: Worker, stranger: Worker, today: date) -> None:
    Worker.objects.update(bank_account="")
    start = signed_in("clerk-a").get(reverse("admin:index"))
    [account] = [one for one in start.context_data["waiting"] if one.title == "缺银行卡号"]
    assert account.count == 1
    page = signed_in("clerk-a").get(account.href).content.decode()
    assert reverse("admin:person", args=[worker.pk]) in page and CANARY not in page
    assert CANARY in signed_in("bureau").get(account.href).content.decode()


def test_the_share_of_excellent_is_counted_by_street(town: GradeTable) -> None:
    for number in range(8):
        person(staff(HIRED, assessments={**YEARS, 2025: "优秀" if number < 2 else "合格"}))
    person(staff(HIRED, assessments=YEARS), community=world.B1)
    shares = shares_of([world.A, world.B], 2025)
    assert shares == {code: share_of(code, 2025).share for code in (world.A, world.B)}
    first, second = shares[world.A], shares[world.B]
    assert (first.headcount, first.limit, first.used, first.over) == (8, 1, 2, 1)
    assert (second.headcount, second.used) == (1, 0)
    assert list(figures_of(user("clerk-a"), TODAY, world.NOW).shares) == [world.A]


def test_ages_follow_the_id_number(worker: Worker) -> None:
    """The fortieth birthday itself is the first day in the next band."""
    born = birth_date(worker.id_number)
    fortieth = born.replace(year=born.year + 40)
    people = people_in_service(user("clerk-a"), TODAY)
    assert dict(portrait(people, fortieth - timedelta(days=1)).ages)["30–39岁"] == 1
    assert dict(portrait(people, fortieth).ages)["40–49岁"] == 1


def test_a_month_far_ahead_does_not_become_the_present_one() -> None:
    current = parse("2026-11")
    assert overview.month_of_work(TODAY, None) == current
    assert overview.month_of_work(TODAY, parse("2026-10")) == current
    assert overview.month_of_work(TODAY, parse("2026-12")) == current + 1
    assert overview.month_of_work(TODAY, parse("2031-01")) == current + 1


def test_a_chart_draws_every_number_within_its_frame() -> None:
    points = [Point("甲", 0, "0"), Point("乙", 1, "1"), Point("丙", 999, "999", limit=500)]
    for chart in (charts.bars("图", ("名称", "数"), points), charts.columns("图", ("名称", "数"), points)):
        nothing, least, most = (mark.width if not chart.upright else mark.height for mark in chart.marks)
        assert nothing == 0 < least < most
        assert all(mark.x + mark.width <= chart.width and mark.y + mark.height <= chart.height for mark in chart.marks)
        assert [mark.over for mark in chart.marks] == [False, False, True]
        assert chart.points == tuple(points)
    assert charts.bars("空", ("名称", "数"), []).marks == ()


def test_every_chart_has_its_table(worker: Worker, today: date) -> None:
    world.pay_month("2026-10")
    page = signed_in("bureau").get(reverse("admin:index"))
    body = page.content.decode()
    assert body.count("<svg viewBox") == body.count("看表格") == len(page.context_data["charts"]) > 4
    assert body.count("<script>") == 0
