"""Forms of leave, AB 岗, households and the calendar go through their services."""

from typing import Any

import pytest
from django.test import Client

from songshan_cw.words.terms import Role
from tests.scope.conftest import client_of
from tests.scope.forms import errors_of, submit
from tests.scope.world import World
from workers.models import CalendarDay, CommunityProfile, DutyBackup, Leave

LEAVE = {"kind": "年休假", "first_day": "2026-03-02", "last_day": "2026-03-04", "days": "3"}


def leave(client: Client, world: World, **given: str) -> Any:
    return submit(client, "/workers/leave/add/", worker=world.a.workers[0].pk, **{**LEAVE, **given})


def test_a_leave_is_of_the_policys_kinds(clerk: Client, world: World) -> None:
    form = clerk.get("/workers/leave/add/").context["adminform"].form
    assert "年休假" in dict(form.fields["kind"].choices)
    assert leave(clerk, world).status_code == 302
    assert Leave.objects.filter(first_day="2026-03-02").count() == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [({"days": "9"}, "休假天数不能超过"), ({"first_day": "2019-03-02", "last_day": "2019-03-04"}, "没有施行中的政策")],
)
def test_a_leave_the_service_refuses_is_explained(
    clerk: Client, world: World, given: dict[str, str], said: str
) -> None:
    assert said in errors_of(leave(clerk, world, **given))
    assert Leave.objects.count() == 2


def test_a_backup_is_of_the_same_street(world: World) -> None:
    client, before = client_of(world.admin), DutyBackup.objects.count()
    given = {"worker": world.a.workers[0].pk, "backup": world.b.workers[0].pk, "duty": "党建", "start": "2026-03-02"}
    assert "同一街道" in errors_of(submit(client, "/workers/dutybackup/add/", **given))
    assert DutyBackup.objects.count() == before


def test_a_clerk_keeps_the_households_of_the_own_street(clerk: Client, world: World) -> None:
    given = {"community": world.a.community.pk, "since": "2026-06-01", "households": "1200"}
    assert submit(clerk, "/workers/communityprofile/add/", **given).status_code == 302
    profile = CommunityProfile.objects.get(households=1200)
    assert submit(clerk, f"/workers/communityprofile/{profile.pk}/change/", households="1300").status_code == 302
    assert clerk.post(f"/workers/communityprofile/{profile.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not CommunityProfile.objects.filter(pk=profile.pk).exists()
    foreign = {"community": world.b.community.pk, "since": "2026-06-01", "households": "1"}
    assert "community" in submit(clerk, "/workers/communityprofile/add/", **foreign).context["adminform"].form.errors


def test_the_bureau_keeps_the_calendar(world: World) -> None:
    client = client_of(world.user(Role.BUREAU))
    assert client.get("/workers/calendarday/add/").context["adminform"].form["district"].value() == "150404"
    given = {"district": "150404", "day": "2027-07-11", "kind": "休息", "name": "那达慕"}
    assert submit(client, "/workers/calendarday/add/", **given).status_code == 302
    day = CalendarDay.objects.get()
    assert submit(client, f"/workers/calendarday/{day.pk}/change/", name="那达慕大会").status_code == 302
    assert client.post(f"/workers/calendarday/{day.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not CalendarDay.objects.exists()


def test_reasons_to_leave_are_offered(clerk: Client) -> None:
    text = clerk.get("/workers/exit/add/").content.decode()
    assert '<datalist id="list-reason"><option value="' in text and "自动辞职" in text
