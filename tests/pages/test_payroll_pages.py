"""Pay pages by role and street, a month by POSTs, files, and statements that do not grow with people (rules 7, 10)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from payroll.models import GradeTable, PayLine, PayrollRun, Payslip
from payroll.services.runs import compute_runs
from payroll.services.transitions import approve_runs, submit_runs
from songshan_cw.words.periods import parse
from songshan_cw.words.terms import Component, Role, RunState
from tests import amounts
from tests.pages.visits import CANARY, HIRED, YEARS, signed_in
from tests.payroll import world
from tests.payroll.world import NOW, A, B, person, staff, user
from workers.models import PrivateAccess, User, Worker

MONTH, BEFORE = "2026-10", "2026-09"
ROLES = ("clerk-a", "leader-a", "bureau", "finance", "organisation", "admin")


def run_url(street: str = A, month: str = MONTH) -> str:
    return reverse("admin:pay_run", args=[month, street])


def press(client: Client, action: str, url: str | None = None, **given: Any) -> tuple[HttpResponse, str]:
    """The answer, and what the page said after it."""
    response = client.post(url or run_url(), {"action": action, **given})
    return response, " ".join(str(message) for message in get_messages(response.wsgi_request))


def state() -> str:
    return PayrollRun.objects.get(street=A, month=parse(MONTH)).state


def seen_on(client: Client) -> str:
    return client.get(run_url()).context_data["computation"]


def text_of(client: Client, address: str) -> str:
    return str(client.get(address).content.decode())


@pytest.mark.parametrize("username", ROLES)
@pytest.mark.parametrize(
    ("address", "refused"),
    [
        (lambda run: reverse("admin:index"), {}),
        (lambda run: reverse("admin:pay_months"), {"organisation": 403}),
        (lambda run: reverse("admin:pay_month", args=[MONTH]), {"organisation": 403, "clerk-a": 302, "leader-a": 302}),
        (lambda run: run_url(), {"organisation": 403}),
        (lambda run: run_url(B), {"organisation": 403, "clerk-a": 404, "leader-a": 404}),
        (
            lambda run: reverse("admin:pay_explain", args=[run.slips.get().pk]),
            {"organisation": 403},
        ),
        (
            lambda run: reverse("admin:pay_explain", args=[Payslip.objects.get(run__street=B, month=run.month).pk]),
            {"organisation": 403, "clerk-a": 404, "leader-a": 404},
        ),
        (
            lambda run: reverse("admin:pay_explain_month", args=[run.slips.get().worker_id, "2027-01"]),
            {"organisation": 403, "finance": 403},
        ),
        (lambda run: reverse("admin:pay_tables"), {"organisation": 403}),
        (lambda run: reverse("admin:pay_table", args=[run.table_id]), {"organisation": 403}),
        (lambda run: reverse("admin:pay_performance"), {"organisation": 403}),
        (lambda run: reverse("admin:pay_performance_year", args=[2026, A]), {"organisation": 403}),
        (
            lambda run: reverse("admin:pay_performance_year", args=[2026, B]),
            {"organisation": 403, "clerk-a": 404, "leader-a": 404},
        ),
        (lambda run: reverse("admin:waiting", args=["assessment"]), {"finance": 403}),
        (lambda run: reverse("admin:waiting", args=["nothing"]), dict.fromkeys(ROLES, 404) | {"finance": 403}),
        (lambda run: run_url(month="2026-13"), dict.fromkeys(ROLES, 404) | {"organisation": 403}),
        (lambda run: run_url(month="0000-05"), dict.fromkeys(ROLES, 404) | {"organisation": 403}),
        (lambda run: reverse("admin:pay_run_download", args=[MONTH, A, "sheet"]), {"organisation": 403}),
        (
            lambda run: reverse("admin:pay_run_download", args=[MONTH, B, "sheet"]),
            {"organisation": 403, "clerk-a": 404, "leader-a": 404},
        ),
    ],
)
def test_who_may_open_what(
    paid: PayrollRun, username: str, address: Callable[[PayrollRun], str], refused: dict[str, int]
) -> None:
    response = signed_in(username).get(address(paid))
    assert response.status_code == refused.get(username, 200)
    if response.streaming:
        response.close()
    elif username in {"clerk-a", "leader-a"}:
        assert CANARY not in response.content.decode()


def test_finance_sees_approved_runs_only(paid: PayrollRun) -> None:
    compute_runs(month=parse("2026-11"), street_codes=[A], at=NOW)
    client = signed_in("finance")
    assert client.get(run_url(month="2026-11")).status_code == 404
    assert client.get(reverse("admin:pay_month_download", args=["2026-11", "sheet"])).status_code == 404
    draft = Payslip.objects.get(run__street=A, month=parse("2026-11"))
    assert client.get(reverse("admin:pay_explain", args=[draft.pk])).status_code == 404


def test_a_month_by_pressing_buttons(worker: Worker) -> None:
    clerk, bureau = signed_in("clerk-a"), signed_in("bureau")
    assert "还没有计算" in clerk.get(run_url()).content.decode()
    _, said = press(clerk, "compute")
    assert "已计算：1人" in said and state() == RunState.DRAFT
    _, said = press(clerk, "submit", seen=seen_on(clerk))
    assert "已提交" in said and state() == RunState.SUBMITTED
    _, said = press(bureau, "return", reason="")
    assert "原因" in said and state() == RunState.SUBMITTED
    press(bureau, "return", reason="考核未录全")
    assert state() == RunState.RETURNED
    assert "考核未录全" in clerk.get(reverse("admin:index")).content.decode()
    press(clerk, "compute")
    press(clerk, "submit", seen=seen_on(clerk))
    press(bureau, "approve", seen=seen_on(bureau))
    assert state() == RunState.APPROVED
    actions = [event.action for event in PayrollRun.objects.get().events.all()]
    assert actions == ["计算", "提交", "退回", "计算", "提交", "审核通过"]


def test_pressing_twice_does_it_once(worker: Worker) -> None:
    clerk = signed_in("clerk-a")
    press(clerk, "compute")
    seen = seen_on(clerk)
    press(clerk, "submit", seen=seen)
    _, said = press(clerk, "submit", seen=seen)
    assert "待审核" in said
    assert PayrollRun.objects.get().events.filter(action="提交").count() == 1


def test_nobody_approves_figures_they_have_not_seen(worker: Worker) -> None:
    clerk, bureau = signed_in("clerk-a"), signed_in("bureau")
    press(clerk, "compute")
    press(clerk, "submit", seen=seen_on(clerk))
    old = seen_on(bureau)
    press(bureau, "return", reason="核对")
    press(clerk, "compute")
    press(clerk, "submit", seen=seen_on(clerk))
    _, said = press(bureau, "approve", seen=old)
    assert "重新计算过" in said and state() == RunState.SUBMITTED


def test_what_cannot_be_taken_back_says_so_first(worker: Worker) -> None:
    clerk, bureau = signed_in("clerk-a"), signed_in("bureau")
    press(clerk, "compute")
    page = text_of(clerk, run_url())
    assert 'data-confirm="提交甲街道2026年10月工资：1人' in page and "songshan/confirm.js" in page
    press(clerk, "submit", seen=seen_on(clerk))
    for address in (run_url(), reverse("admin:pay_month", args=[MONTH])):
        assert 'data-confirm="审核通过' in text_of(bureau, address)


@pytest.mark.parametrize(
    ("username", "action"),
    [
        ("leader-a", "compute"),
        ("finance", "compute"),
        ("leader-a", "submit"),
        ("bureau", "submit"),
        ("clerk-a", "approve"),
        ("admin", "approve"),
        ("clerk-a", "return"),
    ],
)
def test_a_forged_button_moves_nothing(worker: Worker, username: str, action: str) -> None:
    compute_runs(month=parse(MONTH), street_codes=[A], at=NOW)
    if action in {"approve", "return"}:
        submit_runs(month=parse(MONTH), street_codes=[A], actor=user("clerk-a"), at=NOW)
    before = PayrollRun.objects.values().get()
    press(signed_in(username), action, reason="试试")
    assert PayrollRun.objects.values().get() == before


def test_another_street_cannot_be_pressed(paid: PayrollRun) -> None:
    clerk = signed_in("clerk-a")
    response, _ = press(clerk, "compute", run_url(B, "2026-11"))
    assert response.status_code == 404
    assert not PayrollRun.objects.filter(month=parse("2026-11")).exists()


def test_the_bureau_moves_several_streets_at_once(worker: Worker, stranger: Worker) -> None:
    bureau, url = signed_in("bureau"), reverse("admin:pay_month", args=[MONTH])
    press(bureau, "compute", url)
    for code, name in ((A, "clerk-a"), (B, "clerk-b")):
        submit_runs(month=parse(MONTH), street_codes=[code], actor=user(name), at=NOW)
    _, said = press(bureau, "approve", url)
    assert "勾选" in said
    runs = PayrollRun.objects.filter(month=parse(MONTH))
    seen = {f"seen-{run.street_id}": run.computed_at.isoformat() for run in runs}
    _, said = press(bureau, "approve", url, street=[A, B], **seen)
    assert "须先复核" in said, "both have the same card"
    press(bureau, "", reverse("admin:pay_review", args=[MONTH]), kind="与他人资料相同")
    press(bureau, "approve", url, street=[A, B], **seen)
    assert set(runs.values_list("state", flat=True)) == {RunState.APPROVED.value}


def test_computing_together_leaves_returned_runs_alone(worker: Worker, stranger: Worker) -> None:
    bureau, url, month = signed_in("bureau"), reverse("admin:pay_month", args=[MONTH]), parse(MONTH)
    compute_runs(month=month, at=NOW)
    submit_runs(month=month, street_codes=[A], actor=user("clerk-a"), at=NOW)
    press(bureau, "return", reason="考核未录")
    assert "已计算1个街道" in press(bureau, "compute", url)[1]
    assert state() == RunState.RETURNED and "考核未录" in text_of(signed_in("clerk-a"), "/")
    assert "已退回的除外" in text_of(bureau, url)
    submit_runs(month=month, street_codes=[B], actor=user("clerk-b"), at=NOW)
    assert 'value="compute"' not in text_of(bureau, url)
    assert "没有可计算" in press(bureau, "compute", url)[1]


def test_why_it_was_returned_stays_in_sight_until_it_is_submitted_again(worker: Worker) -> None:
    clerk, bureau = signed_in("clerk-a"), signed_in("bureau")
    press(clerk, "compute")
    press(clerk, "submit", seen=seen_on(clerk))
    press(bureau, "return", reason="考核未录")
    press(clerk, "compute")
    for address in ("/", run_url()):
        assert all(word in text_of(clerk, address) for word in ("曾被退回", "考核未录"))
    press(clerk, "submit", seen=seen_on(clerk))
    assert "曾被退回" not in text_of(clerk, "/") + text_of(clerk, run_url())


def test_earlier_months_not_approved_are_named_before_anything_is_pressed(worker: Worker, stranger: Worker) -> None:
    clerk, bureau, url = signed_in("clerk-a"), signed_in("bureau"), reverse("admin:pay_month", args=[MONTH])
    early = run_url(month="2026-06")
    world.pay_month("2026-06", A)
    assert "还没有审核" not in text_of(clerk, early) + text_of(clerk, run_url(month="2026-07"))
    world.pay_month("2026-08", A)
    compute_runs(month=parse(BEFORE), street_codes=[A], at=NOW)
    told = "2026年7月、2026年9月"
    assert told in text_of(clerk, run_url()) and told in text_of(bureau, url)
    compute_runs(month=parse(MONTH), street_codes=[A, B], at=NOW)
    assert told in text_of(clerk, run_url()) and "1个街道以前月份还没有审核" in text_of(bureau, url)
    submit_runs(month=parse(MONTH), street_codes=[A], actor=user("clerk-a"), at=NOW)
    assert told in text_of(bureau, run_url()) and "还没有审核" not in text_of(bureau, run_url(B))
    approve_runs(review_all=True, month=parse(MONTH), street_codes=[A], actor=user("bureau"), at=NOW)
    assert told not in text_of(bureau, run_url()) + text_of(bureau, url)


def test_a_month_to_come_is_said_to_be_one(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payroll.pages.payroll.timezone.localdate", lambda: date(2026, 9, 30))
    clerk, bureau, url = signed_in("clerk-a"), signed_in("bureau"), reverse("admin:pay_month", args=[MONTH])
    assert "2026年10月还没有到" in text_of(clerk, run_url()) and "2026年10月还没有到" in text_of(bureau, url)
    press(clerk, "compute")
    assert "2026年10月还没有到" in text_of(clerk, run_url())
    assert "还没有到" not in text_of(clerk, run_url(month=BEFORE))


def test_changes_are_named_and_the_unexplained_stand_apart(worker: Worker) -> None:
    world.pay_month(BEFORE, A)
    world.add_facts(worker, {"certificates": [{"date": date(2026, 9, 9), "level": "社会工作师"}]})
    person(staff(date(2026, 10, 8)), name="李新来")
    compute_runs(month=parse(MONTH), street_codes=[A], at=NOW)
    page = signed_in("clerk-a").get(run_url())
    causes = {one.cause: one.people for one in page.context_data["causes"]}
    assert causes == {"证书": 1, "新聘": 1}
    assert page.context_data["unexplained"].rows == []
    lines = PayLine.objects.filter(payslip__run__month=parse(MONTH), for_month=parse(MONTH), worker=worker)
    lines.filter(component=Component.BASE.value).update(amount=Decimal("9000.00"))
    [odd] = signed_in("clerk-a").get(run_url()).context_data["unexplained"].page
    assert odd.name == "张三丰"


def test_without_a_table_nothing_offers_to_compute(district: None) -> None:
    person(staff(HIRED))
    clerk, bureau = signed_in("clerk-a"), signed_in("bureau")
    home = text_of(clerk, "/")
    assert "没有等级系数表，不能计算工资" in home and "去计算" not in home and "还没有计算" not in home
    page = text_of(clerk, run_url())
    assert "没有等级系数表，不能计算工资" in page and 'value="compute"' not in page and "还没有计算" not in page
    assert 'value="compute"' not in text_of(bureau, reverse("admin:pay_month", args=[MONTH]))


def test_a_trial_is_marked_and_offers_no_approval(district: None, tmp_path: Any) -> None:
    world.bring_table(tmp_path / "sample", confirmed=False)
    person(staff(HIRED))
    compute_runs(month=parse(MONTH), street_codes=[A], at=NOW)
    submit_runs(month=parse(MONTH), street_codes=[A], actor=user("clerk-a"), at=NOW)
    page = signed_in("bureau").get(run_url())
    assert "不得据此发放" in page.content.decode()
    assert not page.context_data["may_approve"] and page.context_data["may_return"]


@pytest.mark.parametrize("kind", ["sheet", "payslips", "print", "bank"])
def test_files_are_masked_and_whole_only_for_a_purpose(paid: PayrollRun, kind: str) -> None:
    url = reverse("admin:pay_run_download", args=[MONTH, A, kind])
    clerk = signed_in("clerk-a")
    assert len(body(clerk.get(url))) > 500
    response, said = press(clerk, "", url, purpose="报送银行")
    assert response.status_code == 302 and "没有查看完整" in said
    User.objects.filter(username="clerk-a").update(sees_private=True)
    response, said = press(clerk, "", url)
    assert response.status_code == 302 and "用途" in said
    assert not PrivateAccess.objects.exists()
    response, _ = press(clerk, "", url, purpose="报送银行")
    assert len(body(response)) > 500
    access = PrivateAccess.objects.get()
    assert (access.actor, access.purpose, access.people) == (user("clerk-a"), "报送银行", 1)


def body(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_the_csv_holds_whole_numbers_and_needs_the_right(paid: PayrollRun) -> None:
    clerk, url = signed_in("clerk-a"), reverse("admin:pay_run_download", args=[MONTH, A, "csv"])
    assert clerk.get(url).status_code == 302
    number = Worker.objects.get(name="张三丰").id_number
    assert number not in body(clerk.get(reverse("admin:pay_run_download", args=[MONTH, A, "print"]))).decode()
    User.objects.filter(username="clerk-a").update(sees_private=True)
    response, _ = press(clerk, "", url, purpose="核对")
    text = body(response).decode()
    assert number in text and CANARY not in text


def test_the_register_names_only_what_one_may_see(paid: PayrollRun) -> None:
    url = reverse("admin:pay_month_download", args=[MONTH, "register"])
    assert body(signed_in("bureau").get(url))
    assert signed_in("bureau").get(reverse("admin:pay_month_download", args=[MONTH, "nothing"])).status_code == 404
    assert signed_in("bureau").get(reverse("admin:pay_month_download", args=["2026-01", "sheet"])).status_code == 404


def test_whoever_left_the_street_keeps_only_the_slip_there(worker: Worker) -> None:
    """The old street reads what it paid; the person's present facts are the new street's."""
    world.pay_month(MONTH, A)
    world.PostAssignment.objects.create(
        worker=worker, start=date(2026, 11, 2), community_id=world.B1, post="工作人员", position="社区工作者"
    )
    world.add_facts(worker, {"certificates": [{"date": date(2026, 11, 9), "level": "社会工作师"}]})
    slip = Payslip.objects.get(worker=worker)
    page = signed_in("clerk-a").get(reverse("admin:pay_explain", args=[slip.pk]))
    assert page.status_code == 200 and "社会工作师证书" not in page.content.decode()
    assert signed_in("clerk-a").get(reverse("admin:pay_explain_month", args=[worker.pk, MONTH])).status_code == 404
    assert "社会工作师证书" in signed_in("bureau").get(reverse("admin:pay_explain", args=[slip.pk])).content.decode()


def test_a_slip_in_the_register_reads_like_paper(worker: Worker) -> None:
    world.pay_month(MONTH, A)
    slip = Payslip.objects.get(worker=worker)
    page = text_of(signed_in("clerk-a"), reverse("admin:payroll_payslip_change", args=[slip.pk]))
    assert reverse("admin:pay_explain", args=[slip.pk]) in page and "[[" not in page and slip.policy_version not in page
    assert "《松山区社区工作者职业体系建设实施方案（试行）》" in page and f">{slip.coefficient:.2f}<" in page


def test_an_explanation_adds_up_to_what_is_due(worker: Worker) -> None:
    world.pay_month(BEFORE, A)
    certificates = [{"date": date(2026, 8, 9), "level": "社会工作师"}]
    world.add_facts(worker, {"certificates": certificates, "placements": [{"month": BEFORE, "credited_months": 240}]})
    compute_runs(month=parse(MONTH), street_codes=[A], at=NOW)
    slip = Payslip.objects.get(run__month=parse(MONTH))
    page = signed_in("clerk-a").get(reverse("admin:pay_explain", args=[slip.pk])).content.decode()
    sums = page[page.index("金额怎么算") : page.index("等级怎么定")]
    base, arrears = (amounts.of(slip, name) for name in ("base_pay", "arrears"))
    for amount in (f"{base:,.2f}", "300.00", f"+{arrears:,.2f}", f"{slip.gross_pay:,.2f}"):
        assert f'<td class="n">{amount}</td>' in sums
    accrued = slip.lines.get(for_month=parse(BEFORE), component="绩效计提").amount
    carried = page[page.index("合计，计入应发") : page.index("本月台账")]
    assert f"+{arrears:,.2f}" in carried and f"+{accrued:,.2f}" in carried
    ahead = signed_in("clerk-a").get(reverse("admin:pay_explain_month", args=[worker.pk, "2027-01"]))
    ((_, gross),) = ahead.context_data["sums"]
    shown = [row.record for row in ahead.context_data["amounts"].rows]
    parts = [amount for column, amount, one in shown if one and column.paid_monthly]
    assert gross == sum(parts)


@pytest.mark.parametrize("username", ["clerk-a", "bureau"])
@pytest.mark.parametrize("name", ["index", "pay_months", "pay_run", "waiting", "pay_performance_year", "pay_table"])
def test_statements_do_not_grow_with_people(town: GradeTable, tmp_path: Any, username: str, name: str) -> None:
    if name == "pay_table":
        town = world.bring_table(tmp_path / "next", confirmed=False, base="45000.00")
    arguments: dict[str, list[Any]] = {
        "pay_run": [MONTH, A],
        "waiting": ["assessment"],
        "pay_performance_year": [2026, A],
        "pay_table": [town.pk],
    }
    url, client = reverse(f"admin:{name}", args=arguments.get(name, [])), signed_in(username)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    few_people(3)
    world.pay_month(BEFORE, A)
    few_people(1)  # somebody comes, as they do in the many
    compute_runs(month=parse(MONTH), street_codes=[A], at=NOW)
    statements()
    few = statements()
    few_people(40)
    world.pay_month(MONTH, A)
    statements()  # the year's pay is added up once after each approval
    assert statements() == few


def few_people(number: int) -> None:
    """More people: some with a change between the months, some without assessments."""
    certificate = [{"date": date(2026, 9, 9), "level": "社会工作师"}]
    for _ in range(number):
        person(staff(HIRED, assessments={**YEARS, 2026: "合格"}, certificates=certificate))
        person(staff(HIRED))


def test_every_role_has_its_own_start(paid: PayrollRun) -> None:
    words = {
        Role.CLERK: "最近几个月",
        Role.BUREAU: "等待审核",
        Role.FINANCE: "已审核的工资",
        Role.ORGANISATION: "社区党组织书记",
        Role.ADMINISTRATOR: "最近的导入",
    }
    for role, word in words.items():
        name = User.objects.filter(role=role.value).order_by("username").values_list("username", flat=True)[0]
        assert word in signed_in(name).get(reverse("admin:index")).content.decode()


def test_a_returned_run_is_computed_again_before_it_goes_up(worker: Worker) -> None:
    clerk, bureau = signed_in("clerk-a"), signed_in("bureau")
    press(clerk, "compute")
    press(clerk, "submit", seen=seen_on(clerk))
    press(bureau, "return", reason="考核未录全")
    page = clerk.get(run_url()).context_data
    assert page["may_compute"] and page["to_mend"] and not page["may_submit"]
