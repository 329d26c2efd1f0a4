"""Masked numbers give nothing away, and a whole number typed elsewhere is masked in the trails (rules 10.6)."""

from datetime import UTC, datetime

import pytest

from songshan_cw.words.terms import Role
from tests.scope.conftest import client_of
from tests.scope.world import World
from workers.models import Change, PrivateAccess, User, Worker
from workers.rules.identity import is_masked, masked
from workers.services import record_private_access
from workers.services.trail import record_change
from workers.workbook.numberless import _told_apart
from workers.workbook.stored import Namesake

AT = datetime(2026, 3, 1, tzinfo=UTC)
NUMBER, PHONE, CARD = "150404199003071234", "13912345678", "6228480012345678901"


def test_a_mask_leaves_the_region_and_the_last_character() -> None:
    assert masked(NUMBER) == "150404***********4"
    assert masked("15040419900307123X") == "150404***********X"
    assert len(masked(NUMBER)) == len(NUMBER)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("150404***********4", True),
        ("150404***********X", True),
        ("150404********1234", True),  # exported before
        ("150404********123X", True),
        (NUMBER, False),
        ("150404****", False),
        ("", False),
    ],
)
def test_masked_numbers_in_a_file_are_recognized(text: str, found: bool) -> None:
    assert is_masked(text) is found


def test_namesakes_of_one_mask_stay_two_choices() -> None:
    first, second = (Namesake(f"150404{born}1234", "150404001", "1") for born in ("19900307", "19910307"))
    other = Namesake("150404199003071235", "150404001", "1")
    assert _told_apart([second, first, other]) == {
        "150404***********4（第1位）": first,
        "150404***********4（第2位）": second,
        "150404***********5": other,
    }


@pytest.mark.parametrize("role", [Role.CLERK, Role.LEADER, Role.BUREAU])
def test_no_page_of_a_person_shows_the_birth_date_or_the_tail(world: World, role: Role) -> None:
    person = world.a.workers[0]
    number = person.id_number
    born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    words = f"{number[6:10]}年{int(number[10:12])}月{int(number[12:14])}日"
    client = client_of(world.user(role))
    for address in (f"/workers/worker/{person.pk}/change/", f"/people/{person.pk}/", "/people/", "/workers/worker/"):
        body = client.get(address, follow=True).content.decode()
        for part in (born, words, "*" * 8 + number[-4:]):
            assert part not in body, (address, part)


def test_whole_numbers_in_notes_and_reasons_are_masked_in_the_trail(world: World) -> None:
    person = Worker.objects.get(pk=world.a.workers[0].pk)
    items = [["人员", "张三", "备注", f"原号{NUMBER}", f"卡{CARD}，电话{PHONE}"]]
    record_change(
        actor=world.a.clerk, at=AT, about=person, items=items, reason=f"更正{NUMBER}", street_code="150404001"
    )
    row = Change.objects.latest("pk")
    assert row.items == [["人员", "张三", "备注", "原号150404***********4", "卡**** 8901，电话139****5678"]]
    assert row.reason == "更正150404***********4"


def test_whole_numbers_in_a_purpose_are_masked(world: World) -> None:
    User.objects.filter(pk=world.a.clerk.pk).update(sees_private=True)
    actor = User.objects.get(pk=world.a.clerk.pk)
    record_private_access(actor=actor, what=f"查看{NUMBER}", purpose=f"核对{CARD}")
    row = PrivateAccess.objects.latest("pk")
    assert (row.what, row.purpose) == ("查看150404***********4", "核对**** 8901")
