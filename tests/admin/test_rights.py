"""Roles × models: what each may open (rules 10), as one table."""

import pytest
from django.contrib import admin

from songshan_cw.words.terms import Role
from tests.scope.conftest import client_of
from tests.scope.routes import ModelRoute
from tests.scope.world import World

# Columns: clerk, leader, bureau, finance, organisation, administrator. K keeps (list, add, change), R reads, - nothing.
ORDER = (Role.CLERK, Role.LEADER, Role.BUREAU, Role.FINANCE, Role.ORGANISATION, Role.ADMINISTRATOR)
TABLE = {
    "worker": "K R R - R K",
    "postassignment": "K R R - R K",
    "categoryrecord": "K R R - R K",
    "educationrecord": "K R R - R K",
    "certificate": "K R R - R K",
    "servicegap": "K R R - R K",
    "placement": "K R K - R K",
    "exit": "K R R - R K",
    "hiring": "K R R - R K",
    "contract": "K R R - R K",
    "secondment": "K R R - R K",
    "training": "K R R - R K",
    "annualassessment": "K K R - R K",
    "absence": "K R R - R K",
    "visit": "K R R - R K",
    "leave": "K R R - R K",
    "dutybackup": "K R R - R K",
    "committeeseat": "K R R - R K",
    "partyworker": "K R R - R K",
    "honour": "K R R - R K",
    "attachment": "R R R - R R",
    "secondmentapproval": "R R R - R R",
    "archivefiling": "R R R - R R",
    "communityprofile": "K R R - R K",
    "calendarday": "R R K - R R",
    "assessmentproposal": "R R R - R R",
    "shareexception": "R R R - R R",
    "region": "R R R R R K",
    "user": "- - - - - K",
    "change": "R R R - R R",
    "workbookimport": "R R R - R R",
    "privateaccess": "- - R - - R",
    "signinattempt": "- - - - - R",
    "payrollrun": "R R R R - R",
    "payslip": "R R R R - R",
    "payline": "R R R R - R",
    "runevent": "R R R R - R",
    "gradetable": "R R R R - R",
    "gradecoefficient": "R R R R - R",
    "steprequirement": "R R R R - R",
    "paystandard": "R R R R - R",
    "budget": "R R R R - R",
    "budgetbasis": "R R R R - R",
    "disposableincome": "- - R R - R",
    "resultweight": "K R R R - R",
    "personalweight": "K R R R - R",
}
STATUSES = {"K": (200, 200), "R": (200, 403), "-": (403, 403)}


def test_the_table_names_every_model() -> None:
    assert {model._meta.model_name for model in admin.site._registry} == set(TABLE)


@pytest.mark.parametrize("role", ORDER)
def test_lists_and_forms_open_by_role(world: World, role: Role) -> None:
    client = client_of(world.user(role))
    seen, wanted = {}, {}
    for model in admin.site._registry:
        name = str(model._meta.model_name)
        wanted[name] = STATUSES[TABLE[name].split()[ORDER.index(role)]]
        seen[name] = tuple(client.get(ModelRoute(model, kind).url()).status_code for kind in ("changelist", "add"))
    assert seen == wanted


@pytest.mark.parametrize("role", ORDER)
def test_a_reader_cannot_write(world: World, role: Role) -> None:
    client = client_of(world.user(role))
    for model in admin.site._registry:
        row = world.a.rows.get(model._meta.label_lower)
        if row is None or TABLE[str(model._meta.model_name)].split()[ORDER.index(role)] == "K":
            continue
        for kind in ("change", "delete"):
            assert client.post(ModelRoute(model, kind).url(row.pk), {"post": "yes"}).status_code in {403, 404}
        assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("role", ORDER)
def test_the_menu_leads_only_where_one_may_go(world: World, role: Role) -> None:
    client = client_of(world.user(role))
    groups = client.get("/").context["sidebar_navigation"]
    links = [item["link"] for group in groups for item in group["items"]]
    assert len(links) > 2
    for link in links:
        assert client.get(link).status_code == 200, link


def test_finance_sees_only_approved_runs(world: World) -> None:
    body = client_of(world.finance).get("/payroll/payrollrun/").content.decode()
    assert "没有找到记录" in body


def test_the_organisation_department_sees_only_secretaries(world: World) -> None:
    body = client_of(world.organisation).get("/workers/worker/").content.decode()
    assert "甲某1" in body
    assert "甲某0" not in body
