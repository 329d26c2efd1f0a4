"""The division of a street's pool: weights saved with a trail, a preview that writes nothing (rules 6)."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from payroll.models import PersonalWeight, ResultWeight
from songshan_cw.words.terms import Result
from tests.pages.conftest import stranger, worker
from tests.pages.visits import HIRED, YEARS, signed_in
from tests.payroll import world
from tests.payroll.world import A, B, person, staff
from tests.worlds import shared
from workers.models import Change, Worker

YEAR = 2026
WEIGHTS = {"weight-EXCELLENT": "1.2", "weight-COMPETENT": "1.0", "weight-BASIC": "0.6", "weight-FAILED": "0"}


def url(street: str = A, name: str = "pay_performance_year") -> str:
    return reverse(f"admin:{name}", args=[YEAR, street])


@shared(worker, stranger)
def people(worker: Worker, stranger: Worker) -> list[Worker]:
    """An excellent, a competent and an unassessed one, with a month in the pool."""
    found = [
        person(staff(HIRED, assessments={**YEARS, YEAR: "优秀"}), name="钱优秀"),
        person(staff(HIRED, assessments={**YEARS, YEAR: "合格"}), name="孙合格"),
        worker,
    ]
    world.pay_month("2026-10", A, B)
    return found


def post(username: str, address: str | None = None, **given: Any) -> tuple[Any, str]:
    response = signed_in(username).post(address or url(), {**WEIGHTS, **given})
    return response, " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_the_shares_add_up_and_the_unassessed_are_listed(people: list[Worker]) -> None:
    page = signed_in("clerk-a").get(url())
    rows, pool = page.context_data["rows"], page.context_data["pool"]
    assert sum(row.share.share for row in rows) == pool.amount == Decimal("1102.50")
    assert [row.claim.name for row in page.context_data["unassessed"]] == ["张三丰"]


def test_weights_are_saved_with_their_trail(people: list[Worker]) -> None:
    excellent, _, unassessed = people
    given = {
        "weight-EXCELLENT": "1.5",
        f"own-{unassessed.pk}": "0.5",
        f"why-{unassessed.pk}": "借调期满，按半数计",
        f"own-{excellent.pk}": "",
    }
    _, said = post("clerk-a", **given)
    assert "2处改动" in said
    assert ResultWeight.objects.get().weight == Decimal("1.500")
    assert PersonalWeight.objects.get().reason == "借调期满，按半数计"
    assert Change.objects.filter(reason="借调期满，按半数计").count() == 1
    changes = Change.objects.count()
    _, said = post("clerk-a", **given)
    assert "没有改动" in said and Change.objects.count() == changes
    _, said = post("clerk-a", **{**given, f"own-{unassessed.pk}": ""})
    assert "1处改动" in said and not PersonalWeight.objects.exists()


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"weight-EXCELLENT": "一点二"}, "不是数"),
        ({"weight-EXCELLENT": "-1"}, "应为0.00至1.50之间"),
        ({"weight-EXCELLENT": "NaN"}, "不是数"),
        ({"weight-EXCELLENT": "1e9"}, "0.00至1.50之间"),
        ({"weight-EXCELLENT": "1.23456"}, "三位小数"),
        ({"own": "0.5"}, "写明理由"),
    ],
)
def test_what_cannot_be_saved_leaves_nothing_saved(people: list[Worker], given: dict[str, str], word: str) -> None:
    given = {(f"own-{people[0].pk}" if name == "own" else name): value for name, value in given.items()}
    _, said = post("clerk-a", **{"weight-BASIC": "0.7", **given})
    assert word in said
    assert not ResultWeight.objects.exists() and not PersonalWeight.objects.exists()


@pytest.mark.parametrize("username", ["leader-a", "bureau", "finance", "admin"])
def test_only_the_clerk_sets_weights(people: list[Worker], username: str) -> None:
    assert "保存权重" not in signed_in(username).get(url()).content.decode()
    _, said = post(username, **{"weight-EXCELLENT": "1.9"})
    assert "街道经办" in said and not ResultWeight.objects.exists()


def test_another_street_is_missing(people: list[Worker]) -> None:
    assert post("clerk-a", url(B))[0].status_code == 404
    assert post("clerk-a", url(B, "pay_performance_preview"))[0].status_code == 404
    assert not ResultWeight.objects.exists()


def test_the_preview_is_what_saving_would_give_and_writes_nothing(people: list[Worker]) -> None:
    given = {"weight-EXCELLENT": "1.4", f"own-{people[2].pk}": "0.3", f"why-{people[2].pk}": "试算"}
    answer = post("clerk-a", url(name="pay_performance_preview"), **given)[0].json()
    assert not ResultWeight.objects.exists() and not PersonalWeight.objects.exists()
    post("clerk-a", **given)
    rows = signed_in("clerk-a").get(url()).context_data["rows"]
    assert {str(row.claim.worker_id): f"{row.share.share:,.2f}" for row in rows} == {
        key: share["share"] for key, share in answer["shares"].items()
    }
    assert answer["total"] == "1,102.50"
    numbers = set(Worker.objects.values_list("id_number", flat=True))
    assert not any(number in str(answer) for number in numbers)


def test_a_pool_nobody_can_be_given_is_said(worker: Worker) -> None:
    world.pay_month("2026-10", A)
    page = signed_in("clerk-a").get(url())
    assert page.status_code == 200 and "无法分配" in page.context_data["fault"]
    answer = post("clerk-a", url(name="pay_performance_preview"))[0].json()
    assert "无法分配" in answer["fault"] and answer["shares"] == {}


def test_every_result_has_a_field(people: list[Worker]) -> None:
    page = signed_in("clerk-a").get(url()).content.decode()
    assert all(f'name="weight-{result.name}"' in page for result in Result)


def test_a_refused_sheet_keeps_what_was_typed_and_marks_every_wrong_field(people: list[Worker]) -> None:
    first, second, third = people
    given = {
        "weight-BASIC": "0.7",
        f"own-{first.pk}": "abc",
        f"own-{second.pk}": "0.9",
        f"why-{third.pk}": "还没有写完",
    }
    response, said = post("clerk-a", **given)
    page = response.content.decode()
    assert f"{first.name}的个人权重不是数" in said and f"{second.name}的个人权重须写明理由" in said
    assert all(f'value="{typed}"' in page for typed in given.values())
    assert page.count('aria-invalid="true"') == 3, "abc与两人缺的理由"
    assert not ResultWeight.objects.exists()


def test_people_stand_in_the_order_of_the_pay_sheet_with_their_community(people: list[Worker]) -> None:
    response = signed_in("clerk-a").get(url())
    shown = [row.claim.id_number for row in response.context_data["rows"]]
    run = signed_in("clerk-a").get(reverse("admin:pay_run", args=["2026-10", A]))
    assert shown == sorted(one.id_number for one in people), "同一社区，按证件号"
    assert shown == [slip.worker.id_number for slip in run.context_data["slips"].page]
    assert f'<td class="k">{people[0].standing.community}</td>' in response.content.decode()
