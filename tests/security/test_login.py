"""Who may try, how often, from where; and when a sign-in is over."""

from datetime import timedelta
from io import StringIO
from threading import BoundedSemaphore
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from songshan_cw.data.refusal import Refused
from songshan_cw.security import signing_in
from songshan_cw.security.signing_in import client_address
from songshan_cw.words.terms import Role
from tests.security.conftest import PASSWORD, make_user
from workers.models import Change, SignInAttempt, User, UserSession
from workers.selectors.sign_ins import guessing
from workers.services import create_administrator, save_user, sign_ins

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
    """Twenty failures hold up who never signed in there; who did works on."""
    make_user("clerk")
    make_user("newcomer")
    assert attempt("clerk", PASSWORD) == 302
    for number in range(4):
        lock(f"guess-{number}")
    assert attempt("guess-5", "wrong") == 429
    assert attempt("newcomer", PASSWORD) == 429
    assert attempt("clerk", PASSWORD) == 302
    assert attempt("newcomer", PASSWORD, ELSEWHERE) == 302


def test_one_password_tried_on_many_accounts_from_their_own_office(guarded: Any) -> None:
    """Each colleague's account then allows two tries instead of five."""
    names = [f"clerk-{number}" for number in range(25)]
    for name in names:
        make_user(name)
        assert attempt(name, PASSWORD) == 302
    answers = [attempt(name, "Mima-2025") for name in names] + [attempt("clerk-0", "Mima-2024")]
    assert answers == [200] * 25 + [429]
    assert attempt("clerk-1", PASSWORD) == 302
    [found] = guessing(at=timezone.now())
    assert (found.address, found.count, found.failures) == (OFFICE, 25, 26)


def test_ten_addresses_against_one_account(guarded: Any) -> None:
    """After ten failures from anywhere unknown addresses wait; the user's own office does not."""
    make_user("clerk")
    assert attempt("clerk", PASSWORD) == 302
    answers = [attempt("clerk", "wrong", f"198.51.100.{number}") for number in range(1, 12)]
    assert answers == [200] * 9 + [429, 429]
    assert attempt("clerk", PASSWORD) == 302
    [found] = guessing(at=timezone.now())
    assert (found.username, found.count, found.failures) == ("clerk", 10, 10)


def test_waits_grow_and_a_reset_ends_them_at_once(guarded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk, admin = make_user("clerk"), make_user("admin", Role.ADMINISTRATOR)
    lock("clerk")
    save_user(actor=admin, user=clerk, password="Xin-2026-mima", at=timezone.now())
    assert attempt("clerk", "Xin-2026-mima") == 302
    lock("clerk")
    now = timezone.now()
    for minutes, password, status in ((0.9, "wrong", 429), (1.1, "wrong", 429), (2.9, "Xin-2026-mima", 429)):
        monkeypatch.setattr(sign_ins.timezone, "now", lambda later=now + timedelta(minutes=minutes): later)
        assert attempt("clerk", password) == status
    monkeypatch.setattr(sign_ins.timezone, "now", lambda: now + timedelta(minutes=3.2))
    assert attempt("clerk", "Xin-2026-mima") == 302


def test_every_password_checked_stays_on_record(guarded: Any) -> None:
    make_user("clerk")
    lock("clerk")
    attempt("clerk", PASSWORD)
    attempt("clerk", PASSWORD, ELSEWHERE)
    rows = list(SignInAttempt.objects.order_by("pk").values_list("username", "address", "outcome"))
    assert rows == [("clerk", OFFICE, "密码不对")] * 5 + [("clerk", ELSEWHERE, "登录成功")]
    with pytest.raises(IntegrityError, match="只能新增"), transaction.atomic():
        SignInAttempt.objects.all().delete()


def test_wrong_old_passwords_count_as_failures(guarded: Any) -> None:
    client = Client(REMOTE_ADDR=OFFICE)
    client.force_login(make_user("clerk"))
    for _ in range(5):
        assert "现在的密码不对" in change(client, old="guess").content.decode()
    assert "请过几分钟再试" in change(client).content.decode()
    assert User.objects.get().check_password(PASSWORD)
    assert attempt("clerk", PASSWORD) == 429


def test_a_password_check_waits_for_a_free_place(guarded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two dozen posters of wrong passwords took pages from 0.3 to 40 seconds."""
    make_user("clerk")
    monkeypatch.setattr(signing_in, "checks", BoundedSemaphore(1))
    monkeypatch.setattr(signing_in, "PATIENCE", 0)
    with signing_in.checks:
        answer = Client(REMOTE_ADDR=OFFICE).post(LOGIN, {"username": "clerk", "password": PASSWORD})
    assert "密码没有核对" in answer.content.decode() and not SignInAttempt.objects.exists()
    assert attempt("clerk", PASSWORD) == 302


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


def test_sessions_are_stored_under_a_hash_and_listed_to_their_user() -> None:
    clerk = make_user("clerk")
    office, home = (Client(headers={"User-Agent": agent}) for agent in ("Windows NT Chrome/1", "iPhone Safari/1"))
    for client in (office, home):
        client.post(LOGIN, {"username": "clerk", "password": PASSWORD})
        client.get(HOME)
    keys = set(UserSession.objects.values_list("session_key", flat=True))
    assert len(keys) == 2 and not keys & {office.session.session_key, home.session.session_key}
    for key in keys:
        stolen = Client()
        stolen.cookies["sessionid"] = key
        assert stolen.get(HOME).status_code == 302
    shown = office.get(reverse("admin:sessions")).content.decode()
    assert "Windows Chrome" in shown and "iPhone Safari" in shown and "本次登录" in shown
    other = UserSession.objects.get(device="iPhone Safari").session_key
    office.post(reverse("admin:sessions"), {"session": other})
    assert home.get(HOME).status_code == 302 and office.get(HOME).status_code == 200
    elsewhere = Client()
    elsewhere.post(LOGIN, {"username": "clerk", "password": PASSWORD})
    office.post(reverse("admin:sessions"), {"session": "others"})
    assert elsewhere.get(HOME).status_code == 302 and office.get(HOME).status_code == 200
    assert UserSession.objects.filter(user=clerk).exists()


def test_nobody_ends_the_session_of_somebody_else() -> None:
    make_user("clerk")
    make_user("colleague")
    mine, theirs = Client(), Client()
    mine.post(LOGIN, {"username": "clerk", "password": PASSWORD})
    theirs.post(LOGIN, {"username": "colleague", "password": PASSWORD})
    theirs.get(HOME)
    mine.post(reverse("admin:sessions"), {"session": UserSession.objects.get(user__username="colleague").session_key})
    assert theirs.get(HOME).status_code == 200


def test_a_page_that_reloads_itself_keeps_no_session_alive() -> None:
    client = Client()
    client.force_login(make_user("clerk"))
    client.get(HOME)
    aged(client, seen=10 * 60)
    seen = client.session["seen"]
    assert client.get("/?watch=1").status_code == 200
    assert client.session["seen"] == seen
    aged(client, seen=31 * 60)
    assert client.get("/?watch=1").status_code == 302


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
    assert not SignInAttempt.objects.exists()


def test_no_account_is_named_by_an_id_number(guarded: Any) -> None:
    admin = make_user("admin", Role.ADMINISTRATOR)
    number = "150404197007047234"
    newcomer = User(username=number, role=Role.CLERK.value, region_id="150404001")
    with pytest.raises(Refused, match="用户名不能是身份证号"):
        save_user(actor=admin, user=newcomer, password=PASSWORD, at=timezone.now())
    with pytest.raises(Refused, match="用户名不能是身份证号"):
        create_administrator(username=number, password=PASSWORD, at=timezone.now())
    assert not User.objects.filter(username=number).exists()
