"""No list asks the database more for 200 people than for 10."""

from datetime import date

from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from songshan_cw.words.terms import Category, Education, Position, Post
from tests.scope.conftest import client_of
from tests.scope.routes import ModelRoute
from tests.scope.world import World, id_number
from workers.models import Certificate, Change, PostAssignment, Worker
from workers.services.standing import refresh_standing


def add_people(world: World, first: int, count: int) -> None:
    people = Worker.objects.bulk_create(
        Worker(
            id_number=id_number("15040419910303", serial),
            name=f"群众{serial}",
            category=Category.STAFF,
            hired_on=date(2019, 1, 1),
            entry_education=Education.COLLEGE,
        )
        for serial in range(first, first + count)
    )
    common = {"community": world.a.community, "post": Post.STAFF, "position": Position.COMMUNITY_WORKER}
    PostAssignment.objects.bulk_create(PostAssignment(worker=one, start=one.hired_on, **common) for one in people)
    Certificate.objects.bulk_create(
        Certificate(worker=one, level="社会工作师", approved_on=date(2020, 1, 1)) for one in people
    )
    Change.objects.bulk_create(
        Change(worker=one, actor=world.admin, street=world.a.region, subject=one.name) for one in people
    )
    refresh_standing([one.pk for one in people])


def counts(world: World) -> dict[str, int]:
    client = client_of(world.admin)
    result = {}
    for model in admin.site._registry:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(ModelRoute(model, "changelist").url()).status_code == 200
        result[str(model._meta.model_name)] = len(queries)
    return result


def test_lists_ask_the_same_for_10_and_200_people(world: World) -> None:
    add_people(world, 100, 10)
    counts(world)
    few = counts(world)
    add_people(world, 200, 190)
    assert counts(world) == few
    assert max(few.values()) < 20
