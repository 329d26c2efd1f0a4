"""Keys of another street smuggled into one's own forms are refused, and nothing moves."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from songshan_cw.data.refusal import NotAllowed
from tests.scope.forms import form_data, submit
from tests.scope.test_routes import leaks, snapshot
from tests.scope.world import AT, World, id_number
from workers.models import Certificate, PostAssignment, Worker
from workers.services import Entry, amend_person, record_fact, register_worker, remove_fact, remove_worker

OTHER_WORKER = {
    "workers/postassignment": {"start": "2024-01-01", "post": "工作人员", "position": "社区工作者"},
    "workers/educationrecord": {"level": "硕士研究生", "earned_on": "2024-01-01"},
    "workers/categoryrecord": {"start": "2024-01-01", "category": "调入人员", "document_no": "文1"},
    "workers/certificate": {"level": "高级社会工作师", "approved_on": "2024-01-01"},
    "workers/servicegap": {"first_day": "2024-01-01", "last_day": "2024-02-01"},
    "workers/placement": {"month": "2024-01", "credited_months": "60"},
    "workers/exit": {"left_on": "2026-01-01", "reason": "自动辞职"},
    "workers/hiring": {"method": "公开招录"},
    "workers/contract": {"start": "2024-01-01"},
    "workers/secondment": {"body": "局", "start": "2024-01-01", "end": "2024-02-01", "reason": "帮忙"},
    "workers/training": {"name": "班", "start": "2024-01-01", "end": "2024-01-02"},
    "workers/absence": {"first_day": "2026-02-03", "last_day": "2026-02-03"},
    "workers/leave": {"kind": "年休假", "first_day": "2026-02-03", "last_day": "2026-02-03", "days": "1"},
    "workers/visit": {"month": "2026-03", "households": "30"},
    "workers/committeeseat": {"committee": "社区居委会", "start": "2026-02-03"},
    "workers/partyworker": {"start": "2026-02-03"},
    "workers/honour": {"name": "先进", "level": "市级", "awarded_on": "2026-02-03"},
    "assessment/annualassessment": {"year": "2023", "result": "合格"},
    "payroll/personalweight": {"year": "2025", "weight": "1", "reason": "由"},
}


@pytest.mark.parametrize("page", OTHER_WORKER)
def test_a_fact_cannot_be_given_to_a_person_of_another_street(world: World, clerk: Client, page: str) -> None:
    before = snapshot()
    keys = {"worker": world.b.workers[0].pk, "community": world.a.community.pk, "street": world.a.region.pk}
    response = submit(clerk, f"/{page}/add/", **OTHER_WORKER[page], **keys)
    assert response.status_code == 200
    assert leaks(response) == []
    assert snapshot() == before


@pytest.mark.parametrize("page", OTHER_WORKER)
def test_the_same_page_takes_a_person_of_the_own_street(world: World, clerk: Client, page: str) -> None:
    newcomer = Worker(
        id_number=id_number("15040419950505", 9),
        name="甲某九",
        category="专职工作者",
        hired_on=date(2019, 1, 1),
        entry_education="大学本科",
    )
    register_worker(
        actor=world.admin,
        worker=newcomer,
        community=world.a.community,
        post=PostAssignment._meta.get_field("post").choices[2][0],
        position="社区工作者",
        at=AT,
    )
    keys = {"worker": newcomer.pk, "community": world.a.community.pk, "street": world.a.region.pk}
    assert submit(clerk, f"/{page}/add/", **OTHER_WORKER[page], **keys).status_code == 302


def test_nobody_is_moved_to_another_street_by_a_clerk(world: World, clerk: Client) -> None:
    before = snapshot()
    given = {"start": "2024-01-01", "post": "工作人员", "position": "社区工作者", "worker": world.a.workers[0].pk}
    response = submit(clerk, "/workers/postassignment/add/", **given, community=world.b.community.pk)
    assert response.status_code == 200
    row = world.a.rows["workers.postassignment"]
    response = submit(clerk, f"/workers/postassignment/{row.pk}/change/", community=world.b.community.pk)
    assert response.status_code == 200
    assert leaks(response) == []
    assert snapshot() == before


def test_a_person_cannot_be_registered_in_another_street(world: World, clerk: Client) -> None:
    before = snapshot()
    response = submit(clerk, "/workers/worker/add/", **newcomer_fields(), community=world.b.community.pk)
    assert response.status_code == 200
    assert leaks(response) == []
    assert snapshot() == before


def test_a_known_id_number_is_refused_without_saying_whose(world: World, clerk: Client) -> None:
    fields = newcomer_fields() | {"id_number": world.b.workers[0].id_number, "community": world.a.community.pk}
    response = submit(clerk, "/workers/worker/add/", **fields)
    assert "已登记" in response.content.decode()
    assert "秘" not in response.content.decode()


@pytest.mark.parametrize("removed", ["", "on"])
def test_inline_rows_of_another_street_cannot_be_reached(world: World, clerk: Client, removed: str) -> None:
    before = snapshot()
    url = f"/workers/worker/{world.a.workers[0].pk}/change/"
    data = form_data(clerk.get(url))
    foreign = world.b.rows["workers.certificate"]
    data |= {"certificates-0-id": foreign.pk, "certificates-0-number": "改", "certificates-0-DELETE": removed}
    response = clerk.post(url, data)
    assert response.status_code in {200, 302}
    assert snapshot() == before


def test_weights_are_set_for_the_own_street_only(world: World, clerk: Client) -> None:
    before = snapshot()
    response = submit(
        clerk, "/payroll/resultweight/add/", street=world.b.region.pk, year="2025", result="合格", weight="2"
    )
    assert response.status_code == 200
    assert leaks(response) == []
    assert snapshot() == before


def test_actions_take_no_keys_and_change_nothing(world: World, clerk: Client) -> None:
    before = snapshot()
    for keys in ([world.b.workers[0].pk], ["x"], ["1e99"]):
        for action in ("delete_selected", "x"):
            data: dict[str, Any] = {"action": action, "_selected_action": keys, "select_across": "1", "post": "yes"}
            assert clerk.post("/workers/worker/", data).status_code < 500
    assert snapshot() == before


def test_services_ask_for_the_reach_themselves(world: World) -> None:
    """Whoever calls, page or command: the rule is the service's."""
    actor, foreign = world.a.clerk, world.b.workers[0]
    before = snapshot()
    certificate = world.b.rows["workers.certificate"]
    attempts = [
        lambda: amend_person(actor=actor, worker=foreign, saved=[Entry(Worker.objects.get(pk=foreign.pk))], at=AT),
        lambda: remove_worker(actor=actor, worker=foreign, at=AT),
        lambda: record_fact(actor=actor, instance=certificate, at=AT),
        lambda: remove_fact(actor=actor, instance=certificate, at=AT),
        lambda: record_fact(
            actor=actor, instance=Certificate(worker=foreign, level="高级社会工作师", approved_on=AT.date()), at=AT
        ),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed, match="不存在，或不在您的管辖范围内"):
            attempt()
    assert snapshot() == before


def test_a_person_moved_away_is_out_of_sight(world: World, clerk: Client) -> None:
    person = world.a.workers[0]
    moved = PostAssignment(
        worker=person, start=date(2026, 1, 1), community=world.b.community, post="工作人员", position="社区工作者"
    )
    record_fact(actor=world.admin, instance=moved, at=AT)
    assert clerk.get(f"/workers/worker/{person.pk}/change/").status_code == 404
    assert clerk.get(f"/workers/certificate/{world.a.rows['workers.certificate'].pk}/change/").status_code == 404


def newcomer_fields() -> dict[str, str]:
    return {
        "name": "新某",
        "id_number": id_number("15040419970707", 5),
        "category": "专职工作者",
        "hired_on": "2026-10-08",
        "entry_education": "大学本科",
        "post": "工作人员",
        "position": "社区工作者",
    }
