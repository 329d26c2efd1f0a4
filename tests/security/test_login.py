"""Who may try, how often, from where; and when a sign-in is over."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from songshan_cw.data.refusal import Refused
from songshan_cw.security.signing_in import client_address
from songshan_cw.words.terms import Role
from tests.security.conftest import PASSWORD, make_user
from workers.models import Change, User
from workers.services import create_administrator, save_user

OFFICE, PROXY, ELSEWHERE = "203.0.113.7", "10.0.0.2", "198.51.100.9"
LOGIN, HOME = "/login/", "/"


def attempt(name: str, password: str, address: str = OFFICE, **headers: str) -> int:
    client = Client(REMOTE_ADDR=address, headers=headers)
    return client.post(LOGIN, {"username": name, "password": password}).status_code


def lock(name: str, **where: str) -> None:
    answers = [attempt(name, "wrong", **where) for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]


def test_five_failures_lock_that_user_at_that_address_only(guarded: Any) -> None:
    make_user("clerk")
    make_user("colleague")
    lock("clerk")
    assert attempt("clerk", PASSWORD) == 429
    assert attempt("colleague", PASSWORD) == 302
    assert attempt("clerk", PASSWORD, ELSEWHERE) == 302


def test_an_attacker_in_the_office_cannot_lock_the_office_out(guarded: Any) -> None:
    make_user("clerk")
    for number in range(8):
        lock(f"guess-{number}")
    assert attempt("clerk", PASSWORD) == 302


def test_the_lock_opens_again_and_a_reset_opens_it_at_once(guarded: Any) -> None:
    clerk, admin = make_user("clerk"), make_user("admin", Role.ADMINISTRATOR)
    lock("clerk")
    save_user(actor=admin, user=clerk, password="Xin-2026-mima", at=timezone.now())
    assert attempt("clerk", "Xin-2026-mima") == 302
    lock("clerk")
    guarded.AXES_COOLOFF_TIME = timedelta(0)
    assert attempt("clerk", "Xin-2026-mima") == 302


def test_addresses_count_behind_the_proxy_and_cannot_be_claimed(guarded: Any) -> None:
    make_user("clerk")
    guarded.TRUSTED_PROXIES = ["10.0.0.0/24"]
    for number in range(4):
        forged = f"1.2.3.{number}, {OFFICE}"
        assert attempt("clerk", "wrong", PROXY, **{"X-Forwarded-For": forged}) == 200
    assert attempt("clerk", "wrong", PROXY, **{"X-Forwarded-For": f"9.9.9.9, {OFFICE}"}) == 429
    assert attempt("clerk", PASSWORD, PROXY, **{"X-Forwarded-For": ELSEWHERE}) == 302


@pytest.mark.parametrize(
    ("remote", "claimed", "found"),
    [
        (OFFICE, "1.1.1.1", OFFICE),
        (PROXY, "1.1.1.1, 203.0.113.7", OFFICE),
        (PROXY, "203.0.113.7, 10.0.0.9", OFFICE),
        (PROXY, "", PROXY),
        (PROXY, "rubbish", PROXY),
        ("", "203.0.113.7", "127.0.0.1"),
    ],
)
def test_client_address(settings: Any, remote: str, claimed: str, found: str) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/24"]
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers={"X-Forwarded-For": claimed})
    assert client_address(request) == found


def test_a_new_session_at_sign_in() -> None:
    make_user("clerk")
    client = Client()
    client.get(LOGIN)
    client.cookies["sessionid"] = "a" * 32
    client.post(LOGIN, {"username": "clerk", "password": PASSWORD})
    assert client.session.session_key != "a" * 32
    assert client.get(HOME).status_code == 200


def test_no_open_redirect_at_sign_in() -> None:
    make_user("clerk")
    given = {"username": "clerk", "password": PASSWORD, "next": "//evil.example/"}
    assert Client().post(LOGIN, given).url == HOME


def test_disabling_a_user_ends_the_sessions_for_good() -> None:
    clerk, admin = make_user("clerk"), make_user("admin", Role.ADMINISTRATOR)
    client = Client()
    client.force_login(clerk)
    assert client.get(HOME).status_code == 200
    for active in (False, True):
        clerk = User.objects.get(pk=clerk.pk)
        clerk.is_active = active
        save_user(actor=admin, user=clerk, at=timezone.now())
        assert client.get(HOME).status_code == 302
    assert attempt("clerk", PASSWORD) == 302


def aged(client: Client, **seconds: int) -> None:
    session = client.session
    for name, age in seconds.items():
        session[name] = int(timezone.now().timestamp()) - age
    session.save()


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        ({"seen": 31 * 60, "since": 3600}, "30分钟没有操作"),
        ({"seen": 60, "since": 8 * 3600 + 60}, "已满8小时"),
    ],
)
def test_idle_and_old_sessions_end(seconds: dict[str, int], told: str) -> None:
    client = Client()
    client.force_login(make_user("clerk"))
    client.get(HOME)
    aged(client, seen=29 * 60, since=8 * 3600 - 60)
    assert client.get(HOME).status_code == 200
    aged(client, **seconds)
    answer = client.get("/people/?q=1")
    assert answer.status_code == 302 and answer.url.startswith(LOGIN) and "next=" in answer.url
    assert told in client.get(answer.url).content.decode()


def test_work_keeps_a_session_alive_without_a_write_each_time() -> None:
    client = Client()
    client.force_login(make_user("clerk"))
    client.get(HOME)
    aged(client, seen=10 * 60)
    client.get(HOME)
    seen = client.session["seen"]
    assert int(timezone.now().timestamp()) - seen < 30
    client.get(HOME)
    assert client.session["seen"] == seen


def change(client: Client, **given: str) -> Any:
    data = {"old": PASSWORD, "new": "Xin-2026-mima", "again": "Xin-2026-mima"} | given
    return client.post(reverse("admin:password_change"), data, follow=True)


def test_a_password_handed_out_is_changed_first() -> None:
    admin = make_user("admin", Role.ADMINISTRATOR)
    clerk = User(username="clerk", role=Role.CLERK.value, region_id="150404001")
    save_user(actor=admin, user=clerk, password=PASSWORD, at=timezone.now())
    client, elsewhere = Client(), Client()
    for each in (client, elsewhere):
        each.post(LOGIN, {"username": "clerk", "password": PASSWORD})
    assert client.get("/people/").url == client.post("/import/").url == reverse("admin:password_change")
    assert "别人为您设的" in client.get(reverse("admin:password_change")).content.decode()
    for given, told in (
        ({"old": "x"}, "现在的密码不对"),
        ({"again": "Xin-2026-mimb"}, "不一样"),
        ({"new": PASSWORD, "again": PASSWORD}, "不能与现在的密码相同"),
        ({"new": "short1A", "again": "short1A"}, "太短"),
        ({"new": "abcdefgh1", "again": "abcdefgh1"}, "中的3种"),
    ):
        assert told in change(client, **given).content.decode()
    assert "密码已修改" in change(client).content.decode()
    assert client.get("/people/").status_code == 200
    assert elsewhere.get("/people/").url.startswith(LOGIN)
    assert Change.objects.filter(reason="本人修改密码").count() == 1


def test_an_old_password_is_changed_first(settings: Any) -> None:
    clerk = make_user("clerk")
    client = Client()
    client.force_login(clerk)
    settings.PASSWORD_MAX_AGE_DAYS = 90
    User.objects.update(password_changed_at=timezone.now() - timedelta(days=89))
    assert client.get(HOME).status_code == 200
    User.objects.update(password_changed_at=timezone.now() - timedelta(days=91))
    assert client.get(HOME).url == reverse("admin:password_change")
    assert "超过90天" in client.get(reverse("admin:password_change")).content.decode()
    settings.PASSWORD_MAX_AGE_DAYS = 0
    assert client.get(HOME).status_code == 200


@pytest.mark.parametrize("password", ["Aa1-", "clerk-2026", "12345678", "password", "abcdefg1", "ABCDEFG1"])
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, User(username="clerk-2026"))


def test_the_first_administrator_comes_by_command(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not User.objects.exists()
    monkeypatch.setattr("sys.stdin", StringIO("12345678\n"))
    with pytest.raises(CommandError, match="3种"):
        call_command("create_administrator", "root")
    monkeypatch.setattr("sys.stdin", StringIO(f"{PASSWORD}\n"))
    call_command("create_administrator", "root", name="张工", stdout=StringIO())
    root = User.objects.get()
    assert (root.role, root.full_name, root.check_password(PASSWORD)) == (Role.ADMINISTRATOR, "张工", True)


def test_an_id_number_typed_as_user_name_is_refused_untried(guarded: Any) -> None:
    number = "150404197007047234"
    answer = Client(REMOTE_ADDR=OFFICE).post(LOGIN, {"username": number, "password": "wrong"})
    assert answer.status_code == 200 and "用户名不会是身份证号" in answer.content.decode()
    assert not AccessAttempt.objects.exists()


def test_no_account_is_named_by_an_id_number(guarded: Any) -> None:
    admin = make_user("admin", Role.ADMINISTRATOR)
    number = "150404197007047234"
    newcomer = User(username=number, role=Role.CLERK.value, region_id="150404001")
    with pytest.raises(Refused, match="用户名不能是身份证号"):
        save_user(actor=admin, user=newcomer, password=PASSWORD, at=timezone.now())
    with pytest.raises(Refused, match="用户名不能是身份证号"):
        create_administrator(username=number, password=PASSWORD, at=timezone.now())
    assert not User.objects.filter(username=number).exists()
