"""What keeps pages quick for a million people: the same answers by the short way, and no whole table read."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.rules.share import counted_in
from assessment.selectors.members import stream_members
from assessment.selectors.share import shares_of
from payroll.models import GradeTable
from songshan_cw.policy import policy_at
from tests.pages.test_people_pages import shown
from tests.pages.visits import HIRED, signed_in
from tests.payroll import world
from workers.models import Exit, PostAssignment, ServiceGap, Standing, User, Worker
from workers.selectors.scope import code_after, visible
from workers.selectors.streams import people_of
from workers.services.standing import refresh_standing

YEAR = 2025
LISTED = ("", "?post=工作人员", "?q=王丽", "?q=wl", "?q=1380", "?o=name", "?o=-contract", "?missing=缺银行卡号")
LARGE = {"workers_worker", "workers_standing", "workers_postassignment", "payroll_payslip", "payroll_payline"}


def test_shares_counted_at_once_are_those_counted_one_by_one(town: GradeTable) -> None:
    """People who moved, left, were away, came late: around the ends of the year above all."""
    chance = random.Random(2025)
    days = [date(YEAR - 1, 12, 30) + timedelta(days=step) for step in (0, 1, 2, 3, 180, 365, 366, 367, 368)]
    for _ in range(60):
        hired = chance.choice([date(2019, 1, 1), *days])
        result = {YEAR: chance.choice(["优秀", "合格"])} if chance.random() < 0.8 else {}
        home = chance.choice([world.A1, world.B1])
        one = world.person(world.staff(hired, assessments=result), community=home)
        if chance.random() < 0.5:
            seat = PostAssignment.objects.filter(worker=one).values("post", "position").get()
            start = max(chance.choice(days), hired + timedelta(days=1))
            moved = world.B1 if home == world.A1 else world.A1
            PostAssignment.objects.create(worker=one, start=start, community_id=moved, **seat)
        if chance.random() < 0.4:
            Exit.objects.create(worker=one, left_on=max(chance.choice(days), hired), reason="辞职")
        if chance.random() < 0.4:
            first = max(chance.choice(days), hired)
            last = None if chance.random() < 0.5 else first + timedelta(days=chance.choice([0, 1, 400]))
            ServiceGap.objects.create(worker=one, first_day=first, last_day=last, reason="事假")
    streets = [world.A, world.B]
    shares = shares_of(streets, YEAR)
    assert {code: (share.headcount, share.used) for code, share in shares.items()} == {
        code: counted_one_by_one(code) for code in streets
    }
    assert all(share.used and share.headcount for share in shares.values())


def counted_one_by_one(street: str) -> tuple[int, int]:
    """The headcount and the 优秀, by the rule that judges one person's facts."""
    last = date(YEAR, 12, 31)
    scheme = policy_at(street, last).scope.in_scheme.value
    counted = [counted_in(one, YEAR) for one in stream_members(people_of([street]), last) if one.category in scheme]
    here = [one for one in counted if one is not None and one.street == street]
    return sum(one.in_headcount for one in here), sum(one.excellent for one in here)


def test_where_people_stand_is_scoped_like_the_people(town: GradeTable) -> None:
    for community in (world.A1, world.B1):
        chief = {**world.staff(HIRED), "posts": [{"from": HIRED, "post": "正职"}]}
        world.person(world.staff(HIRED), community=community)
        world.person(chief, community=community)
    for user in User.objects.all():
        seen = set(visible(Worker.objects.filter(standing__isnull=False), user).values_list("pk", flat=True))
        assert set(visible(Standing.objects.all(), user).values_list("pk", flat=True)) == seen, user.username


@pytest.mark.parametrize("code", ["15", "150404", "150404001", "150404009", "150404999", "150404099001"])
def test_a_range_of_codes_holds_what_starts_with_the_code_and_nothing_else(code: str) -> None:
    others = [str(int(code) + step).zfill(len(code)) for step in (-1, 1)]
    places = [prefix + rest for prefix in (code, *others) for rest in ("", "000", "999", "001999")]
    assert {place for place in places if code <= place < code_after(code)} == {
        place for place in places if place.startswith(code)
    }


NAMES = ("王丽华", "张王丽", "丽王", "王小丽", "巴特尔朝格图乌力吉木仁", "Anna Maria")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("王丽", {"王丽华", "张王丽"}),
        ("丽华", {"王丽华"}),
        ("王", {"王丽华", "王小丽"}),
        ("力吉木仁", {"巴特尔朝格图乌力吉木仁"}),
        ("朝格图乌力", {"巴特尔朝格图乌力吉木仁"}),
        ("丽丽", set()),
        ("annam", {"Anna Maria"}),
        ("138", {"丽王"}),
        ("4321", {"王小丽"}),
    ],
)
def test_search_finds_parts_of_names_and_ends_of_numbers(town: GradeTable, text: str, found: set[str]) -> None:
    for name in NAMES:
        world.person(world.staff(HIRED), name=name)
    Worker.objects.filter(name="Anna Maria").update(initials="annamaria")
    Worker.objects.filter(name="丽王").update(phone="13800000000")
    Worker.objects.filter(name="王小丽").update(phone="13912344321")
    assert set(shown(signed_in("clerk-a"), q=text)) == found


@pytest.mark.postgres
@pytest.mark.parametrize("address", ["/", *(f"/people/{query}" for query in LISTED), "/pay/", "/pay/2026-10/"])
@pytest.mark.parametrize("username", ["clerk-a", "bureau", "admin"])
def test_no_page_reads_a_whole_table(town: GradeTable, username: str, address: str) -> None:
    """With sequential reading made dear, whatever is still read from end to end has no index to go by."""
    people = [world.person(world.staff(HIRED)) for _ in range(3)]
    refresh_standing([one.pk for one in people])
    world.pay_month("2026-10")
    client = signed_in(username)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, follow=True).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for query in queries:
            statement = query["sql"].partition(" FOR ")[2] if query["sql"].startswith("DECLARE") else query["sql"]
            if not statement.lstrip().startswith(("SELECT", "WITH")):
                continue
            cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
            [plan] = cursor.fetchone()[0]
            read = {step["Relation Name"] for step in steps(plan["Plan"]) if step["Node Type"] == "Seq Scan"}
            assert not read & LARGE, statement


def steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from steps(inner)
