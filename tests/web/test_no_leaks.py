"""Whole numbers stand with the people and what was paid to them: in no log, error page, session, trail or preview."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DataError, IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from payroll.pages.person import PersonPage
from payroll.services.computing import compute_part
from songshan_cw.security.masking import MaskingFormatter
from songshan_cw.settings import LOGGING
from songshan_cw.words.terms import Role
from tests.scope.conftest import client_of
from tests.scope.forms import submit
from tests.scope.pages import OPEN_PAGES, REGISTERS
from tests.scope.world import MONTH, World, id_number
from tests.web import every_address as walk
from tests.workbook import build
from workers.models import Job, JobPart, User, UserSession, Worker
from workers.services.session_store import SessionStore

ACCOUNT, PHONE, FRESH = "6228480012345678901", "13912345678", id_number("15040419970707", 7)
# Beside the table of people, what an approved slip or batch says was paid to whom (rules 7.9, 15.7).
HOLDERS = {"workers_worker", "payroll_performanceshare", "payroll_paidto"}


@pytest.fixture
def world(world: World) -> World:
    Worker.objects.filter(pk=world.a.workers[0].pk).update(phone=PHONE, bank_account=ACCOUNT)
    User.objects.filter(pk=world.a.clerk.pk).update(sees_private=True)
    return world


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the product's handler would write, SQL and requests included."""
    stream, form = io.StringIO(), LOGGING["formatters"]["plain"]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(MaskingFormatter(form["format"], style="{"))
    named = [logging.getLogger(name) for name in ("", "django.db.backends", "django.request", "axes")]
    levels = [logger.level for logger in named]
    for logger in named:
        logger.setLevel(logging.DEBUG)
    named[0].addHandler(handler)
    yield stream
    named[0].removeHandler(handler)
    for logger, level in zip(named, levels, strict=True):
        logger.setLevel(level)


def numbers(world: World) -> tuple[str, ...]:
    return (world.a.workers[0].id_number, PHONE, ACCOUNT, FRESH)


def visitor(world: World) -> Client:
    client = client_of(User.objects.get(pk=world.a.clerk.pk))
    client.raise_request_exception = False
    return client


FAULTS = (ValueError, IntegrityError, DataError, KeyError, OverflowError)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("debug", [False, True])
def test_no_error_page_or_log_holds_a_number(
    world: World, log: io.StringIO, monkeypatch: pytest.MonkeyPatch, settings: Any, fault: type[Exception], debug: bool
) -> None:
    """The page of a fault that carries the numbers in its own words, in the address, the form and the frames."""
    given, settings.DEBUG = numbers(world), debug

    def fail(*_: Any, **__: Any) -> None:
        shown = given
        raise fault(f"Key (id_number, phone)=({shown}) already exists")

    monkeypatch.setattr(PersonPage, "get", fail)
    monkeypatch.setattr(PersonPage, "post", fail, raising=False)
    client = visitor(world)
    address = f"/people/{world.a.workers[0].pk}/"
    query = {"q": " ".join(given), "id_number": given[0], "bank_account": ACCOUNT}
    for answer in (client.get(address, query), client.post(address, query)):
        assert answer.status_code in {400, 500}
        assert [number for number in given if number in answer.content.decode()] == []
    assert "already exists" in log.getvalue()
    assert [number for number in given if number in log.getvalue()] == []


def test_nothing_but_the_table_of_people_holds_a_number(
    world: World, log: io.StringIO, settings: Any, tmp_path: Path
) -> None:
    """Pages, refusals, imports, jobs and commands are driven with numbers in every place one can be put."""
    settings.UPLOAD_DIR = settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    given, client = numbers(world), visitor(world)
    answers = [*_pages(client, given), *_writes(world, client), *_import(world, client, tmp_path)]
    _job(world)
    told = [*_commands(given), log.getvalue()]
    told.append(str([SessionStore().decode(row.session_data) for row in UserSession.objects.all()]))
    told += [cookie.value for one in answers for cookie in one.cookies.values()]
    assert len(log.getvalue()) > 10_000 and UserSession.objects.exists()
    assert [number for number in given for text in told if number in text] == []
    rows = walk.all_rows()
    holding = {table for table, found in rows.items() for number in given if number in str(found)}
    assert "workers_worker" in holding and holding <= HOLDERS
    assert ACCOUNT not in str(rows)


def _pages(client: Client, given: tuple[str, ...]) -> list[Any]:
    answers = [client.get("/nowhere/" + number + "/") for number in given]
    for name in (*OPEN_PAGES, *REGISTERS, "workers_worker_changelist", "workers_change_changelist"):
        answers += [client.get(reverse(f"admin:{name}"), {"q": number, "street": number}) for number in given[:2]]
    strict = Client(enforce_csrf_checks=True)
    answers.append(strict.post("/login/", {"username": "clerk", "password": given[0]}))
    return answers


def _writes(world: World, client: Client) -> list[Any]:
    address = f"/workers/worker/{world.a.workers[0].pk}/change/"
    person = {"name": "新某", "id_number": FRESH, "phone": PHONE, "bank_account": ACCOUNT, "category": "专职工作者"}
    person |= {"hired_on": "2026-10-08", "entry_education": "大学本科", "post": "工作人员", "position": "社区工作者"}
    return [
        submit(client, "/workers/worker/add/", **person, community=world.a.community.pk),
        submit(client, address, phone=PHONE, bank_account=ACCOUNT),
        submit(client, address, phone=f"{PHONE}x", bank_account=f"{ACCOUNT}x"),
        submit(client, address, id_number=FRESH),
        client.post(f"{address[:-7]}delete/", {"post": "yes"}),
        client.post("/export/", {"numbers": "whole", "purpose": "核对参保"}),
        client.post(f"/people/{world.a.workers[0].pk}/numbers/", {"purpose": "核对参保"}),
    ]


def _import(world: World, client: Client, folder: Path) -> list[Any]:
    """A good row and three that are refused, the numbers in them."""
    rows = [build.person(1), build.person(3, 身份证号=FRESH[:17] + "Q"), build.person(5, 联系电话=f"{PHONE}/{PHONE}")]
    rows.append(build.person(7, 身份证号=world.a.workers[0].id_number, 银行卡号=f"{ACCOUNT}甲", 岗位=ACCOUNT))
    content = build.save({"花名册": rows}, folder / "in.xlsx").read_bytes()
    answer = client.post("/import/", {"workbook": SimpleUploadedFile("人员.xlsx", content)}, follow=True)
    return [answer]


def _job(world: World) -> None:
    job = Job.objects.create(
        kind="计算工资", actor=world.a.clerk, region=world.a.region, month=MONTH, created_at=timezone.now()
    )
    part = JobPart.objects.create(job=job, key=world.a.region.pk, name=world.a.region.name)
    compute_part(part_id=part.pk, at=timezone.now())


def _commands(given: tuple[str, ...]) -> Iterator[str]:
    for words in (["explain_pay", FRESH[:17] + "0", "2026-10"], ["explain_pay", given[0], "1999-01"]):
        out = io.StringIO()
        try:
            call_command(*words, stdout=out)
        except CommandError as fault:
            out.write(str(fault))
        yield out.getvalue()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.BUREAU])
def test_trails_and_lists_of_those_above_hold_no_number(world: World, role: Role) -> None:
    client = client_of(world.user(role))
    _writes(world, visitor(world))
    for page in ("workers/change", "workers/privateaccess", "workers/workbookimport", "workers/user"):
        body = client.get(f"/{page}/").content.decode()
        assert [number for number in numbers(world) if number in body] == [], page
