"""A run's states, four eyes and exceptions (rules 7)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payroll.models import GradeTable, PayLine, PayrollRun, Payslip, RunEvent, RunNote
from payroll.services.runs import compute_runs
from payroll.services.transitions import approve_runs, return_runs, submit_runs
from songshan_cw.data.refusal import NotAllowed, Overtaken, Refused
from songshan_cw.policy import PolicyGap
from songshan_cw.words.periods import parse
from songshan_cw.words.terms import Role, RunState
from tests import amounts
from tests.payroll import world
from tests.payroll.world import NOW, A, B, person, staff, user
from workers.models import Region, User

MARCH = parse("2022-03")


def draft(month: int = MARCH, *streets: str) -> list[PayrollRun]:
    return compute_runs(month=month, street_codes=list(streets) or [A], at=NOW)


def test_computing_again_replaces_the_draft(table: GradeTable) -> None:
    worker = person(staff(date(2021, 1, 1)))
    draft()
    world.add_facts(worker, {"certificates": [{"date": date(2021, 5, 1), "level": "助理社会工作师"}]})
    [run] = draft()
    assert run.headcount == 1 and run.gross_total == Decimal("3350.00")
    assert Payslip.objects.count() == 1
    assert PayrollRun.objects.count() == 1


def test_totals_are_the_sum_of_the_slips(table: GradeTable) -> None:
    for year in (2005, 2012, 2019):
        person(staff(date(year, 1, 1), entry_education="大学本科"))
    [run] = draft()
    assert run.headcount == 3
    slips = Payslip.objects.filter(run=run)
    assert run.gross_total == sum(slip.gross_pay for slip in slips)
    assert amounts.of(run, "performance_accrual") == sum(amounts.of(slip, "performance_accrual") for slip in slips)
    for slip in slips:
        assert slip.gross_pay + amounts.of(slip, "performance_accrual") == sum(line.amount for line in slip.lines.all())


def test_draft_submitted_approved(table: GradeTable) -> None:
    person(staff(date(2021, 1, 1)))
    draft()
    [run] = submit_runs(month=MARCH, actor=user("clerk-a"), at=NOW)
    assert run.state == RunState.SUBMITTED
    with pytest.raises(Refused, match="待审核"):
        draft()
    [run] = approve_runs(review_all=True, month=MARCH, actor=user("bureau"), at=NOW)
    assert (run.state, run.approved_by) == (RunState.APPROVED, user("bureau"))
    assert [event.action for event in run.events.all()] == ["计算", "提交", "审核通过"]
    with pytest.raises(Refused, match="已审核"):
        draft()


def test_returned_with_a_reason_is_a_draft_again(table: GradeTable) -> None:
    person(staff(date(2021, 1, 1)))
    draft()
    submit_runs(month=MARCH, actor=user("clerk-a"), at=NOW)
    with pytest.raises(Refused, match="原因"):
        return_runs(month=MARCH, actor=user("bureau"), at=NOW, reason="  ")
    [run] = return_runs(month=MARCH, actor=user("bureau"), at=NOW, reason="考核未录全")
    assert (run.state, run.return_reason) == (RunState.RETURNED, "考核未录全")
    [run] = draft()
    assert run.state == RunState.DRAFT
    [run] = submit_runs(month=MARCH, actor=user("clerk-a"), at=NOW)
    assert run.return_reason == ""


def test_a_trial_is_marked_and_never_approved(district: None, tmp_path: Path) -> None:
    world.bring_table(tmp_path / "sample", confirmed=False)
    person(staff(date(2021, 1, 1)))
    [run] = draft()
    assert run.trial
    submit_runs(month=MARCH, actor=user("clerk-a"), at=NOW)
    with pytest.raises(Refused, match="试算"):
        approve_runs(review_all=True, month=MARCH, actor=user("bureau"), at=NOW)


@pytest.mark.parametrize("username", ["bureau", "admin", "leader-a"])
def test_only_the_street_submits(table: GradeTable, username: str) -> None:
    person(staff(date(2021, 1, 1)))
    draft()
    with pytest.raises(NotAllowed):
        submit_runs(month=MARCH, actor=user(username), at=NOW)


@pytest.mark.parametrize("username", ["clerk-a", "admin", "leader-a"])
def test_only_the_bureau_approves(table: GradeTable, username: str) -> None:
    person(staff(date(2021, 1, 1)))
    draft()
    submit_runs(month=MARCH, actor=user("clerk-a"), at=NOW)
    with pytest.raises(NotAllowed):
        approve_runs(review_all=True, month=MARCH, actor=user(username), at=NOW)


def test_nobody_approves_what_they_submitted(table: GradeTable) -> None:
    person(staff(date(2021, 1, 1)))
    draft()
    submit_runs(month=MARCH, actor=user("clerk-a"), at=NOW)
    PayrollRun.objects.update(submitted_by=user("bureau"))
    with pytest.raises(NotAllowed, match="本人"):
        approve_runs(review_all=True, month=MARCH, actor=user("bureau"), at=NOW)


def test_the_second_of_two_is_told(table: GradeTable) -> None:
    person(staff(date(2021, 1, 1)))
    draft()
    submit_runs(month=MARCH, street_codes=[A], actor=user("clerk-a"), at=NOW)
    approve_runs(review_all=True, month=MARCH, street_codes=[A], actor=user("bureau"), at=NOW)
    with pytest.raises(Overtaken, match="已审核"):
        approve_runs(review_all=True, month=MARCH, street_codes=[A], actor=user("bureau-2"), at=NOW)


def test_a_clerk_reaches_the_own_street_only(table: GradeTable) -> None:
    person(staff(date(2021, 1, 1)), community=world.B1)
    draft(MARCH, B)
    with pytest.raises(Refused, match="管辖"):
        submit_runs(month=MARCH, street_codes=[B], actor=user("clerk-a"), at=NOW)
    with pytest.raises(Refused, match="管辖"):
        compute_runs(month=MARCH, street_codes=[B], at=NOW, actor=user("clerk-a"))


def test_no_policy_no_pay(table: GradeTable) -> None:
    person(staff(date(2015, 1, 1)))
    with pytest.raises(PolicyGap, match="2022-01-01"):
        draft(parse("2021-12"))


def test_no_table_no_pay(district: None) -> None:
    person(staff(date(2015, 1, 1)))
    with pytest.raises(Refused, match="等级系数表"):
        draft()


def test_what_needs_a_look_is_listed(table: GradeTable) -> None:
    person(staff(date(2015, 1, 1), category="退休人员"), name="赵退休")
    person(staff(date(2015, 1, 1), gaps=[{"from": date(2023, 2, 1), "to": date(2023, 4, 30)}]), name="钱中断")
    person(staff(date(2015, 1, 1), left=date(2023, 2, 10)), name="孙离职")
    waiting = person(staff(date(2015, 1, 1)), name="李缺账")
    waiting.bank_account = ""
    waiting.save()
    draft(parse("2023-03"))
    notes = {(note.worker.name, note.kind) for note in RunNote.objects.select_related("worker")}
    assert notes == {
        ("赵退休", "未列入发放"),
        ("钱中断", "未列入发放"),
        ("孙离职", "未列入发放"),
        ("李缺账", "考核未录入"),
        ("李缺账", "缺银行账号"),
    }
    assert [slip.name for slip in Payslip.objects.all()] == ["李缺账"]


def test_who_left_the_scheme_is_listed(table: GradeTable) -> None:
    worker = person(staff(date(2015, 1, 1)))
    world.pay_month("2022-03")
    world.CategoryRecord.objects.create(worker=worker, start=date(2022, 4, 1), category="退休人员")
    for month in ("2022-04", "2022-05"):
        draft(parse(month))
        [note] = RunNote.objects.filter(run__month=parse(month))
        assert "人员类别为退休人员，不在薪酬方案范围" in note.text


def test_a_large_change_is_listed(table: GradeTable) -> None:
    worker = person(staff(date(2012, 1, 1)), name="周变动")
    draft(parse("2022-03"))
    world.PostAssignment.objects.create(
        worker=worker, start=date(2022, 3, 9), community_id=world.A1, post="正职", position="党组织书记"
    )
    draft(parse("2022-04"))
    [note] = RunNote.objects.filter(run__month=parse("2022-04"))
    assert note.kind == "较上月变动较大" and "周变动" in note.text


def test_a_mover_is_paid_by_one_street(table: GradeTable) -> None:
    """A change of community counts from the next month, as any change of post (rules 3.5)."""
    given = staff(date(2020, 1, 1))
    given["posts"].append({"from": date(2022, 3, 10), "post": "工作人员", "community": world.B1})
    worker = person(given)
    for month in ("2022-03", "2022-04"):
        draft(parse(month), A, B)
    paid = Payslip.objects.filter(worker=worker).order_by("month").values_list("run__street", flat=True)
    assert list(paid) == [A, B]


def test_statements_do_not_grow_with_people(table: GradeTable) -> None:
    for _ in range(3):
        person(staff(date(2019, 1, 1)))
    draft()
    few = statements_of(draft)
    for _ in range(60):
        person(staff(date(2019, 1, 1)))
    assert statements_of(draft) == few
    assert PayLine.objects.count() == 63 * 2


def test_statements_do_not_grow_with_streets(table: GradeTable) -> None:
    """Nine streets' month is computed, submitted, returned and approved in as many statements as two streets'."""
    streets = [f"{world.DISTRICT}1{number:02d}" for number in range(9)]
    for code in streets:
        Region.objects.create(code=code, name=f"第{code[-2:]}街道", level="street", parent_id=world.DISTRICT)
        Region.objects.create(code=f"{code}001", name="一社区", level="community", parent_id=code)
        person(staff(date(2019, 1, 1)), community=f"{code}001")
    User.objects.create(username="clerk-of-all", role=Role.CLERK.value, region_id=world.DISTRICT)
    few, many = (statements_of_a_month(month, some) for month, some in ((MARCH, streets[:2]), (MARCH, streets[2:])))
    assert many == few
    assert set(PayrollRun.objects.values_list("state", flat=True)) == {RunState.APPROVED.value}
    assert RunEvent.objects.count() == 9 * 6


def statements_of_a_month(month: int, streets: list[str]) -> list[int]:
    clerk, bureau = user("clerk-of-all"), user("bureau")
    compute = partial(compute_runs, month=month, street_codes=streets, at=NOW)
    submit = partial(submit_runs, month=month, street_codes=streets, actor=clerk, at=NOW)
    acts = [
        compute,
        submit,
        partial(return_runs, month=month, street_codes=streets, actor=bureau, at=NOW, reason="核对"),
        compute,
        submit,
        partial(approve_runs, review_all=True, month=month, street_codes=streets, actor=bureau, at=NOW),
    ]
    return [statements_of(act) for act in acts]


def statements_of(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)
