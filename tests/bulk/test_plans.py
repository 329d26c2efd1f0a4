"""The server is told what storage it has, so that few people are found by an index however many there are."""

import pytest
from django.db import connection

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def shown(setting: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {setting}")
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize(("setting", "value"), [("random_page_cost", "1.1"), ("jit", "off")])
def test_every_connection_says_so(setting: str, value: str) -> None:
    assert shown(setting) == value
