"""The shipped deployment on this machine: nginx with TLS, gunicorn, PostgreSQL, production settings as they are."""

import re
import subprocess
import sys
from base64 import b32decode
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.conf import settings as django_settings
from django_otp.oath import totp

from songshan_cw.security.requests import ROOM_FOR_FORM
from tests.deployment import front as fronts
from tests.deployment.front import Front
from tests.house.source import ROOT
from tests.load.forms import form_with
from tests.load.serving import environment, manage, served
from tests.load.visitor import told
from tests.own_database import database_of_its_own

PASSWORD = "Bushu-2026-shiyan"
PAGES = ("/", "/people/", "/workers/user/", "/import/", "/tables/", "/limits/", "/workers/region/")

needs_nginx = pytest.mark.skipif(fronts.nginx() is None, reason="本机没有 nginx（.ci/install nginx）")


def test_nginx_takes_what_the_product_takes() -> None:
    assert fronts.megabytes_accepted() * 2**20 == django_settings.UPLOAD_BYTES + ROOM_FOR_FORM


@needs_nginx
def test_the_configuration_is_valid(tmp_path: Path) -> None:
    done = fronts.prepare(tmp_path, "http://127.0.0.1:9").check()
    assert done.returncode == 0 and "[warn]" not in done.stderr, done.stderr


def test_compose_trusts_its_own_proxy() -> None:
    """Else everybody behind nginx has nginx's address, and one attacker could lock a user out for all."""
    compose = (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")
    subnet = re.search(r"subnet: (\S+)", compose)
    assert subnet is not None and f"TRUSTED_PROXIES: {subnet.group(1)}" in compose
    assert "-c deploy/gunicorn.conf.py" in compose


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Everything as after an installation by the book, and one administrator."""
    with database_of_its_own() as url:
        yield installed(url, tmp_path_factory.mktemp("var"))


def installed(url: str, folder: Path) -> dict[str, str]:
    settings = environment(url, folder, ALLOWED_HOSTS="localhost")
    for name in ("BEHIND_TLS", "REQUIRE_TOTP", "PASSWORD_MAX_AGE_DAYS"):
        del settings[name]
    manage(settings, "collectstatic", "--noinput", "-v0")
    manage(settings, "load_regions", "150404")
    command = [sys.executable, "manage.py", "create_administrator", "guanli", "--name", "管理员"]
    subprocess.run(command, cwd=ROOT, env=settings, input=f"{PASSWORD}\n", text=True, check=True, capture_output=True)
    return settings


@pytest.fixture(scope="module")
def site(production: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("front")
    with served(production, folder / "server.log") as address, fronts.running(fronts.prepare(folder, address)) as one:
        yield one


def browser(site: Front) -> requests.Session:
    session = requests.Session()
    session.trust_env, session.verify = False, str(site.certificate)
    session.headers["Referer"] = f"{site.secure}/"
    return session


def sign_in(
    session: requests.Session, site: Front, password: str, name: str = "guanli", **headers: str
) -> requests.Response:
    page = session.get(f"{site.secure}/login/", headers=headers)
    fields = form_with(page.text, "csrfmiddlewaretoken").filled(username=name, password=password)
    return session.post(f"{site.secure}/login/", data=fields, headers=headers)


def bind_second_factor(session: requests.Session, site: Front) -> requests.Response:
    page = session.get(f"{site.secure}/second-factor/")
    key = re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", told(page.text))
    assert key is not None, told(page.text)
    code = f"{totp(b32decode(key.group().replace(' ', ''))):06d}"
    return session.post(f"{site.secure}/second-factor/", data=form_with(page.text, "code").filled(code=code))


@needs_nginx
@pytest.mark.postgres
def test_a_working_day_behind_nginx(site: Front) -> None:
    session = browser(site)
    first = session.get(f"{site.plain}/people/?q=1", allow_redirects=False)
    assert first.status_code == 301 and first.headers["Location"] == "https://localhost/people/?q=1"
    page = sign_in(session, site, PASSWORD)
    assert page.url == f"{site.secure}/second-factor/"
    assert bind_second_factor(session, site).url == f"{site.secure}/"
    for path in PAGES:
        answer = session.get(f"{site.secure}{path}")
        assert answer.status_code == 200 and answer.url.endswith(path), path
        check_headers(answer)
    assert all(cookie.secure for cookie in session.cookies)
    check_static(session, site, answer.text)


def check_headers(answer: requests.Response) -> None:
    given = answer.headers
    assert given["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert "default-src 'self'" in given["Content-Security-Policy"]
    assert (given["X-Frame-Options"], given["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert given["Server"] == "nginx"


def check_static(session: requests.Session, site: Front, page: str) -> None:
    """Every file the page asks for is there, compressed and kept by browsers for good under its hashed name."""
    files = sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page)))
    assert files
    for path in files:
        answer = session.get(f"{site.secure}{path}")
        assert answer.status_code == 200 and "immutable" in answer.headers["Cache-Control"], path
        assert answer.headers.get("Content-Encoding") in {"gzip", "br"} or len(answer.content) < 1000, path


@needs_nginx
@pytest.mark.postgres
def test_an_invented_address_does_not_help_and_harms_nobody(site: Front) -> None:
    """One address, whatever it claims, is locked after five tries; the log keeps no query and no whole number."""
    session = browser(site)
    for number in range(5):
        sign_in(session, site, "wrong", "jieban", **{"X-Forwarded-For": f"10.0.0.{number}"})
    answer = sign_in(session, site, PASSWORD, "jieban", **{"X-Forwarded-For": "10.0.0.99"})
    assert answer.status_code == 429 and "请等1分钟再试" in told(answer.text)
    session.get(f"{site.secure}/people/?q=150404199003070017")
    assert "150404199003070017" not in site.log("access.log") + site.log("error.log")
    assert '"GET /people/" 302' in site.log("access.log")


@needs_nginx
@pytest.mark.postgres
def test_too_large_and_away_are_said_in_chinese(production: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "front"
    folder.mkdir()
    with served(production, tmp_path / "server.log") as address:
        front = fronts.prepare(folder, address)
        with fronts.running(front):
            session = browser(front)
            limit = fronts.megabytes_accepted() * 2**20
            answer = session.post(f"{front.secure}/import/", data=b"x" * (limit + 1))
            assert answer.status_code == 413 and "超过20MB" in answer.text
            answer = session.post(f"{front.secure}/import/", data=b"x" * (limit - 1))
            assert answer.status_code == 403
    with fronts.running(front):
        answer = browser(front).get(f"{front.secure}/")
        assert answer.status_code == 503 and "网站正在重启" in answer.text and answer.headers["Retry-After"] == "60"
