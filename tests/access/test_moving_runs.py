"""Who moves a run, from where to where, and what every refusal leaves behind: nothing (rules 7.1, 7.2)."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payroll.models import GradeTable, PayrollRun, Payslip, RunSeal, Settlement
from payroll.services.runs import compute_runs
from payroll.services.settling import settle
from payroll.services.transitions import approve_runs, computation_of, return_runs, submit_runs
from songshan_cw.data.refusal import NotAllowed, Overtaken, Refused
from songshan_cw.words.periods import parse
from songshan_cw.words.terms import Role, RunState
from tests.payroll.conftest import table
from tests.payroll.world import B1, NOW, A, B, pay_month, person, staff, user
from tests.worlds import shared
from workers.models import Region
from workers.rules.rights import PERMISSIONS

MARCH = parse("2022-03")
LATER = NOW + timedelta(hours=1)


@shared(table)
def drafts(table: GradeTable) -> None:
    person(staff(date(2020, 1, 1)))
    person(staff(date(2020, 1, 1)), community=B1)
    compute_runs(month=MARCH, at=NOW)


def states() -> dict[str, str]:
    return dict(PayrollRun.objects.values_list("street_id", "state"))


def submit(*streets: str) -> None:
    for code in streets:
        submit_runs(month=MARCH, street_codes=[code], actor=user("clerk-a" if code == A else "clerk-b"), at=NOW)


def test_submitting_tells_who_and_when(drafts: None) -> None:
    [run] = submit_runs(month=MARCH, actor=user("clerk-a"), at=LATER)
    run.refresh_from_db()
    assert (run.street_id, run.state, run.submitted_by, run.submitted_at) == (A, "待审核", user("clerk-a"), LATER)
    event = run.events.last()
    assert (event.action, event.actor, event.at) == ("提交", user("clerk-a"), LATER)
    assert states()[B] == RunState.DRAFT


@pytest.mark.parametrize("who", ["leader-a", "bureau", "admin"])
def test_only_the_clerk_submits(drafts: None, who: str) -> None:
    with pytest.raises(NotAllowed, match="不能提交"):
        submit_runs(month=MARCH, actor=user(who), at=NOW)
    assert set(states().values()) == {"草稿"}


def test_a_clerk_moves_the_own_street_only(drafts: None) -> None:
    with pytest.raises(Refused, match="没有您可以处理的批次"):
        submit_runs(month=MARCH, street_codes=[A, B], actor=user("clerk-a"), at=NOW)
    assert set(states().values()) == {"草稿"}


@pytest.mark.parametrize("who", ["clerk-a", "leader-a", "admin"])
def test_only_the_bureau_approves_and_returns(drafts: None, who: str) -> None:
    submit(A)
    with pytest.raises(NotAllowed, match="不能审核"):
        approve_runs(review_all=True, month=MARCH, actor=user(who), at=NOW)
    with pytest.raises(NotAllowed, match="不能退回"):
        return_runs(month=MARCH, actor=user(who), at=NOW, reason="错")
    assert states()[A] == RunState.SUBMITTED


def test_approving_tells_who_and_when_and_seals(drafts: None) -> None:
    submit(A, B)
    runs = approve_runs(review_all=True, month=MARCH, actor=user("bureau"), at=LATER)
    assert [run.street_id for run in runs] == [A, B]
    run = PayrollRun.objects.get(street=B)
    assert (run.state, run.approved_by, run.approved_at) == ("已审核", user("bureau"), LATER)
    assert (run.events.last().action, run.events.last().at) == ("审核通过", LATER)
    assert list(RunSeal.objects.values_list("run__street_id", "number")) == [(A, 1), (B, 2)]


def test_without_names_only_what_is_submitted_is_approved(drafts: None) -> None:
    submit(B)
    assert [run.street_id for run in approve_runs(review_all=True, month=MARCH, actor=user("bureau"), at=NOW)] == [B]
    assert states() == {A: "草稿", B: "已审核"}


def test_a_named_draft_refuses_the_whole(drafts: None) -> None:
    submit(A)
    with pytest.raises(Overtaken, match="现在是“草稿”，不能审核"):
        approve_runs(review_all=True, month=MARCH, street_codes=[A, B], actor=user("bureau"), at=NOW)
    assert states() == {A: "待审核", B: "草稿"}


def test_nothing_to_move_is_said(drafts: None) -> None:
    with pytest.raises(Refused, match="没有可审核的批次"):
        approve_runs(review_all=True, month=MARCH, actor=user("bureau"), at=NOW)
    with pytest.raises(Refused, match="没有可退回的批次"):
        return_runs(month=MARCH, actor=user("bureau"), at=NOW, reason="错")
    submit(A)
    with pytest.raises(Refused, match="没有可提交的批次"):
        submit_runs(month=MARCH, actor=user("clerk-a"), at=NOW)
    with pytest.raises(Refused, match="没有可审核的批次"):
        approve_runs(review_all=True, month=MARCH, street_codes=[], actor=user("bureau"), at=NOW)


def test_figures_other_than_those_seen_are_not_moved(drafts: None) -> None:
    seen = {run.street_id: computation_of(run) for run in PayrollRun.objects.all()}
    compute_runs(month=MARCH, street_codes=[A], at=LATER)
    with pytest.raises(Overtaken, match="重新计算过"):
        submit_runs(month=MARCH, actor=user("clerk-a"), at=LATER, seen=seen)
    submit(B)
    assert states() == {A: "草稿", B: "待审核"}
    submit(A)
    with pytest.raises(Overtaken, match="重新计算过"):
        approve_runs(review_all=True, month=MARCH, actor=user("bureau"), at=LATER, seen=seen)
    approve_runs(review_all=True, month=MARCH, street_codes=[B], actor=user("bureau"), at=LATER, seen=seen)
    assert states() == {A: "待审核", B: "已审核"}


def test_returning_tells_why_and_forgets_the_submission(drafts: None) -> None:
    submit(A)
    [run] = return_runs(month=MARCH, street_codes=[A], actor=user("bureau"), at=LATER, reason=" 考核未录 ")
    run.refresh_from_db()
    assert (run.state, run.return_reason, run.submitted_by, run.submitted_at) == ("已退回", "考核未录", None, None)
    event = run.events.last()
    assert (event.action, event.reason, event.actor, event.at) == ("退回", "考核未录", user("bureau"), LATER)
    submit(A)
    run.refresh_from_db()
    assert (run.state, run.return_reason) == ("待审核", "")


def test_what_is_approved_is_neither_returned_nor_approved_again(drafts: None) -> None:
    submit(A)
    approve_runs(review_all=True, month=MARCH, actor=user("bureau"), at=NOW)
    for move in (
        lambda: approve_runs(review_all=True, month=MARCH, street_codes=[A], actor=user("bureau-2"), at=NOW),
        lambda: return_runs(month=MARCH, street_codes=[A], actor=user("bureau-2"), at=NOW, reason="错"),
        lambda: submit_runs(month=MARCH, street_codes=[A], actor=user("clerk-a"), at=NOW),
    ):
        with pytest.raises(Overtaken, match="现在是“已审核”"):
            move()


def test_the_submitter_cannot_approve(drafts: None) -> None:
    submit(A)
    PayrollRun.objects.filter(street=A).update(submitted_by=user("bureau"))
    with pytest.raises(NotAllowed, match="须由另一人审核"):
        approve_runs(review_all=True, month=MARCH, actor=user("bureau"), at=NOW)
    assert states()[A] == RunState.SUBMITTED
    approve_runs(review_all=True, month=MARCH, actor=user("bureau-2"), at=NOW)


def test_what_moved_since_names_the_people(table: GradeTable) -> None:
    """A draft whose arrears were meanwhile paid by another run is refused, naming whom to look at (rules 5.6)."""
    person(staff(date(2020, 1, 1)))
    for month in ("2022-01", "2022-02"):
        compute_runs(month=parse(month), street_codes=[A], at=NOW)
    pay_month("2022-01")
    names = [person(staff(date(2020, 1, 1)), name=f"补{number}").name for number in range(4)]
    for month in ("2022-02", "2022-03"):
        compute_runs(month=parse(month), street_codes=[A], at=NOW)
        submit_runs(month=parse(month), street_codes=[A], actor=user("clerk-a"), at=NOW)
    approve_runs(review_all=True, month=parse("2022-02"), street_codes=[A], actor=user("bureau"), at=NOW)
    with pytest.raises(Overtaken, match=f"计算之后{'、'.join(names)}的资料或以前月份的账有了变动"):
        approve_runs(review_all=True, month=MARCH, street_codes=[A], actor=user("bureau"), at=NOW)


def test_the_first_missing_street_is_named(drafts: None) -> None:
    with pytest.raises(Refused, match="街道“150404008”"):
        submit_runs(month=MARCH, street_codes=[A, "150404008", "150404009"], actor=user("clerk-a"), at=NOW)


def test_an_approval_remembers_with_which_facts_people_were_made_whole(drafts: None) -> None:
    submit(A, B)
    approve_runs(review_all=True, month=MARCH, actor=user("bureau"), at=NOW)
    assert Settlement.objects.filter(month=MARCH).count() == 2


@pytest.mark.postgres
def test_approvals_of_a_district_queue_at_its_lock(drafts: None) -> None:
    submit(A)
    with CaptureQueriesContext(connection) as seen:
        approve_runs(review_all=True, month=MARCH, actor=user("bureau"), at=NOW)
    locks = [query["sql"] for query in seen if "FOR NO KEY UPDATE" in query["sql"]]
    assert len(locks) == 1 and "'150404'" in locks[0]


@pytest.mark.parametrize("role", [Role.BUREAU, Role.ADMINISTRATOR])
def test_no_right_given_by_mistake_lets_another_office_submit(
    drafts: None, monkeypatch: pytest.MonkeyPatch, role: Role
) -> None:
    monkeypatch.setitem(PERMISSIONS, role, PERMISSIONS[role] | {"payroll.submit_run"})
    with pytest.raises(NotAllowed, match="不能提交"):
        submit_runs(month=MARCH, actor=user("bureau" if role == Role.BUREAU else "admin"), at=NOW)
    assert set(states().values()) == {"草稿"}


def test_the_second_of_two_is_told_who_came_first(drafts: None) -> None:
    submit(A)
    with pytest.raises(Overtaken, match=f"不能提交（最近：{user('clerk-a')}，") as told:
        submit_runs(month=MARCH, street_codes=[A], actor=user("clerk-a"), at=LATER)
    assert "，提交）。请刷新" in str(told.value)
    with pytest.raises(Overtaken, match=r"现在是“草稿”，不能退回（最近：系统，\d\d月\d\d日 \d\d:\d\d，.+）。请刷新"):
        return_runs(month=MARCH, street_codes=[B], actor=user("bureau"), at=LATER, reason="错")


def test_one_run_computed_before_an_approval_makes_everybody_looked_at_again(drafts: None) -> None:
    """A run computed before another month was closed gives its people no mark (rules 5.6)."""
    submit(A, B)
    PayrollRun.objects.filter(street=A).update(closed_before=7)
    approve_runs(review_all=True, month=MARCH, actor=user("bureau"), at=NOW)
    marked = set(Settlement.objects.values_list("worker_id", flat=True))
    assert marked == set(Payslip.objects.filter(run__street=B).values_list("worker_id", flat=True))


def test_the_order_of_one_district_is_no_matter_of_anothers(drafts: None) -> None:
    """A city approves for two districts at once; one has an earlier month closed, the other has not."""
    Region.objects.create(code="150403", name="元宝山区", level="district", parent_id="1504")
    Region.objects.create(code="150403001", name="丙街道", level="street", parent_id="150403")
    [mine] = PayrollRun.objects.filter(street=A)
    settle([mine, PayrollRun(street_id="150403001", month=MARCH, closed_before=7)])
    assert Settlement.objects.count() == 1


def test_a_run_nobody_has_touched_tells_no_name(drafts: None) -> None:
    run = PayrollRun.objects.get(street=A)
    run.pk, run.month = None, parse("2022-04")
    run._state.adding = True
    run.save()
    with pytest.raises(Overtaken, match=r"^甲街道2022年4月的批次现在是“草稿”，不能退回。请刷新"):
        return_runs(month=run.month, street_codes=[A], actor=user("bureau"), at=LATER, reason="错")
