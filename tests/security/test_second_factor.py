"""Those who approve or administer prove who they are twice."""

from base64 import b32decode
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp

from songshan_cw.words.terms import Role
from tests.security.conftest import PASSWORD, make_user
from workers.models import SecondFactor, User

PAGE, PASSWORD_PAGE = "/second-factor/", "/password_change/"


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.REQUIRE_TOTP = True


def signed_in(user: User) -> Client:
    client = Client()
    client.post("/login/", {"username": user.username, "password": PASSWORD})
    return client


def code_of(user: User) -> str:
    return f"{totp(SecondFactor.objects.get(user=user).bin_key):06d}"


def bound(name: str, role: Role = Role.ADMINISTRATOR) -> tuple[User, Client]:
    user = make_user(name, role)
    client = signed_in(user)
    _bind(client)
    return user, client


def _bind(client: Client) -> None:
    key = b32decode(client.get(PAGE).context_data["secret"].replace(" ", ""))
    assert client.post(PAGE, {"code": f"{totp(key):06d}"}).url == "/"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CLERK])
def test_who_decides_or_pays_binds_before_anything_else(role: Role) -> None:
    user = make_user("reviewer", role)
    client = signed_in(user)
    for address in ("/", "/people/", "/workers/user/", "/nowhere/", "/password_change/"):
        assert client.get(address).url == PAGE, address
    assert client.post("/workers/user/add/", {}).url == PAGE
    first, shown = client.get(PAGE), client.get(PAGE)
    keys = [b32decode(page.context_data["secret"].replace(" ", "")) for page in (first, shown)]
    assert keys[0] != keys[1] and "<svg" in shown.content.decode() and not SecondFactor.objects.exists()
    assert "重新扫描" in client.post(PAGE, {"code": f"{totp(keys[0]):06d}"}, follow=True).content.decode()
    key = b32decode(client.get(PAGE).context_data["secret"].replace(" ", ""))
    before = client.session.session_key
    assert client.post(PAGE, {"code": f"{totp(key):06d}"}).url == "/"
    assert SecondFactor.objects.get().bin_key == key
    assert client.session.session_key != before
    assert client.get("/").status_code == 200


def test_a_clerk_needs_one_only_to_see_whole_numbers() -> None:
    client = signed_in(make_user("other"))
    assert client.get("/").status_code == 200
    assert "不需要动态口令" in client.get(PAGE).content.decode()
    assert signed_in(make_user("trusted", sees_private=True)).get("/").url == PAGE


def test_the_secret_comes_after_the_first_password_change() -> None:
    """Who handed the password out, or found it, never sees the secret."""
    user = make_user("bureau", Role.BUREAU, must_change_password=True)
    client = signed_in(user)
    assert client.get("/").url == client.get(PAGE).url == PASSWORD_PAGE
    given = {"old": PASSWORD, "new": "Xin-2026-mima", "again": "Xin-2026-mima"}
    client.post(PASSWORD_PAGE, given)
    assert client.get("/").url == PAGE
    _bind(client)
    User.objects.update(must_change_password=True)
    again = Client()
    again.post("/login/", {"username": "bureau", "password": "Xin-2026-mima"})
    assert again.get("/").url == again.get(PASSWORD_PAGE).url == PAGE


def test_each_sign_in_asks_again_and_never_shows_the_secret_twice() -> None:
    user, _ = bound("admin")
    key = SecondFactor.objects.get().key
    client = signed_in(user)
    assert client.get("/").url == PAGE
    shown = client.get(PAGE).content.decode()
    assert "<svg viewBox" not in shown and key not in shown and "secret" not in (client.get(PAGE).context_data or {})


def test_a_code_counts_once_and_guessing_is_slowed() -> None:
    user, _ = bound("admin")
    client = signed_in(user)
    used = code_of(user)
    client.post(PAGE, {"code": used})
    assert client.get("/").url == PAGE
    SecondFactor.objects.update(last_t=-1, throttling_failure_count=0, throttling_failure_timestamp=None)
    for wrong in ("000000", "abc", "", "１２３４５６"):
        client.post(PAGE, {"code": wrong})
    assert SecondFactor.objects.get().throttling_failure_count >= 1
    client.post(PAGE, {"code": code_of(user)})
    assert client.get("/").url == PAGE
    SecondFactor.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    client.post(PAGE, {"code": code_of(user)})
    assert client.get("/").status_code == 200


def test_a_factor_of_somebody_else_does_not_count() -> None:
    bound("admin")
    other = make_user("other", Role.BUREAU)
    client = signed_in(other)
    client.get(PAGE)
    session = client.session
    session["otp_device_id"] = SecondFactor.objects.get(user__username="admin").persistent_id
    session.save()
    assert client.get("/").url == PAGE


def test_another_administrator_resets_a_lost_phone() -> None:
    admin, keeper = bound("admin")
    lost, client = bound("bureau", Role.BUREAU)
    page = reverse("admin:reset_factor", args=[lost.pk])
    assert client.get(page).status_code == 403
    assert page in keeper.get(reverse("admin:workers_user_change", args=[lost.pk])).content.decode()
    assert keeper.get(page).status_code == 200 and SecondFactor.objects.filter(user=lost).exists()
    keeper.post(page)
    assert not SecondFactor.objects.filter(user=lost).exists()
    assert client.get("/").url.startswith("/login/")
    own = keeper.post(reverse("admin:reset_factor", args=[admin.pk]), follow=True)
    assert "不能重置自己的" in own.content.decode() and SecondFactor.objects.filter(user=admin).exists()
    call_command("reset_second_factor", "admin", stdout=StringIO())
    assert not SecondFactor.objects.exists()


def test_the_stock_page_of_devices_is_not_there() -> None:
    _, client = bound("admin")
    assert client.get("/otp_totp/totpdevice/").status_code == 404
