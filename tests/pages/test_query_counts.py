"""Every list asks the database as often for 1,000 people as for 10; how often is on record beside this file.

After a change that is meant: ``QUERY_COUNTS=write pytest tests/pages/test_query_counts.py``.
"""

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessment.models import AnnualAssessment
from payroll.models import GradeTable
from payroll.services.runs import compute_runs
from songshan_cw.words.periods import parse
from songshan_cw.words.terms import Category, CertificateLevel, Education, Position, Post, Result
from tests.payroll import world
from tests.scope.routes import ModelRoute
from tests.scope.world import id_number
from workers.models import Certificate, Change, Contract, PostAssignment, Worker
from workers.services.standing import refresh_standing

RECORD = Path(__file__).with_name("query_counts.json")
MONTH = "2026-10"
A = world.A
REGISTERS = ("/limits/", "/secondments/", "/staffing/", "/duties/", "/contracts/", "/archives/")
PAGES = {
    "clerk-a": (
        "/",
        "/start/waiting/assessment/",
        "/people/",
        "/people/?post=工作人员&o=-grade",
        "/pay/",
        f"/pay/{MONTH}/{A}/",
        f"/performance/2026/{A}/",
        f"/assess/2025/{A}/",
        "/import/",
        "/forecast/",
        *REGISTERS,
    ),
    "leader-a": ("/", f"/assess/2025/{A}/"),
    "bureau": ("/", "/people/", "/pay/", f"/pay/{MONTH}/", "/tables/", "/assess/", "/budget/", "/income/", *REGISTERS),
    "finance": ("/", "/pay/", f"/pay/{MONTH}/"),
    "organisation": ("/", "/people/", "/archives/", "/talent/"),
    "admin": ("/", "/people/"),
}
FEW, MANY = 10, 1_000


def employ(first: int, last: int) -> None:
    """People of one street with something on every list, and the month computed again for all."""
    people = Worker.objects.bulk_create(
        Worker(
            id_number=id_number("15040419900101", number),
            name=f"群众{number}",
            category=Category.STAFF,
            hired_on=date(2019, 1, 1),
            entry_education=Education.COLLEGE,
        )
        for number in range(first, last)
    )
    seat = {"community_id": world.A1, "post": Post.STAFF, "position": Position.COMMUNITY_WORKER}
    actor = world.user("clerk-a")
    PostAssignment.objects.bulk_create(PostAssignment(worker=one, start=one.hired_on, **seat) for one in people)
    Certificate.objects.bulk_create(
        Certificate(worker=one, level=CertificateLevel.SOCIAL_WORKER, approved_on=date(2020, 1, 1)) for one in people
    )
    Contract.objects.bulk_create(Contract(worker=one, start=date(2024, 1, 1), end=date(2026, 12, 31)) for one in people)
    AnnualAssessment.objects.bulk_create(
        AnnualAssessment(worker=one, year=2024, result=Result.COMPETENT) for one in people
    )
    Change.objects.bulk_create(Change(worker=one, actor=actor, street_id=A, subject=one.name) for one in people)
    refresh_standing([one.pk for one in people])
    compute_runs(month=parse(MONTH), street_codes=[A], at=world.NOW)


def addresses() -> Iterator[tuple[str, str]]:
    for username, paths in PAGES.items():
        yield from ((username, path) for path in paths)
    for model in sorted(admin.site._registry, key=lambda model: model._meta.label_lower):
        yield "admin", ModelRoute(model, "changelist").url()


def counts() -> dict[str, int]:
    found = {}
    for username, path in addresses():
        client = Client()
        client.force_login(world.user(username), backend="django.contrib.auth.backends.ModelBackend")
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
        assert answer.status_code == 200, f"{username} {path}：{answer.status_code}"
        found[f"{username} {path}"] = len(queries)
    return found


def test_lists_ask_the_same_for_10_and_1000_people_and_as_on_record(town: GradeTable) -> None:
    employ(0, FEW)
    counts()  # what is asked once and remembered
    few = counts()
    employ(FEW, MANY)
    many = counts()
    assert {page: (few[page], many[page]) for page in few if few[page] != many[page]} == {}
    if os.environ.get("QUERY_COUNTS") == "write":
        RECORD.write_text(json.dumps(few, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    recorded = json.loads(RECORD.read_text(encoding="utf-8"))
    assert few == recorded
