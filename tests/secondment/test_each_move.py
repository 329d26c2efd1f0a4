"""Each move of a secondment, field by field: who, when, what was said and which document (rules 9.1)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from songshan_cw.data.refusal import NotAllowed, Overtaken, Refused
from tests.compliance.world import A1, A2, O1, people, person, user
from tests.secondment.test_secondments import MARCH, MAY, NOW, approved, ask
from workers.models import Change, PostAssignment, Secondment, SecondmentApproval, User, Worker
from workers.services.secondments import approve_secondment, reject_secondment, request_secondment, return_secondment

pytestmark = pytest.mark.usefixtures("regions")
LATER = NOW + timedelta(hours=3)


def approval(secondment: Secondment, number: int) -> tuple[Any, ...]:
    row = SecondmentApproval.objects.get(secondment=secondment, step=number)
    return row.authority, row.role, row.agreed, row.by, row.at, row.document_no, row.reason


def last_change(secondment: Secondment) -> Change:
    return Change.objects.filter(worker=secondment.worker).latest("id")


def test_a_request_keeps_who_asked_when_and_why() -> None:
    asked = ask(person(), reason=" 专项工作 ", body="区民政局", at=LATER)
    asked.refresh_from_db()
    assert (asked.requested_by, asked.requested_at, asked.state) == (user("clerk-a"), LATER, "审批中")
    assert (asked.body, asked.reason, asked.start, asked.end) == ("区民政局", "专项工作", MARCH, MAY)
    with pytest.raises(Refused, match="请写明借调原因"):
        ask(person(), reason=" ")
    assert Secondment.objects.count() == 1


def test_each_approval_keeps_office_person_time_document_and_words() -> None:
    asked = ask(person())
    done: dict[str, Any] = {"actor": user("bureau"), "secondment_id": asked.pk, "at": LATER}
    moved = approve_secondment(reason="同意", **done)
    assert moved.pk == asked.pk and moved.state == "审批中"
    assert approval(asked, 1) == ("区民政局", "民政局", True, user("bureau"), LATER, "", "同意")
    changes = Change.objects.filter(worker=asked.worker).count()
    with pytest.raises(Refused, match="请填写批准文件的文号"):
        approve_secondment(document_no="  ", **done)
    moved = approve_secondment(document_no=" 政函1号 ", **done)
    assert moved.state == "已批准"
    assert approval(asked, 2) == ("区政府", "民政局", True, user("bureau"), LATER, "政函1号", "")
    change = last_change(asked)
    assert Change.objects.filter(worker=asked.worker).count() == changes + 1
    assert change.items == [["借调", str(moved), "状态", "审批中", "已批准"]]
    assert (change.actor, change.reason, change.street_id) == (user("bureau"), "区政府", "150404001")


def test_only_an_office_outside_needs_a_document() -> None:
    """In Ordos both steps are decided by those who enter them."""
    asked = ask(person(O1))
    approve_secondment(actor=user("organisation-o"), secondment_id=asked.pk, at=NOW)
    done = approve_secondment(actor=user("bureau-o"), secondment_id=asked.pk, at=NOW)
    assert done.state == "已批准"
    with pytest.raises(Overtaken, match="这项借调已批准"):
        approve_secondment(actor=user("bureau-o"), secondment_id=asked.pk, at=NOW)


def test_whose_turn_it_is_is_said() -> None:
    asked = ask(person(O1))
    with pytest.raises(NotAllowed, match="现在应由旗区组织部门审批（组织部办理）"):
        reject_secondment(actor=user("bureau-o"), secondment_id=asked.pk, reason="人手不足", at=NOW)
    assert not SecondmentApproval.objects.exists()


def test_a_refusal_keeps_its_reason() -> None:
    asked = ask(person())
    moved = reject_secondment(actor=user("bureau"), secondment_id=asked.pk, reason=" 人手不足 ", at=LATER)
    assert moved.pk == asked.pk and moved.state == "未批准"
    assert approval(asked, 1) == ("区民政局", "民政局", False, user("bureau"), LATER, "", "人手不足")
    assert last_change(asked).reason == "人手不足"
    with pytest.raises(Overtaken, match="这项借调未批准"):
        reject_secondment(actor=user("bureau"), secondment_id=asked.pk, reason="再次", at=LATER)


def test_who_may_not_is_told_so_and_strangers_see_nothing() -> None:
    asked = ask(person())
    for move in (
        lambda who: approve_secondment(actor=user(who), secondment_id=asked.pk, at=NOW),
        lambda who: reject_secondment(actor=user(who), secondment_id=asked.pk, reason="不", at=NOW),
    ):
        with pytest.raises(NotAllowed, match="不能审批借调"):
            move("clerk-a")
        with pytest.raises(NotAllowed, match="不存在，或不在您的管辖范围内"):
            move("bureau-o")
    with pytest.raises(NotAllowed, match="不存在，或不在您的管辖范围内"):
        approve_secondment(actor=user("bureau"), secondment_id=asked.pk + 999, at=NOW)
    with pytest.raises(NotAllowed, match="不存在，或不在您的管辖范围内"):
        return_secondment(actor=user("clerk-a"), secondment_id=asked.pk + 999, last_day=MARCH, at=NOW)
    with pytest.raises(NotAllowed, match="不存在，或不在您的管辖范围内"):
        return_secondment(actor=user("clerk-o"), secondment_id=asked.pk, last_day=MARCH, at=NOW)


def give_back(secondment: Secondment, day: date, actor: User | None = None, **more: Any) -> Secondment:
    later = datetime(2022, 4, 15, 2, 0, tzinfo=NOW.tzinfo)
    return return_secondment(
        actor=actor or user("clerk-a"), secondment_id=secondment.pk, last_day=day, at=later, **more
    )


def test_a_return_on_its_first_day_and_today_and_its_reason() -> None:
    first, second = (approved(person(), MARCH, None) for _ in range(2))
    assert give_back(first, MARCH).returned_on == MARCH
    assert last_change(first).reason == "登记借调返回"
    assert give_back(second, date(2022, 4, 15), reason="工作提前完成").end == date(2022, 4, 15)
    assert last_change(second).reason == "工作提前完成"


@pytest.mark.parametrize("day", [date(2022, 2, 28), date(2022, 4, 16)])
def test_a_return_before_the_start_or_after_today_is_refused(day: date) -> None:
    with pytest.raises(Refused, match=f"借调最后一天应在2022-03-01至今天之间，收到的是{day}。"):
        give_back(approved(person(), MARCH, None), day)


def test_only_an_approved_one_can_be_returned_and_only_once() -> None:
    waiting = ask(person())
    with pytest.raises(Overtaken, match="只有已批准、尚未返回的借调可以登记返回"):
        give_back(waiting, MARCH)
    done = approved(person(), MARCH, None)
    give_back(done, MARCH)
    with pytest.raises(Overtaken, match="只有已批准、尚未返回的借调可以登记返回"):
        give_back(done, MARCH)


def test_who_has_no_post_cannot_be_lent() -> None:
    worker = person()
    PostAssignment.objects.filter(worker=worker).delete()
    with pytest.raises(Refused, match="该人员没有任职记录，请先登记任职"):
        request_secondment(
            actor=user("clerk-a"), worker=worker, body="区民政局", start=MARCH, end=MAY, reason="专项", at=NOW
        )


def third(*posts: tuple[date, str]) -> Worker:
    """A person with these appointments, where two of the first community are already away from March on."""
    for one in people(2):
        approved(one, MARCH, None)
    worker = person()
    PostAssignment.objects.filter(worker=worker).delete()
    for start, community in posts:
        PostAssignment.objects.create(
            worker=worker, start=start, community_id=community, post="工作人员", position="社区工作者"
        )
    return worker


@pytest.mark.parametrize(
    ("posts", "refused"),
    [
        ([(date(2020, 1, 1), A2), (MARCH, A1)], True),  # moved here on the very day
        ([(date(2020, 1, 1), A1), (MARCH, A2)], False),
        ([(date(2020, 1, 1), A1), (date(2022, 6, 1), A2)], True),  # moves away later
        ([(date(2020, 1, 1), A2), (date(2022, 6, 1), A1)], False),
        ([(date(2022, 4, 1), A1), (date(2022, 6, 1), A2)], True),  # not yet appointed: the first appointment
    ],
)
def test_a_person_counts_in_the_community_of_the_first_day_away(posts: list[tuple[date, str]], refused: bool) -> None:
    worker = third(*posts)
    if refused:
        with pytest.raises(Refused, match="超过2人"):
            ask(worker)
    else:
        assert ask(worker).state == "审批中"


@pytest.mark.postgres
def test_approvals_of_one_community_queue_at_its_lock() -> None:
    asked = ask(person())
    with CaptureQueriesContext(connection) as seen:
        approve_secondment(actor=user("bureau"), secondment_id=asked.pk, at=NOW)
    locks = [query["sql"] for query in seen if "FOR NO KEY UPDATE" in query["sql"]]
    assert len(locks) == 1 and f"'{A1}'" in locks[0]
