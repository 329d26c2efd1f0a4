"""Guided actions: what is shown beforehand is what is paid afterwards, and nothing is written in between."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from payroll.models import PayLine, Payslip
from payroll.selectors.preview import preview
from payroll.services.runs import compute_runs
from payroll.services.transitions import submit_runs
from songshan_cw.data.refusal import Refused
from songshan_cw.words import periods
from songshan_cw.words.terms import Education, Post
from tests import amounts
from tests.pages.visits import HIRED, TODAY, YEARS, act, confirm, signed_in
from tests.payroll import world
from workers.models import (
    CategoryRecord,
    Certificate,
    Change,
    Contract,
    EducationRecord,
    Exit,
    Hiring,
    Placement,
    PostAssignment,
    ServiceGap,
    Worker,
)
from workers.services import record_fact
from workers.services.amendment import Entry, amend_person
from workers.services.standing import refresh_standing

NAMES = ("base_pay", "allowance", "performance_accrual")

pytestmark = pytest.mark.usefixtures("clock")

MOVES: dict[str, tuple[dict[str, Any], Callable[[Worker], Any]]] = {
    "post": (
        {"start": "2026-09-10", "community": world.A2, "position": "党组织书记", "dual": "on"},
        lambda worker: PostAssignment(
            worker=worker,
            start=date(2026, 9, 10),
            community_id=world.A2,
            post=Post.CHIEF.value,
            position="党组织书记",
            dual=True,
        ),
    ),
    "category": (
        {"start": "2026-09-10", "category": "退休人员", "document_no": "退〔2026〕1号"},
        lambda worker: CategoryRecord(worker=worker, start=date(2026, 9, 10), category="退休人员"),
    ),
    "degree": (
        {"level": "硕士研究生", "earned_on": "2026-08-31"},
        lambda worker: EducationRecord(worker=worker, level=Education.MASTER.value, earned_on=date(2026, 8, 31)),
    ),
    "certificate": (
        {"level": "社会工作师", "approved_on": "2026-07-01"},
        lambda worker: Certificate(worker=worker, level="社会工作师", approved_on=date(2026, 7, 1)),
    ),
    "gap": (
        {"first_day": "2026-08-20", "last_day": "2026-10-05", "reason": "脱产学习"},
        lambda worker: ServiceGap(
            worker=worker, first_day=date(2026, 8, 20), last_day=date(2026, 10, 5), reason="脱产学习"
        ),
    ),
    "placement": (
        {"month": "2026-09", "credited_months": "125", "document_no": "核〔2026〕1号"},
        lambda worker: Placement(worker=worker, month=periods.month(2026, 9), credited_months=125),
    ),
    "exit": (
        {"left_on": "2026-09-15", "reason": "自动辞职"},
        lambda worker: Exit(worker=worker, left_on=date(2026, 9, 15), reason="自动辞职"),
    ),
}


@pytest.mark.parametrize("kind", MOVES)
def test_what_is_previewed_is_what_the_next_runs_pay(worker: Worker, kind: str) -> None:
    """Months closed before the record: arrears as foretold; months after it: the slip as foretold."""
    for month in ("2026-08", "2026-09", "2026-10"):
        world.pay_month(month)
    found = preview(worker=worker, record=MOVES[kind][1](worker), today=TODAY)
    response = confirm(signed_in("clerk-a"), worker, kind, **MOVES[kind][0])
    assert response.status_code == 302, response.content.decode()
    assert periods.label(found.carried_by) == "2026-11"

    compute_runs(month=periods.month(2026, 11), street_codes=[world.A], at=world.NOW)
    slip = Payslip.objects.filter(worker=worker, month=periods.month(2026, 11)).first()
    paid = amounts.of(slip, "arrears") if slip else Decimal(0)
    assert paid == found.arrears_cash
    lines = PayLine.objects.filter(payslip=slip, for_month__lt=periods.month(2026, 11))
    carried = {(line.for_month, line.component): line.amount for line in lines}
    assert carried == {(line.for_month, line.component): line.amount for line in found.arrears}
    assert found.stretches and _pay_of(slip) == _foretold(found, periods.month(2026, 11), slip)


def _pay_of(slip: Payslip | None) -> tuple[Any, ...] | None:
    if slip is None or slip.grade is None:
        return None
    return slip.grade, slip.step, *(amounts.of(slip, name) for name in NAMES)


def _foretold(found: Any, month: int, slip: Payslip | None) -> tuple[Any, ...] | None:
    """The preview's new side for a month, or the slip itself where the preview says nothing changes then."""
    for one in found.stretches:
        if one.first <= month and (one.last is None or month <= one.last):
            due = one.after
            if not hasattr(due, "grade"):
                return None
            return due.grade, due.step, *(amount for _, amount in due.parts)
    return _pay_of(slip)


@pytest.mark.parametrize("kind", MOVES)
def test_a_preview_writes_nothing(worker: Worker, kind: str) -> None:
    world.pay_month("2026-10")
    client = signed_in("clerk-a")
    client.get(reverse("admin:people"))
    with CaptureQueriesContext(connection) as queries:
        response = act(client, worker, kind, "preview", **MOVES[kind][0])
    assert response.context_data.get("found") is not None
    written = [one["sql"] for one in queries if one["sql"].split(" ", 1)[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert written == []


def test_a_changed_file_is_told_and_nothing_is_saved(worker: Worker) -> None:
    client, given = signed_in("clerk-a"), MOVES["degree"][0]
    seen = act(client, worker, "degree", "preview", **given).context_data["found"].fingerprint
    amend_person(
        actor=world.user("clerk-a"),
        worker=worker,
        saved=[Entry(Placement(worker=worker, month=periods.month(2026, 9), credited_months=90))],
        at=world.NOW,
    )
    response = act(client, worker, "degree", "confirm", seen=seen, **given)
    assert response.status_code == 200 and "有了变动" in response.content.decode()
    assert not worker.educationrecords.exists()
    again = act(client, worker, "degree", "confirm", seen=response.context_data["found"].fingerprint, **given)
    assert again.status_code == 302 and worker.educationrecords.count() == 1


def test_confirming_twice_records_once(worker: Worker) -> None:
    client, given = signed_in("clerk-a"), MOVES["certificate"][0]
    seen = act(client, worker, "certificate", "preview", **given).context_data["found"].fingerprint
    act(client, worker, "certificate", "confirm", seen=seen, **given)
    again = act(client, worker, "certificate", "confirm", seen=seen, **given)
    assert again.status_code == 200
    assert worker.certificates.count() == 1 and Change.objects.filter(worker=worker).count() == 1


def test_a_contradiction_stays_on_the_form(worker: Worker) -> None:
    response = act(signed_in("clerk-a"), worker, "exit", "preview", left_on="2020-01-31", reason="自动辞职")
    assert "早于参加社区工作时间" in response.content.decode()
    assert not Exit.objects.exists()


@pytest.mark.parametrize(("field", "value"), [("earned_on", "1802-01-01"), ("earned_on", "明天"), ("level", "院士")])
def test_nonsense_is_refused_at_its_field(worker: Worker, field: str, value: str) -> None:
    given = {**MOVES["degree"][0], field: value}
    response = act(signed_in("clerk-a"), worker, "degree", "preview", **given)
    assert field in response.context_data["form"].errors


@pytest.mark.parametrize(
    ("kind", "field", "value", "told"),
    [
        ("post", "start", "2027-11-22", "日期2027-11-22晚于2027-11-21，不合常理"),
        ("degree", "earned_on", "2030-01-01", "日期2030-01-01晚于2027-11-21，不合常理"),
        ("certificate", "approved_on", "2030-01-01", "日期2030-01-01晚于2027-11-21，不合常理"),
        ("gap", "first_day", "2030-01-01", "日期2030-01-01晚于2027-11-21，不合常理"),
        ("exit", "left_on", "2030-01-01", "日期2030-01-01晚于2027-11-21，不合常理"),
        ("placement", "month", "2027-12", "核定月份2027年12月晚于2027年11月"),
        ("placement", "credited_months", "601", "超过50年（600个月）"),
    ],
)
def test_what_the_import_refuses_is_refused_here_too(
    worker: Worker, kind: str, field: str, value: str, told: str
) -> None:
    given = {**MOVES[kind][0], field: value}
    form = act(signed_in("clerk-a"), worker, kind, "preview", **given).context_data["form"]
    assert told in str(form.errors[field])
    record = MOVES[kind][1](worker)
    setattr(record, field, record._meta.get_field(field).to_python(value))
    actor = world.user("bureau" if kind == "placement" else "clerk-a")
    with pytest.raises(Refused) as refusal:
        record_fact(actor=actor, instance=record, at=world.NOW)
    assert told in str(refusal.value)


def test_a_placement_asks_for_its_document(worker: Worker) -> None:
    given = {**MOVES["placement"][0], "document_no": ""}
    answer = act(signed_in("clerk-a"), worker, "placement", "preview", **given)
    assert "document_no" in answer.context_data["form"].errors and "found" not in answer.context_data


def test_an_appointment_that_changes_nothing_is_refused(worker: Worker) -> None:
    same = {"start": "2026-11-01", "community": world.A1, "position": "社区工作者"}
    form = act(signed_in("clerk-a"), worker, "post", "preview", **same).context_data["form"]
    assert "没有变化" in str(form.non_field_errors())
    elsewhere = {**same, "community": world.A2}
    assert "found" in act(signed_in("clerk-a"), worker, "post", "preview", **elsewhere).context_data


def test_a_second_secretary_and_a_fourth_leader_are_pointed_out(worker: Worker) -> None:
    chief = {"from": HIRED, "post": Post.CHIEF.value, "dual": True}
    world.person(world.staff(HIRED, posts=[chief]), name="原任书记")
    given = {"start": "2026-11-01", "community": world.A1, "position": "居委会主任"}
    found = act(signed_in("clerk-a"), worker, "post", "preview", **given).context_data["found"]
    assert found.doubts == ("甲一社区已有居委会主任：原任书记（二(三)1）。接任的，请同时办理原任者的岗位变动或离职。",)
    for _ in range(2):
        world.person(world.staff(HIRED, posts=[{"from": HIRED, "post": Post.DEPUTY.value}]))
    given["position"] = "党组织副书记"
    found = act(signed_in("clerk-a"), worker, "post", "preview", **given).context_data["found"]
    assert found.doubts == ("甲一社区另有正职、副职3人，加上本人共4人，原则上不超过3人（二(三)1）。",)
    assert confirm(signed_in("clerk-a"), worker, "post", **given).status_code == 302


def test_leaving_for_results_that_are_not_on_file_is_pointed_out(worker: Worker) -> None:
    given = {"left_on": "2026-11-20", "reason": "聘期内连续两年考核不合格"}
    found = act(signed_in("clerk-a"), worker, "exit", "preview", **given).context_data["found"]
    assert [line for line in found.doubts if "2024年度合格、2025年度合格" in line and "二(四)5" in line]
    failed = world.person(world.staff(HIRED, assessments={**YEARS, 2024: "不合格", 2025: "不合格"}))
    assert act(signed_in("clerk-a"), failed, "exit", "preview", **given).context_data["found"].doubts == ()


def test_what_lies_within_a_year_is_taken(worker: Worker) -> None:
    given = {**MOVES["post"][0], "start": "2027-11-21"}
    assert "found" in act(signed_in("clerk-a"), worker, "post", "preview", **given).context_data


@pytest.mark.parametrize(("kind", "field"), [("renewal", "start"), ("post", "start"), ("exit", "left_on")])
@pytest.mark.parametrize("day", ["2011-01-01", "2099-12-31"])
def test_days_far_off_are_answered_on_a_page(worker: Worker, kind: str, field: str, day: str) -> None:
    given = {"community": world.A2, "position": "社区工作者", "reason": "自动辞职", "note": "核实"}
    response = act(signed_in("clerk-a"), worker, kind, "preview", **given, **{field: day})
    assert response.status_code == 200
    assert not Change.objects.exists()


def test_renewal_states_the_condition_and_asks_for_a_reason(worker: Worker) -> None:
    Contract.objects.create(worker=worker, start=date(2023, 12, 1), end=date(2026, 11, 30))
    refresh_standing([worker.pk])
    client = signed_in("clerk-a")
    form = client.get(reverse("admin:person_event", args=[worker.pk, "renewal"])).context_data["form"]
    assert form.initial["start"] == date(2026, 12, 1)
    assert confirm(client, worker, "renewal", start="2026-12-01").status_code == 302
    assert worker.contracts.get(start=date(2026, 12, 1)).end == date(2029, 11, 30)

    failed = world.person(world.staff(HIRED, assessments={**YEARS, 2025: "不合格"}))
    Contract.objects.create(worker=failed, start=date(2023, 12, 1), end=date(2026, 11, 30))
    response = act(client, failed, "renewal", "preview", start="2026-12-01")
    assert "2025年度不合格" in str(response.context_data["form"].errors["note"])
    assert confirm(client, failed, "renewal", start="2026-12-01", note="会议同意").status_code == 302


def test_renewing_before_the_year_is_assessed_says_what_is_awaited(worker: Worker) -> None:
    Contract.objects.create(worker=worker, start=date(2024, 1, 16), end=date(2027, 1, 15))
    refresh_standing([worker.pk])
    client = signed_in("clerk-a")
    page = client.get(reverse("admin:person_event", args=[worker.pk, "renewal"])).content.decode()
    assert "2026年度尚未考核，还不能判断是否符合续聘条件（二(四)5）" in page
    response = act(client, worker, "renewal", "preview", start="2027-01-16")
    assert "请在考核结果确定后续聘" in str(response.context_data["form"].errors["note"])
    shown = act(client, worker, "renewal", "preview", start="2027-01-16", note="会议同意").content.decode()
    assert "待2026年度考核，按所填理由续聘" in shown and "不符合" not in shown


def test_open_runs_computed_without_the_record_are_pointed_out(worker: Worker) -> None:
    october = periods.month(2026, 10)
    compute_runs(month=october, street_codes=[world.A], at=world.NOW)
    draft = preview(worker=worker, record=MOVES["degree"][1](worker), today=TODAY)
    assert [line for line in draft.waiting if "2026年10月" in line and "重新计算" in line]
    submit_runs(month=october, street_codes=[world.A], actor=world.user("clerk-a"), at=world.NOW)
    submitted = preview(worker=worker, record=MOVES["degree"][1](worker), today=TODAY)
    assert [line for line in submitted.waiting if "2026年10月" in line and "已提交审核" in line]


def test_a_trial_table_is_marked(district: None, tmp_path: Path) -> None:
    world.bring_table(tmp_path / "sample", confirmed=False)
    worker = world.person(world.staff(HIRED, assessments=YEARS))
    response = act(signed_in("clerk-a"), worker, "degree", "preview", **MOVES["degree"][0])
    assert response.context_data["found"].trial and "试算" in response.content.decode()


def test_without_any_table_the_record_can_still_be_made(district: None) -> None:
    worker = world.person(world.staff(HIRED, assessments=YEARS))
    client = signed_in("clerk-a")
    shown = act(client, worker, "degree", "preview", **MOVES["degree"][0])
    assert "还没有等级系数表" in shown.content.decode()
    assert confirm(client, worker, "degree", **MOVES["degree"][0]).status_code == 302


def test_how_somebody_was_hired_is_entered_once_and_changes_no_pay(worker: Worker) -> None:
    client = signed_in("clerk-a")
    shown = act(client, worker, "hiring", "preview", method="考察考核聘用")
    assert "这项登记不改变等级和工资" in shown.content.decode()
    assert confirm(client, worker, "hiring", method="考察考核聘用", document_no="招〔2021〕2号").status_code == 302
    page = client.get(reverse("admin:person", args=[worker.pk]), {"tab": "contracts"})
    assert dict(page.context_data["facts"])["录用方式"] == "考察考核聘用" and "招〔2021〕2号" in page.content.decode()
    assert "录用登记" not in [event.title for event in page.context_data["events"]]
    again = act(client, worker, "hiring", "preview", method="公开招录")
    assert "已登记过录用，每人只有一条" in str(again.context_data["form"].non_field_errors())
    assert Hiring.objects.get().method == "考察考核聘用"


def test_somebody_who_has_left_is_not_made_to_leave_again(worker: Worker) -> None:
    client = signed_in("clerk-a")
    assert confirm(client, worker, "exit", **MOVES["exit"][0]).status_code == 302
    again = act(client, worker, "exit", "preview", **MOVES["exit"][0])
    assert again.status_code == 200 and "已登记过离职" in again.content.decode()


def test_hiring_outside_the_documents_ways_is_pointed_out(worker: Worker) -> None:
    Worker.objects.filter(pk=worker.pk).update(hired_on=date(2023, 3, 1))
    worker.postassignments.update(start=date(2023, 3, 1))
    client = signed_in("clerk-a")
    listed = client.get(reverse("admin:contracts")).context_data["doubted"].page
    assert [(one.name, one.doubts) for one in listed] == [(worker.name, ("没有登记录用方式（二(三)2）。",))]
    shown = act(client, worker, "hiring", "preview", method="选任")
    assert "录用方式为选任，专职工作者应经公开招录或考察考核聘用（二(三)2）。" in shown.content.decode()
    assert "method" in act(client, worker, "hiring", "preview", method="走后门").context_data["form"].errors


def test_going_back_keeps_what_was_typed(worker: Worker) -> None:
    form = act(signed_in("clerk-a"), worker, "degree", "edit", **MOVES["degree"][0]).context_data["form"]
    assert form["earned_on"].value() == "2026-08-31" and form["level"].value() == "硕士研究生"
