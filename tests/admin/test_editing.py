"""Editing by page: one service call, recorded old → new, refused in words, and the second of two editors is told."""

from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from songshan_cw.data.refusal import Overtaken, Refused
from songshan_cw.words.terms import SecondmentState
from tests.scope.conftest import client_of
from tests.scope.forms import errors_of, form_data, submit
from tests.scope.test_forged_writes import newcomer_fields
from tests.scope.test_routes import snapshot
from tests.scope.world import AT, World
from workers.models import Change, PostAssignment, PrivateAccess, Secondment, Standing, User, Worker
from workers.services import Entry, amend_person, record_fact, save_user, version_of


def person_url(world: World, tail: str = "change") -> str:
    return f"/workers/worker/{world.a.workers[0].pk}/{tail}/"


def test_registering_gives_person_appointment_standing_and_trail(world: World, clerk: Client) -> None:
    response = submit(clerk, "/workers/worker/add/", **newcomer_fields(), community=world.a.community.pk)
    assert response.status_code == 302
    person = Worker.objects.get(name="新某")
    assert person.initials == "xm"
    assert person.postassignments.get().start == date(2026, 10, 8)
    assert Standing.objects.get(worker=person).street_id == world.a.region.pk
    change = Change.objects.get(worker=person)
    assert change.actor == world.a.clerk
    assert change.street == world.a.region
    assert person.id_number not in str(change.items)


def test_an_id_number_taken_says_what_to_do_and_nothing_of_the_other_street(world: World, clerk: Client) -> None:
    told = []
    for holder in (world.a.workers[0], world.b.workers[0]):
        given = {**newcomer_fields(), "id_number": holder.id_number}
        page = submit(clerk, "/workers/worker/add/", **given, community=world.a.community.pk)
        told.append(errors_of(page))
        assert "调入人员的，请联系系统管理员办理" in page.content.decode()
        assert world.b.workers[0].name not in page.content.decode()
    assert told[0] == told[1]


def test_a_day_of_hiring_far_ahead_is_refused_as_the_import_refuses_it(world: World, clerk: Client) -> None:
    given = {**newcomer_fields(), "hired_on": "2036-01-01"}
    response = submit(clerk, "/workers/worker/add/", **given, community=world.a.community.pk)
    assert "参加社区工作时间：日期2036-01-01晚于" in response.content.decode()
    assert not Worker.objects.filter(name="新某").exists()


def test_a_page_saves_person_and_facts_together(world: World, clerk: Client) -> None:
    changes = {"phone": "13700000000", "certificates-0-number": "新证号"}
    assert submit(clerk, person_url(world), **changes).status_code == 302
    person = Worker.objects.get(pk=world.a.workers[0].pk)
    assert person.phone == "13700000000"
    assert person.certificates.get().number == "新证号"
    told = [item[2:] for item in Change.objects.filter(worker=person).first().items]
    assert told == [["联系电话", "136****1111", "137****0000"], ["证书编号", "甲证", "新证号"]]


def test_a_post_once_held_in_another_street_is_shown_and_kept(world: World, clerk: Client) -> None:
    """A browser leaves a disabled choice out; forged, it is not taken either."""
    person = world.a.workers[0]
    now = person.postassignments.get()
    later = PostAssignment(
        worker=person, start=date(2026, 2, 1), community=now.community, post="工作人员", position="社区工作者"
    )
    record_fact(actor=world.admin, instance=later, at=AT)
    PostAssignment.objects.filter(pk=now.pk).update(community=world.b.community)
    page = clerk.get(person_url(world))
    [row] = [
        form
        for inline in page.context["inline_admin_formsets"]
        for form in inline.formset.forms
        if form.instance == now
    ]
    assert row.fields["community"].disabled and world.b.community.name in str(row["community"])
    for given in ({}, {f"{row.prefix}-community": str(world.a.community.pk)}):
        data = form_data(clerk.get(person_url(world))) | {"note": f"改{given}"}
        data.pop(f"{row.prefix}-community")
        assert clerk.post(person_url(world), data | given).status_code == 302
        now.refresh_from_db()
        assert now.community == world.b.community
    person.refresh_from_db()
    assert person.note.startswith("改")


def test_saving_without_a_change_leaves_no_trail(world: World, clerk: Client) -> None:
    before = Change.objects.count()
    assert submit(clerk, person_url(world)).status_code == 302
    assert Change.objects.count() == before


def test_a_refusal_comes_back_on_the_form_and_nothing_is_kept(world: World, clerk: Client) -> None:
    before = snapshot()
    response = submit(clerk, person_url(world), phone="13700000000", **{"educationrecords-0-earned_on": "2001-01-01"})
    assert response.status_code == 200
    assert "早于参加社区工作时间" in errors_of(response)
    assert "13700000000" in response.content.decode()
    assert snapshot() == before


@pytest.mark.parametrize(
    ("page", "fields", "words"),
    [
        ("postassignment", {"start": "2024-01-01", "post": "正职", "position": "社区工作者"}, "属于工作人员"),
        (
            "postassignment",
            {"start": "2024-01-01", "post": "副职", "position": "党组织副书记", "dual": "on"},
            "一肩挑仅适用于正职",
        ),
        ("servicegap", {"first_day": "2021-04-01", "last_day": "2021-06-01"}, "重叠"),
        ("servicegap", {"first_day": "2010-01-01", "last_day": "2010-06-01"}, "早于参加社区工作时间"),
        ("placement", {"month": "2010-01", "credited_months": "12"}, "早于参加社区工作的月份"),
        ("placement", {"month": "2022-13", "credited_months": "12"}, "2022-03"),
        ("exit", {"left_on": "2017-01-01", "reason": "自动辞职"}, "早于参加社区工作时间"),
        ("exit", {"left_on": "2024-01-01", "reason": "不想干了"}, "不在政策列明的原因中（二(四)5）。请选择："),
        ("educationrecord", {"level": "大学专科", "earned_on": "2020-01-01"}, "不高于入职学历"),
        ("contract", {"start": "0208-01-01"}, "请核对年份"),
        ("certificate", {"level": "社会工作师", "approved_on": "2020-01-01"}, "已登记"),
    ],
)
def test_contradictions_are_refused_in_words(
    world: World, clerk: Client, page: str, fields: dict[str, str], words: str
) -> None:
    before = snapshot()
    keys = {"worker": world.a.workers[0].pk, "community": world.a.community.pk}
    response = submit(clerk, f"/workers/{page}/add/", **fields, **keys)
    assert response.status_code == 200
    assert words in errors_of(response)
    assert snapshot() == before


def test_the_second_of_two_editors_is_told(world: World, clerk: Client) -> None:
    url = person_url(world)
    first, second = form_data(clerk.get(url)), form_data(clerk.get(url))
    assert clerk.post(url, first | {"phone": "13700000001"}).status_code == 302
    response = clerk.post(url, second | {"phone": "13700000002"})
    assert response.status_code == 200
    assert f"已被他人修改（{world.a.clerk}，" in errors_of(response)
    assert Worker.objects.get(pk=world.a.workers[0].pk).phone == "13700000001"
    assert clerk.post(url, second | {"phone": "13700000002"}).status_code == 200


def test_a_page_without_its_version_is_not_saved(world: World, clerk: Client) -> None:
    response = submit(clerk, person_url(world), phone="13700000001", seen_version="")
    assert "页面已过期" in errors_of(response)


def test_two_editors_of_one_fact(world: World) -> None:
    person = Worker.objects.get(pk=world.a.workers[0].pk)
    seen = version_of(person)
    Worker.objects.filter(pk=person.pk).update(note="别人写的")
    person.phone = "13700000003"
    with pytest.raises(Overtaken, match="已被他人修改"):
        amend_person(actor=world.a.clerk, worker=person, saved=[Entry(person, seen)], at=AT)


def test_a_paid_person_cannot_be_deleted(world: World, clerk: Client) -> None:
    before = snapshot()
    response = clerk.post(person_url(world, "delete"), {"post": "yes"})
    text = str(next(iter(get_messages(response.wsgi_request))))
    assert "工资条" in text
    assert "登记“离职”" in text
    assert snapshot() == before


def test_a_person_entered_by_mistake_can_be_deleted(world: World, clerk: Client) -> None:
    submit(clerk, "/workers/worker/add/", **newcomer_fields(), community=world.a.community.pk)
    person = Worker.objects.get(name="新某")
    assert clerk.get(f"/workers/worker/{person.pk}/delete/").status_code == 200
    assert clerk.post(f"/workers/worker/{person.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Worker.objects.filter(name="新某").exists()
    assert Change.objects.filter(subject="社区工作者 新某").count() == 2


def test_the_only_appointment_stays(world: World, clerk: Client) -> None:
    row = world.a.rows["workers.postassignment"]
    response = clerk.post(f"/workers/postassignment/{row.pk}/delete/", {"post": "yes"})
    assert "至少要有一条首次任职" in str(next(iter(get_messages(response.wsgi_request))))
    assert type(row).objects.filter(pk=row.pk).exists()


def test_deleting_asks_first_and_get_changes_nothing(world: World, clerk: Client) -> None:
    before = snapshot()
    row = world.a.rows["workers.training"]
    assert clerk.get(f"/workers/training/{row.pk}/delete/").status_code == 200
    assert snapshot() == before
    assert clerk.post(f"/workers/training/{row.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not type(row).objects.filter(pk=row.pk).exists()


def test_a_new_secondment_is_a_request_and_moves_by_approvals_only(world: World, clerk: Client) -> None:
    fields = {"body": "区委", "start": "2026-12-01", "end": "2026-12-31", "reason": "帮忙"}
    assert submit(clerk, "/workers/secondment/add/", worker=world.a.workers[0].pk, **fields).status_code == 302
    asked = Secondment.objects.get(body="区委")
    assert asked.state == SecondmentState.REQUESTED
    assert asked.requested_by == world.a.clerk
    url = f"/workers/secondment/{asked.pk}/change/"
    assert clerk.get(url).status_code == 200
    assert clerk.post(url, {"body": "别处"}).status_code == 403
    with pytest.raises(Refused, match="依次审批"):
        record_fact(actor=world.a.clerk, instance=asked, at=AT)


def test_accounts_are_created_with_a_good_password_and_fitting_region(world: World) -> None:
    client = client_of(world.admin)
    fields = {"username": "new", "role": "街道经办", "region": world.a.region.pk, "is_active": "on"}
    assert "初始密码" in errors_of(submit(client, "/workers/user/add/", **fields))
    assert "至少要8个字符" in errors_of(submit(client, "/workers/user/add/", **fields, new_password="a1"))
    wrong = fields | {"region": "150404", "new_password": "mima-2026-xyz"}
    assert "应选街道" in errors_of(submit(client, "/workers/user/add/", **wrong))
    assert submit(client, "/workers/user/add/", **fields, new_password="mima-2026-xyz").status_code == 302
    assert User.objects.get(username="new").check_password("mima-2026-xyz")
    assert "mima" not in str(list(Change.objects.values_list("items", flat=True)))


def test_nobody_changes_the_own_role(world: World) -> None:
    admin = User.objects.get(pk=world.admin.pk)
    admin.is_active = False
    with pytest.raises(Refused, match="另一位系统管理员"):
        save_user(actor=world.admin, user=admin, at=AT)


def test_private_numbers_are_masked_without_the_right(world: World, clerk: Client) -> None:
    person = world.a.workers[0]
    for client in (clerk, client_of(world.a.leader), client_of(world.bureau)):
        for url in ("/workers/worker/", person_url(world), person_url(world, "history")):
            body = client.get(url).content.decode()
            assert person.id_number not in body, url
            assert person.bank_account not in body, url
    assert not PrivateAccess.objects.filter(what__contains=f"编号{person.pk}").exists()


@pytest.mark.parametrize("role", ["clerk", "leader"])
def test_with_the_right_the_page_leads_to_where_a_purpose_is_asked(world: World, role: str) -> None:
    user = getattr(world.a, role)
    user.sees_private = True
    user.save()
    client, person = client_of(user), world.a.workers[0]
    body = client.get(person_url(world)).content.decode()
    assert not [number for number in (person.id_number, person.phone, person.bank_account) if number in body]
    assert f"/people/{person.pk}/numbers/" in body
    assert not PrivateAccess.objects.filter(actor=user, worker=person).exists()


def test_concealed_numbers_left_empty_stay_and_given_ones_replace(world: World, clerk: Client) -> None:
    person = world.a.workers[0]
    submit(clerk, person_url(world), note="改备注")
    assert Worker.objects.get(pk=person.pk).bank_account == person.bank_account
    submit(clerk, person_url(world), bank_account="6222 0000 7777")
    stored = Worker.objects.get(pk=person.pk)
    assert stored.bank_account == "622200007777"
    assert "只含数字" in errors_of(submit(clerk, person_url(world), bank_account="6222O"))
    assert stored.id_number == person.id_number
    assert "622200007777" not in str(list(Change.objects.values_list("items", flat=True)))
