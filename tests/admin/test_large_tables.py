"""The tables of records at any size: what is offered finds what it names, and nothing offered reads a whole table."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from songshan_cw.words.terms import Role
from tests.pages.test_large_lists import LARGE, steps
from tests.scope.conftest import client_of
from tests.scope.routes import ModelRoute
from tests.scope.world import DISTRICT, MONTH, STREET_A, STREET_B, World

BY_STREET = (
    *("workers/worker", "workers/postassignment", "workers/contract", "workers/secondment", "workers/attachment"),
    *("assessment/annualassessment", "payroll/payslip", "payroll/payline", "payroll/payrollrun", "payroll/runevent"),
)
OFTEN = {name for name in LARGE if not name.endswith("postassignment")} | {
    *("workers_contract", "workers_certificate", "workers_educationrecord", "assessment_annualassessment"),
    *("workers_postassignment", "workers_change", "payroll_runevent"),
}


@pytest.fixture
def large(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Everybody but the streets' own sees too many people to go through."""
    monkeypatch.setattr("songshan_cw.site.changelists.COUNT_CAP", 1)
    return world


def body(client: Client, address: str, **query: object) -> str:
    response = client.get(address, query)
    assert response.status_code == 200, address
    return str(response.content.decode())


def rows(client: Client, address: str, **query: object) -> int:
    return int(client.get(address, query).context_data["cl"].result_count)


@pytest.mark.parametrize("model", BY_STREET)
def test_a_street_and_a_district_hold_their_own(large: World, model: str) -> None:
    client, address = client_of(large.admin), f"/{model}/"
    both = rows(client, address)
    own, other = (rows(client, address, street=code) for code in (STREET_A, STREET_B))
    assert own > 0 and other > 0 and own + other == both
    assert rows(client, address, district=DISTRICT) in {both, 0}  # 0: not offered where there is one district only
    assert rows(client, address, street="150404999") == 0


def test_filters_of_a_large_table_open_with_a_street(large: World) -> None:
    client, address = client_of(large.admin), reverse("admin:workers_worker_changelist")
    closed = body(client, address)
    assert "岗位（先选街道）" in closed and "社区（先选街道）" in closed and 'value="正职"' not in closed
    assert rows(client, address, post="工作人员") == 0, "没有选街道的筛选什么也找不到"
    chosen = body(client, address, street=STREET_A)
    assert "岗位（先选街道）" not in chosen and 'value="正职"' in chosen
    posts = [rows(client, address, street=STREET_A, post=post) for post in ("正职", "副职", "工作人员")]
    assert sum(posts) == rows(client, address, street=STREET_A) > 0


def test_ledger_filters_open_with_a_street_and_a_month(large: World) -> None:
    address = reverse("admin:payroll_payslip_changelist")
    for client, query in ((client_of(large.admin), {"street": STREET_A}), (client_of(large.a.clerk), {})):
        assert "岗位（先选街道和月份）" in body(client, address, **query)
        opened = body(client, address, **query, month=MONTH)
        assert "岗位（先选街道和月份）" not in opened and rows(client, address, **query, month=MONTH) > 0


def test_who_sees_few_has_every_filter_at_once(world: World) -> None:
    for user in (world.admin, world.a.clerk):
        assert "（先选街道）" not in body(client_of(user), "/workers/postassignment/")


def test_a_large_table_sorts_by_what_has_an_index(large: World) -> None:
    """Columns: name, number, street, community, post …"""
    client, address = client_of(large.admin), reverse("admin:workers_worker_changelist")

    def first(**query: object) -> str:
        listed = client.get(address, query).context_data["cl"]
        return str(listed.queryset.query.order_by[0])

    assert first() == "id"
    assert first(o="0") == "name"
    assert first(o="4") == "id", "按岗位排序没有索引"
    assert "standing__post" in first(o="4", street=STREET_A)


@pytest.mark.parametrize("model", ["workers/worker", "workers/postassignment", "payroll/payline"])
def test_far_pages_hold_every_row_once(world: World, monkeypatch: pytest.MonkeyPatch, model: str) -> None:
    client = client_of(world.admin)
    whole = [one.pk for one in client.get(f"/{model}/").context_data["cl"].result_list]
    monkeypatch.setattr("songshan_cw.data.paging.NEAR", 1)
    monkeypatch.setattr("songshan_cw.site.scoped_admin.ScopedModelAdmin.list_per_page", 2)
    found: list[int] = []
    for page in range(1, -(-len(whole) // 2) + 1):
        found += [one.pk for one in client.get(f"/{model}/", {"p": page}).context_data["cl"].result_list]
    assert found == whole and len(set(found)) == len(found) > 2


def test_records_are_searched_by_their_person(large: World) -> None:
    client, worker = client_of(large.admin), large.a.workers[0]
    for model in ("workers/worker", "workers/postassignment", "payroll/payslip", "payroll/payline", "workers/change"):
        found = client.get(f"/{model}/", {"q": worker.name}).context_data["cl"].result_list
        people = {one.pk if model == "workers/worker" else one.worker_id for one in found}
        assert people == {worker.pk}, model


def test_more_people_than_anybody_reads_are_cut_and_said(large: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("songshan_cw.site.changelists.PEOPLE_FOUND", 1)
    client = client_of(large.admin)
    shown = body(client, "/workers/worker/", q=large.a.workers[0].name[0])
    assert "找到的人超过1人" in shown
    assert "找到的人超过" not in body(client, "/workers/worker/")


def test_a_street_left_from_another_district_is_forgotten(large: World) -> None:
    client = client_of(large.admin)
    address, own = "/workers/worker/", rows(client, "/workers/worker/", street=STREET_A)
    assert rows(client, address, street=STREET_A, community=large.b.community.pk) == own
    assert 0 < own < rows(client, address)


def test_choices_name_no_other_street(large: World) -> None:
    for role in (Role.CLERK, Role.LEADER):
        shown = body(client_of(large.user(role)), "/workers/worker/")
        assert STREET_A in shown and STREET_B not in shown


def queries_of_every_list() -> Iterator[tuple[str, dict[str, object]]]:
    queries: list[dict[str, object]] = [
        {}, {"p": 2}, {"q": "王丽"}, {"q": "wl"}, {"q": "1380"}, {"o": 0}, {"o": "-2"}, {"district": DISTRICT},
        {"street": STREET_A}, {"street": STREET_A, "month": MONTH},
    ]  # fmt: skip
    for model, page in admin.site._registry.items():
        offered = {getattr(one, "parameter_name", "") for one in page.list_filter} | {"p", "q", "o"}
        for query in queries:
            if set(query) <= offered:
                yield ModelRoute(model, "changelist").url(), query


@pytest.mark.postgres
def test_no_list_reads_a_whole_table(large: World) -> None:
    """With sequential reading made dear, whatever is still read from end to end has no index to go by."""
    client = client_of(large.admin)
    client.get("/workers/worker/")
    read: dict[str, set[str]] = {}
    explained: set[str] = set()
    for address, query in queries_of_every_list():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address, query).status_code in {200, 302}
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            statements = {one["sql"] for one in asked if one["sql"].startswith("SELECT")} - explained
            explained |= statements
            for statement in statements:
                cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
                [plan] = cursor.fetchone()[0]
                whole = {each["Relation Name"] for each in steps(plan["Plan"]) if each["Node Type"] == "Seq Scan"}
                if whole & OFTEN:
                    read[statement] = whole & OFTEN
            cursor.execute("SET LOCAL enable_seqscan = on")
    assert read == {}
