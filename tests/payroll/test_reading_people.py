"""People are read by several statements; others go on working between them."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payroll.selectors.facts import stream_people
from tests.payroll import world
from workers.models import PostAssignment, Worker

pytestmark = pytest.mark.django_db


def test_people_are_asked_for_before_their_records(district: None) -> None:
    world.person(world.staff(date(2020, 1, 1)))
    with CaptureQueriesContext(connection) as asked:
        list(stream_people(Worker.objects.all()))
    first = next(query["sql"] for query in asked.captured_queries if "SELECT" in query["sql"])
    assert 'FROM "workers_worker" ORDER BY' in first


def test_who_comes_or_goes_between_the_statements_is_left_for_the_next_time(district: None) -> None:
    newcomer, stays, leaves, last = (world.person(world.staff(date(2020, 1, 1))) for _ in range(4))

    people = stream_people(Worker.objects.exclude(pk=newcomer.pk))
    with connection.execute_wrapper(_Meanwhile(leaves)):
        read = list(people)
    assert [one.id for one in read] == [stays.pk, last.pk]
    assert all(len(one.facts.assignments) == 1 for one in read)


class _Meanwhile:
    """Takes a person's appointment away after the people were read and before their appointments are."""

    def __init__(self, leaves: Worker) -> None:
        self.leaves, self.done = leaves, False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not self.done and 'FROM "workers_postassignment"' in sql:
            self.done = True
            PostAssignment.objects.filter(worker=self.leaves).delete()
        return execute(sql, params, many, context)
