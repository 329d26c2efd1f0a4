"""Secondments from request to return, by the policies' own orders and limits (rules 9.1; S 二(四)2, O 14)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from songshan_cw.data.refusal import NotAllowed, Overtaken, Refused
from songshan_cw.policy import PolicyGap
from tests.compliance.world import A2, O1, people, person, user
from workers.models import Change, Exit, PostAssignment, Secondment, SecondmentApproval, Worker
from workers.selectors.secondments import overdue_secondments, waiting_for
from workers.services.secondments import (
    approve_secondment,
    reject_secondment,
    request_secondment,
    return_secondment,
)

pytestmark = pytest.mark.usefixtures("regions")
NOW = datetime(2022, 3, 1, 2, 0, tzinfo=UTC)
MARCH, MAY, JUNE = date(2022, 3, 1), date(2022, 5, 31), date(2022, 6, 1)


def ask(worker: Worker, start: date = MARCH, end: date | None = MAY, **words: Any) -> Secondment:
    actor = words.pop("actor", None) or user("clerk-o" if worker.standing.street_id.startswith("1506") else "clerk-a")
    words = {"body": "区民政局", "reason": "专项工作", "at": NOW} | words
    return request_secondment(actor=actor, worker=worker, start=start, end=end, **words)


def approved(worker: Worker, start: date = MARCH, end: date | None = MAY, at: datetime = NOW) -> Secondment:
    secondment = ask(worker, start, end, at=at)
    approve_secondment(actor=user("bureau"), secondment_id=secondment.pk, at=at)
    approve_secondment(actor=user("bureau"), secondment_id=secondment.pk, document_no="政函1号", at=at)
    secondment.refresh_from_db()
    return secondment


def test_songshan_asks_the_bureau_then_the_government() -> None:
    secondment = ask(person())
    assert secondment.state == "审批中"
    assert [turn.step.authority for turn in waiting_for(user("bureau"))] == ["区民政局"]
    approve_secondment(actor=user("bureau"), secondment_id=secondment.pk, at=NOW)
    assert [turn.step.authority for turn in waiting_for(user("bureau"))] == ["区政府"]
    with pytest.raises(Refused, match="文号"):
        approve_secondment(actor=user("bureau"), secondment_id=secondment.pk, at=NOW)
    approve_secondment(actor=user("bureau"), secondment_id=secondment.pk, document_no="政函1号", at=NOW)
    secondment.refresh_from_db()
    assert secondment.state == "已批准" and waiting_for(user("bureau")) == []
    steps = SecondmentApproval.objects.values_list("step", "authority", "agreed", "document_no")
    assert list(steps) == [(1, "区民政局", True, ""), (2, "区政府", True, "政函1号")]


def test_ordos_asks_the_organisation_department_first() -> None:
    secondment = ask(person(O1))
    with pytest.raises(NotAllowed, match="旗区组织部门"):
        approve_secondment(actor=user("bureau-o"), secondment_id=secondment.pk, at=NOW)
    assert waiting_for(user("bureau-o")) == [] and len(waiting_for(user("organisation-o"))) == 1
    approve_secondment(actor=user("organisation-o"), secondment_id=secondment.pk, at=NOW)
    approve_secondment(actor=user("bureau-o"), secondment_id=secondment.pk, at=NOW)
    secondment.refresh_from_db()
    assert secondment.state == "已批准"


def test_longest_length_in_ordos() -> None:
    with pytest.raises(Refused, match="2022-05-31"):
        ask(person(O1), MARCH, JUNE)
    with pytest.raises(Refused, match="3个月"):
        ask(person(O1), MARCH, None)
    assert ask(person(O1), MARCH, MAY).pk and ask(person(), MARCH, None).pk


def test_third_person_on_the_last_day_of_the_first() -> None:
    one, two, three = people(3)
    approved(one, MARCH, MAY)
    approved(two, MARCH, None)
    with pytest.raises(Refused, match="2022-05-31当天"):
        ask(three, MAY, None)
    assert ask(three, JUNE, None).state == "审批中"
    assert ask(person(A2), MARCH, None).state == "审批中"


def test_the_limit_holds_at_every_moment_of_the_interval() -> None:
    one, two, long = people(3)
    approved(one, date(2022, 4, 1), date(2022, 4, 20))
    approved(two, date(2022, 4, 20), date(2022, 4, 30))
    with pytest.raises(Refused, match="2022-04-20当天"):
        ask(long, MARCH, MAY)
    assert ask(long, MARCH, date(2022, 4, 19)).pk


def test_the_limit_is_checked_again_when_approved() -> None:
    requests = [ask(worker, MARCH, MAY) for worker in people(3)]
    for secondment in requests:
        approve_secondment(actor=user("bureau"), secondment_id=secondment.pk, at=NOW)
    for secondment in requests[:2]:
        approve_secondment(actor=user("bureau"), secondment_id=secondment.pk, document_no="1", at=NOW)
    with pytest.raises(Refused, match="超过2人"):
        approve_secondment(actor=user("bureau"), secondment_id=requests[2].pk, document_no="1", at=NOW)
    assert Secondment.objects.filter(state="已批准").count() == 2


def test_history_by_workbook_counts_as_approved() -> None:
    for worker in people(2):
        Secondment.objects.create(worker=worker, body="区信访局", start=MARCH, end=None)
    with pytest.raises(Refused, match="超过2人"):
        ask(person(), MAY, None)


def test_leaving_ends_a_secondment() -> None:
    one, two, three = people(3)
    approved(one, MARCH, None)
    approved(two, MARCH, None)
    Exit.objects.create(worker=one, left_on=date(2022, 3, 31), reason="自动辞职")
    assert ask(three, date(2022, 4, 1), MAY).pk


def test_who_moved_counts_where_they_left_from() -> None:
    one, two, three = people(3)
    approved(one, MARCH, None)
    approved(two, MARCH, None)
    PostAssignment.objects.create(
        worker=one, start=date(2022, 4, 1), community_id=A2, post="工作人员", position="社区工作者"
    )
    with pytest.raises(Refused, match="超过2人"):
        ask(three, MAY, None)


def test_refusal_needs_a_reason_and_ends_the_request() -> None:
    secondment = ask(person())
    with pytest.raises(Refused, match="写明原因"):
        reject_secondment(actor=user("bureau"), secondment_id=secondment.pk, reason=" ", at=NOW)
    reject_secondment(actor=user("bureau"), secondment_id=secondment.pk, reason="社区人手不足", at=NOW)
    secondment.refresh_from_db()
    assert secondment.state == "未批准"
    with pytest.raises(Overtaken, match="未批准"):
        approve_secondment(actor=user("bureau"), secondment_id=secondment.pk, at=NOW)
    again = ask(secondment.worker, date(2022, 3, 2), MAY)
    assert again.state == "审批中"


def test_early_return_frees_the_place() -> None:
    one, two, three = people(3)
    first = approved(one, MARCH, None)
    approved(two, MARCH, None)
    later = datetime(2022, 4, 15, 2, 0, tzinfo=UTC)
    return_secondment(actor=user("clerk-a"), secondment_id=first.pk, last_day=date(2022, 4, 10), at=later)
    first.refresh_from_db()
    assert (first.end, first.returned_on) == (date(2022, 4, 10), date(2022, 4, 10))
    assert ask(three, date(2022, 4, 11), None, at=later).pk
    with pytest.raises(Overtaken):
        return_secondment(actor=user("clerk-a"), secondment_id=first.pk, last_day=date(2022, 4, 11), at=later)


def test_a_return_lies_between_start_and_today() -> None:
    secondment = approved(person(), MARCH, MAY)
    for day in (date(2022, 2, 28), date(2022, 3, 2)):
        with pytest.raises(Refused, match="之间"):
            return_secondment(actor=user("clerk-a"), secondment_id=secondment.pk, last_day=day, at=NOW)


def test_overdue_people_still_take_their_place() -> None:
    one, two, three = people(3)
    late = approved(one, MARCH, date(2022, 3, 31))
    approved(two, MARCH, None)
    day = date(2022, 4, 15)
    assert overdue_secondments(user("bureau"), date(2022, 3, 31)) == []
    (overdue,) = overdue_secondments(user("bureau"), day)
    assert overdue.secondment == late and overdue.since == date(2022, 4, 1)
    assert overdue_secondments(user("leader-b"), day) == []
    with pytest.raises(Refused, match="已返回"):
        ask(three, day, None, at=datetime(2022, 4, 15, 2, 0, tzinfo=UTC))


def test_too_long_is_overdue_in_ordos() -> None:
    Secondment.objects.create(worker=person(O1), body="旗信访局", start=MARCH, end=None)
    assert overdue_secondments(user("bureau-o"), MAY) == []
    assert [one.since for one in overdue_secondments(user("bureau-o"), JUNE)] == [JUNE]


def test_rights_and_reach() -> None:
    worker = person()
    with pytest.raises(NotAllowed):
        ask(worker, actor=user("clerk-o"))
    with pytest.raises(NotAllowed):
        ask(worker, actor=user("leader-a"))
    secondment = ask(worker)
    for name in ("clerk-a", "leader-a", "bureau-o", "organisation"):
        with pytest.raises(NotAllowed):
            approve_secondment(actor=user(name), secondment_id=secondment.pk, at=NOW)
    with pytest.raises(NotAllowed):
        return_secondment(actor=user("clerk-o"), secondment_id=secondment.pk, last_day=MARCH, at=NOW)


def test_no_policy_in_force_is_refused() -> None:
    with pytest.raises(PolicyGap, match="2022-01-01"):
        ask(person(), date(2021, 12, 31), None)


def test_every_move_is_kept() -> None:
    secondment = approved(person())
    kept = Change.objects.filter(worker=secondment.worker).order_by("id").values_list("actor__username", "reason")
    assert list(kept) == [("clerk-a", "申请借调"), ("bureau", "区政府")]
