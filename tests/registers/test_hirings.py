"""How people came into the service, as services and lists have it (S 二(三)2; O 6–9)."""

from datetime import UTC, date, datetime

import pytest

from songshan_cw.data.refusal import Refused
from songshan_cw.words.terms import Category, Education, Position, Post
from tests.compliance.world import A1, O1, person, user
from workers.models import Change, Hiring, Region, Worker
from workers.rules.identity import check_character
from workers.selectors.hirings import hirings
from workers.selectors.serving import Roll
from workers.services import record_fact, register_worker

pytestmark = pytest.mark.usefixtures("regions")
NOW = datetime(2024, 2, 1, 2, 0, tzinfo=UTC)
DAY = date(2024, 2, 1)


def newcomer() -> Worker:
    first = "15040419950101123"
    return Worker(
        id_number=first + check_character(first),
        name="新人",
        category=Category.STAFF,
        hired_on=date(2023, 5, 1),
        entry_education=Education.COLLEGE,
    )


def register(method: str) -> Worker:
    return register_worker(
        actor=user("clerk-a"),
        worker=newcomer(),
        community=Region.objects.get(pk=A1),
        post=Post.STAFF,
        position=Position.COMMUNITY_WORKER,
        document_no="招〔2023〕1号",
        method=method,
        at=NOW,
    )


def test_registered_together_with_the_person_and_told_in_the_trail() -> None:
    worker = register("公开招录")
    assert (worker.hiring.method, worker.hiring.document_no) == ("公开招录", "招〔2023〕1号")
    assert ["录用", "公开招录", "录用方式", "", "公开招录"] in Change.objects.get(worker=worker).items
    assert hirings(Roll(user("clerk-a"), DAY)) == []


def test_an_unlisted_way_leaves_nothing_behind() -> None:
    with pytest.raises(Refused, match="不在列明的方式中（二\\(三\\)2）。请选择：公开招录、考察考核聘用、选任"):
        register("考试录用")  # Ordos' word
    assert not Worker.objects.exists()
    worker = register("")
    with pytest.raises(Refused, match="不在列明的方式中"):
        record_fact(actor=user("clerk-a"), instance=Hiring(worker=worker, method="介绍"), at=NOW)
    assert not Hiring.objects.exists()


def test_the_least_service_of_ordos_and_none_in_songshan() -> None:
    new = person(O1, hired=date(2021, 8, 31))
    over = person(O1, hired=date(2021, 1, 31))
    here = person(A1, hired=date(2023, 1, 1))
    for one, method in ((new, "考试录用"), (over, "在岗纳入"), (here, "公开招录")):
        Hiring.objects.create(worker=one, method=method)
    rows = [(one.id, one.until, one.doubts) for one in hirings(Roll(user("bureau-o"), date(2024, 8, 30)))]
    assert rows == [(new.pk, date(2024, 8, 30), ("聘用时41周岁，一般应在40周岁以下（第7条(一)3）。",))]
    later = hirings(Roll(user("clerk-o"), date(2024, 8, 31)))
    assert [one.until for one in later] == [date(2024, 8, 30)], "年龄仍须核对"
    assert hirings(Roll(user("bureau"), DAY)) == []
