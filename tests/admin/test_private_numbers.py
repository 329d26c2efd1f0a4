"""Whole numbers: masked on every page, shown for a purpose alone, editable without being seen (rules 10.6)."""

from collections.abc import Iterator

import pytest
from django.contrib.messages import get_messages
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from songshan_cw.words.terms import Role
from tests.scope.conftest import client_of
from tests.scope.forms import errors_of, submit
from tests.scope.test_routes import leaks
from tests.scope.world import DISTRICT, World
from workers.models import Change, PrivateAccess, User, Worker
from workers.selectors.personal_data import OLD_STYLE, TRAILS, UNTOLD, tables_about_people

WITH_RIGHT = (Role.CLERK, Role.LEADER, Role.BUREAU, Role.ADMINISTRATOR)


@pytest.fixture
def person(world: World) -> Worker:
    return world.a.workers[0]


def trusted(user: User) -> Client:
    User.objects.filter(pk=user.pk).update(sees_private=True)
    return client_of(User.objects.get(pk=user.pk))


def whole(person: Worker) -> tuple[str, ...]:
    return person.id_number, person.phone, person.bank_account


def numbers(person: Worker) -> str:
    return reverse("admin:person_numbers", args=[person.pk])


def report(person: Worker) -> str:
    return reverse("admin:person_report", args=[person.pk])


@pytest.mark.parametrize("role", WITH_RIGHT)
def test_even_with_the_right_no_page_shows_a_whole_number_unasked(world: World, person: Worker, role: Role) -> None:
    client = trusted(world.user(role))
    addresses = [f"/workers/worker/{person.pk}/{tail}/" for tail in ("change", "history")]
    addresses += ["/workers/worker/", "/people/", f"/people/{person.pk}/", numbers(person), report(person)]
    addresses += [f"/people/{person.pk}/?tab={tab}" for tab in ("pay", "changes", "posts")]
    addresses.append(reverse("admin:pay_slip_print", args=[world.a.rows["payroll.payslip"].pk]))
    for address in addresses:
        body = client.get(address, follow=True).content.decode()
        assert [number for number in whole(person) if number in body] == [], address
    assert not PrivateAccess.objects.filter(actor=world.user(role), worker=person).exists()


@pytest.mark.parametrize("role", WITH_RIGHT)
def test_a_purpose_shows_the_numbers_and_is_recorded(world: World, person: Worker, role: Role) -> None:
    user = world.user(role)
    client = trusted(user)
    refused = client.post(numbers(person), {"purpose": " "}, follow=True).content.decode()
    assert "须写明用途" in refused and not [number for number in whole(person) if number in refused]
    shown = client.post(numbers(person), {"purpose": "办理社保"})
    assert all(number in shown.content.decode() for number in whole(person))
    assert "no-store" in shown["Cache-Control"]
    access = PrivateAccess.objects.get(worker=person)
    assert (access.actor, access.purpose, access.people, access.region) == (user, "办理社保", 1, None)


@pytest.mark.parametrize("address", [numbers, report])
def test_without_the_right_there_is_no_way(world: World, clerk: Client, person: Worker, address: object) -> None:
    for answer in (clerk.get(address(person)), clerk.post(address(person), {"purpose": "办理社保"}, follow=True)):
        body = answer.content.decode()
        assert "没有查看完整证件号和账号的权限" in body and not [number for number in whole(person) if number in body]
    assert not PrivateAccess.objects.filter(worker=person).exists()


def test_a_slip_is_printed_masked_or_for_a_purpose_whole(world: World, person: Worker) -> None:
    address = reverse("admin:pay_slip_print", args=[world.a.rows["payroll.payslip"].pk])
    client = trusted(world.a.clerk)
    masked = client.get(address).content.decode()
    assert person.name in masked and "工资条" in masked and world.a.workers[1].name not in masked
    body = client.post(address, {"purpose": "本人办贷款"}).content.decode()
    assert person.id_number in body and person.bank_account in body
    assert PrivateAccess.objects.get(worker=person).what.startswith("打印2026年10月工资条")


@pytest.mark.parametrize("field", ["phone", "bank_account"])
def test_a_number_is_changed_kept_and_cleared_without_being_seen(
    world: World, clerk: Client, person: Worker, field: str
) -> None:
    address = f"/workers/worker/{person.pk}/change/"
    submit(clerk, address, note="改备注")
    assert getattr(Worker.objects.get(pk=person.pk), field) == getattr(person, field)
    submit(clerk, address, **{field: "13700001234"})
    assert getattr(Worker.objects.get(pk=person.pk), field) == "13700001234"
    submit(clerk, address, **{field: "无"})
    assert getattr(Worker.objects.get(pk=person.pk), field) == ""
    assert "13700001234" not in str(list(Change.objects.values_list("items", flat=True)))
    assert "只含数字" in errors_of(submit(clerk, address, **{field: "1370000x"}))


def test_a_shared_account_is_told_and_names_only_whom_one_may_see(world: World, clerk: Client) -> None:
    own, foreign = world.a.workers[1], world.b.workers[0]
    for account, told in ((own.bank_account, own.name), (foreign.bank_account, "其他街道的人")):
        answer = submit(clerk, f"/workers/worker/{world.a.workers[0].pk}/change/", bank_account=account)
        assert answer.status_code == 302
        message = str([str(one) for one in get_messages(answer.wsgi_request)])
        assert told in message and "秘" not in message


# --- the report ---


def table_rows(world: World) -> Iterator[tuple[type[Model], list[str]]]:
    return ((model, names) for model, names in tables_about_people() if world.a.rows.get(model._meta.label_lower))


def test_the_report_holds_every_table_that_names_the_person(world: World, person: Worker) -> None:
    body = trusted(world.a.clerk).post(report(person), {"purpose": "本人申请查阅"}).content.decode()
    assert all(number in body for number in whole(person))
    models = [model for model, _ in tables_about_people()]
    assert len(models) > 20 and all(str(model._meta.verbose_name) in body for model in models)
    told = 0
    for model, names in table_rows(world):
        row = model._default_manager.filter(**{names[0]: person}).first()
        if row is not None:
            told += 1
            texts = [getattr(row, field.name) for field in model._meta.concrete_fields if field.name not in UNTOLD]
            assert all(text in body for text in texts if isinstance(text, str) and "甲" in text), model
    assert told > 15
    assert "本人申请查阅" in body and "登记" in body


def test_who_looked_is_told_to_the_person_and_nobody_elses(world: World, person: Worker) -> None:
    actor = world.a.clerk
    User.objects.filter(pk=actor.pk).update(sees_private=True)
    old = f"查看{OLD_STYLE}"
    PrivateAccess.objects.create(actor=actor, what=f"{old}{person.pk}）的完整证件号和账号")
    PrivateAccess.objects.create(actor=actor, what=f"{old}{person.pk}9）别人")
    PrivateAccess.objects.create(actor=actor, what="看了别人", worker=world.a.workers[1])
    PrivateAccess.objects.create(actor=actor, what="全区名册", people=9, region_id=DISTRICT)
    PrivateAccess.objects.create(actor=actor, what="别街名册", people=9, region=world.b.region)
    PrivateAccess.objects.create(actor=actor, what="别街编册", people=9, region=world.b.community)
    body = client_of(User.objects.get(pk=actor.pk)).post(report(person), {"purpose": "本人申请"}).content.decode()
    section = body[body.index("查看记录（谁") :]
    assert all(text in section for text in (f"{old}{person.pk}）", "全区名册", "批量，9人", "个人信息查阅"))
    assert not [text for text in ("看了别人", "别街名册", "别街编册", "9）别人") if text in section]


def test_the_report_of_somebody_foreign_is_not_there(world: World) -> None:
    client = trusted(world.a.clerk)
    for worker in world.b.workers:
        for method in (client.get, client.post):
            answer = method(report(worker), {"purpose": "本人申请"})
            assert answer.status_code == 404 and leaks(answer) == []
    assert not PrivateAccess.objects.filter(worker__in=world.b.workers).exists()


def test_the_report_needs_who_sees_pay_and_people(world: World) -> None:
    person = world.a.workers[1]
    answer = trusted(world.organisation).post(report(person), {"purpose": "本人申请"}, follow=True)
    assert "您的角色没有这项权限，由" in answer.content.decode()
    assert trusted(world.finance).get(report(person)).status_code == 403


def test_a_model_that_names_people_is_in_the_report_or_a_trail() -> None:
    named = {model._meta.label for model, _ in tables_about_people()}
    assert {"workers.Certificate", "payroll.Payslip", "assessment.AnnualAssessment", "workers.DutyBackup"} <= named
    assert not named & {model._meta.label for model in TRAILS}
