"""A budget from hand to hand: who moved it when is kept, what a return says and takes back, and that nobody moves one
out of turn (rules 7.5)."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payroll.models import Budget
from payroll.services.budgets import return_budget, submit_budget
from payroll.services.floor import set_basis
from songshan_cw.data.refusal import NotAllowed, Overtaken
from songshan_cw.words.terms import Role, RunState
from tests.money.test_budgets import YEAR, approve, basis, compute, staffed, street, submit
from tests.payroll.world import DISTRICT, EVENING, NOW, A, user
from workers.models import Change
from workers.rules.rights import PERMISSIONS

__all__ = ["staffed"]
LATER = NOW + timedelta(hours=1)


def hand_back(by: str = "bureau", reason: str = "漏了新聘的人") -> Budget:
    return return_budget(year=YEAR, street=street(), actor=user(by), at=LATER, reason=reason)


def stored() -> Budget:
    return Budget.objects.get(street=A)


def changes() -> int:
    return Change.objects.filter(street=A).count()


def test_each_move_is_kept_with_who_and_when(staffed: None) -> None:
    moves: list[Callable[[], Budget]] = [compute, submit, hand_back, submit, approve]
    before = changes()
    for number, move in enumerate(moves, start=1):
        move()
        assert changes() == before + number, move
    budget = stored()
    assert (budget.submitted_by, budget.submitted_at) == (user("clerk-a"), NOW)
    assert (budget.approved_by, budget.approved_at) == (user("bureau"), NOW)


def test_a_return_forgets_the_submission_and_the_next_submission_the_return(staffed: None) -> None:
    compute()
    submit()
    hand_back()
    back = stored()
    assert (back.state, back.submitted_by, back.submitted_at) == (RunState.RETURNED, None, None)
    assert back.return_reason == "漏了新聘的人"
    submit()
    assert (stored().state, stored().return_reason) == (RunState.SUBMITTED, "")


def test_a_long_reason_is_kept_as_far_as_it_fits(staffed: None) -> None:
    compute()
    submit()
    hand_back(reason=" " + "长" * 300)
    assert stored().return_reason == "长" * 200


@pytest.mark.parametrize("who", ["clerk-a", "leader-a", "admin"])
def test_only_the_bureau_hands_back(staffed: None, who: str) -> None:
    compute()
    submit()
    with pytest.raises(NotAllowed, match="不能退回预算"):
        hand_back(who)
    assert stored().state == RunState.SUBMITTED


@pytest.mark.parametrize(("role", "who"), [(Role.BUREAU, "bureau"), (Role.ADMINISTRATOR, "admin")])
def test_no_right_given_by_mistake_lets_another_office_submit(
    staffed: None, monkeypatch: pytest.MonkeyPatch, role: Role, who: str
) -> None:
    compute()
    monkeypatch.setitem(PERMISSIONS, role, PERMISSIONS[role] | {"payroll.submit_budget"})
    with pytest.raises(NotAllowed, match="不能提交预算"):
        submit(who)
    assert stored().state == RunState.DRAFT


def test_a_basis_changed_after_the_submission_stops_the_approval(staffed: None) -> None:
    compute()
    submit()
    basis("26.00")
    with pytest.raises(Overtaken, match="重新测算后再提交"):
        approve()
    assert stored().state == RunState.SUBMITTED


def test_a_later_year_is_computed_up_to_three_years_ahead(staffed: None) -> None:
    rates = {"insurance_rate": Decimal("25.50"), "training_per_head": Decimal("500.00")}
    set_basis(actor=user("bureau"), district=DISTRICT, year=YEAR + 2, at=NOW, **rates)
    assert compute(year=YEAR + 2).year == 2029


@pytest.mark.postgres
def test_who_works_on_a_budget_queues_at_its_street(staffed: None) -> None:
    compute()
    with CaptureQueriesContext(connection) as seen:
        submit()
    locks = [query["sql"] for query in seen if "FOR NO KEY UPDATE" in query["sql"]]
    assert len(locks) == 1 and f"'{A}'" in locks[0]


def test_the_hour_of_computing_is_no_change_worth_telling(staffed: None) -> None:
    compute()
    compute(at=LATER)
    told = [item for change in Change.objects.filter(street=A) for item in change.items]
    assert told and "测算时间" not in [word for item in told for word in item]
    assert "人数" in {item[2] for item in told}


def test_the_trail_tells_a_submission_in_local_time(staffed: None) -> None:
    compute()
    submit_budget(year=YEAR, street=street(), actor=user("clerk-a"), at=EVENING)
    items = Change.objects.order_by("-pk")[0].items
    assert [new for *_, field, _, new in items if field == "提交时间"] == ["2026-11-28 06:30"]
