"""What every answer says to the browser, and that no page needs more than that."""

import re
from pathlib import Path
from typing import Any

import pytest
import unfold
from django.conf import settings as site
from django.test import Client

from songshan_cw import settings as product
from songshan_cw.words.terms import Role
from tests.security.conftest import make_user

# A script without src that a browser would run; JSON blocks are data.
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*type=[\"']application/json)[^>]*>", re.IGNORECASE)
HANDLER = re.compile(r"\son(?:click|change|submit|load|error|input|focus|blur|key\w+|mouse\w+)\s*=", re.IGNORECASE)
SCRIPT_ADDRESS = re.compile(r"(?:href|src|action)\s*=\s*[\"']\s*javascript:", re.IGNORECASE)
OUTSIDE = re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//(?!www\.w3\.org)", re.IGNORECASE)
# The theme's crispy-forms layouts, which the product does not use.
UNUSED = "unfold_crispy"


def policy(answer: Any) -> dict[str, list[str]]:
    parts = (part.split() for part in answer["Content-Security-Policy"].split(";"))
    return {part[0]: part[1:] for part in parts if part}


def signed_in(role: Role) -> Client:
    client = Client()
    client.force_login(make_user("somebody", role, sees_private=True))
    return client


@pytest.mark.parametrize("address", ["/login/", "/", "/nowhere/", "/%00", "/import/"])
def test_every_answer_carries_the_headers(address: str) -> None:
    answer = signed_in(Role.CLERK).get(address)
    found = policy(answer)
    assert found["default-src"] == found["form-action"] == ["'self'"]
    assert sorted(found["script-src"]) == ["'self'", "'unsafe-eval'"]
    assert found["object-src"] == found["base-uri"] == found["frame-ancestors"] == ["'none'"]
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin" and answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("role", list(Role))
def test_no_page_of_the_menu_runs_inline_script(role: Role) -> None:
    client = signed_in(role)
    home = client.get("/")
    links = {item["link"] for group in home.context_data["sidebar_navigation"] for item in group["items"]}
    assert len(links) > 2
    for link in sorted(links):
        text = client.get(link, follow=True).content.decode()
        for pattern in (INLINE_SCRIPT, HANDLER, SCRIPT_ADDRESS, OUTSIDE):
            assert not pattern.search(text), (link, pattern.search(text))


def test_no_template_has_inline_script() -> None:
    folders = [Path(site.BASE_DIR) / "templates", Path(unfold.__file__).parent / "templates"]
    files = [path for folder in folders for path in folder.rglob("*.html") if UNUSED not in path.parts]
    assert len(files) > 100
    faults = [
        str(path)
        for path in files
        if any(pattern.search(path.read_text()) for pattern in (INLINE_SCRIPT, HANDLER, SCRIPT_ADDRESS))
    ]
    assert faults == []


def test_cookies_are_for_the_server_only() -> None:
    make_user("clerk")
    client = Client()
    client.post("/login/", {"username": "clerk", "password": "Mima-2026-x"})
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    behind_tls = (product.SESSION_COOKIE_SECURE, product.CSRF_COOKIE_SECURE, product.SECURE_SSL_REDIRECT)
    assert set(behind_tls) == {product.BEHIND_TLS}
    assert (getattr(product, "SECURE_HSTS_SECONDS", 0) > 0) == product.BEHIND_TLS


def test_signed_in_pages_are_not_kept_by_the_browser() -> None:
    assert "no-store" in signed_in(Role.CLERK).get("/import/")["Cache-Control"]


def test_forms_need_the_token() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("clerk"))
    for address in ("/import/", "/export/", "/password_change/", "/logout/", "/import/" + "0" * 32 + "/confirm/"):
        assert client.post(address).status_code == 403, address


@pytest.mark.parametrize("address", ["/import/" + "0" * 32 + "/discard/", "/logout/"])
def test_nothing_is_written_by_following_a_link(address: str) -> None:
    assert signed_in(Role.CLERK).get(address).status_code == 405
