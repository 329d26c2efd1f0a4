"""One filter decides what anybody sees (rules 10): each role, each way to the street."""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db import models

from payroll.models import Budget, GradeTable, PayrollRun, Payslip, ResultWeight
from songshan_cw.words.periods import parse
from songshan_cw.words.regions import district_of, street_of
from songshan_cw.words.terms import Role, RunState
from tests.payroll import world
from tests.payroll.conftest import table
from tests.payroll.world import A1, B1, DISTRICT, A, B, person, staff, user
from tests.worlds import shared
from workers.models import Change, Exit, Region, Standing, User, Worker
from workers.selectors.scope import code_after, reaches, visible

MARCH = parse("2022-03")


def new_user(role: Role, region: str | None, **more: object) -> User:
    return User.objects.create(username=f"{role.name}-{region}", role=role.value, region_id=region, **more)


@shared(table)
def people(table: GradeTable) -> None:
    secretary = staff(date(2020, 1, 1))
    secretary["posts"] = [{"from": date(2020, 1, 1), "post": "正职"}]
    person(secretary, name="甲书记")
    person(staff(date(2020, 1, 1)), name="甲员")
    person(staff(date(2020, 1, 1)), name="乙员", community=B1)
    world.pay_month("2022-03", A)
    from payroll.services.runs import compute_runs

    compute_runs(month=MARCH, street_codes=[B], at=world.NOW)


def seen(model: type[models.Model], actor: object, column: str) -> list[object]:
    return sorted(visible(model._default_manager.all(), actor).values_list(column, flat=True))


def test_people_by_role(people: None) -> None:
    assert seen(Worker, user("clerk-a"), "name") == ["甲书记", "甲员"]
    assert seen(Worker, user("leader-a"), "name") == ["甲书记", "甲员"]
    assert seen(Worker, user("clerk-b"), "name") == ["乙员"]
    assert len(seen(Worker, user("bureau"), "name")) == len(seen(Worker, user("admin"), "name")) == 3
    assert seen(Worker, new_user(Role.ORGANISATION, DISTRICT), "name") == ["甲书记"]
    assert seen(Worker, new_user(Role.BUREAU, "1504"), "name") == seen(Worker, user("bureau"), "name")


def test_facts_of_people_follow_their_street(people: None) -> None:
    for worker in Worker.objects.all():
        Exit.objects.create(worker=worker, left_on=date(2025, 1, 1), reason="辞职")
    assert seen(Exit, user("clerk-b"), "worker__name") == ["乙员"]
    assert seen(Exit, new_user(Role.ORGANISATION, DISTRICT), "worker__name") == ["甲书记"]


def test_the_trail_follows_the_people_it_is_about(people: None) -> None:
    for worker in Worker.objects.select_related("standing"):
        Change.objects.create(worker=worker, street_id=worker.standing.street_id, subject=worker.name)
    Change.objects.create(street_id=DISTRICT, subject="节假日安排")
    organisation = new_user(Role.ORGANISATION, DISTRICT)
    assert seen(Change, organisation, "subject") == ["甲书记"]
    assert set(seen(Change, user("clerk-a"), "subject")) == {"甲书记", "甲员"}
    assert set(seen(Change, user("bureau"), "subject")) == {"甲书记", "甲员", "乙员", "节假日安排"}


def test_pay_by_role(people: None) -> None:
    finance = new_user(Role.FINANCE, DISTRICT)
    assert seen(PayrollRun, user("clerk-a"), "street_id") == [A]
    assert seen(PayrollRun, user("bureau"), "street_id") == [A, B]
    assert seen(PayrollRun, finance, "street_id") == [A]
    assert seen(Payslip, finance, "name") == ["甲书记", "甲员"]
    assert seen(Payslip, user("clerk-b"), "name") == ["乙员"]
    assert seen(GradeTable, user("clerk-a"), "district_id") == [DISTRICT]
    assert seen(GradeTable, user("bureau"), "district_id") == [DISTRICT]


def test_finance_reads_what_has_no_state_as_well(people: None) -> None:
    ResultWeight.objects.create(street_id=B, year=2022, result="合格", weight="1.1")
    assert seen(ResultWeight, new_user(Role.FINANCE, DISTRICT), "street_id") == [B]


def test_finance_reads_a_budget_once_it_is_approved(people: None) -> None:
    finance = new_user(Role.FINANCE, DISTRICT)
    totals = [f"{name}_total" for name in ("base", "allowance", "performance", "insurance", "training")]
    zeros = dict.fromkeys((*totals, "insurance_rate", "training_per_head"), "0.00")
    for code, state in ((A, RunState.SUBMITTED), (B, RunState.APPROVED)):
        by = {"submitted_by": user("clerk-a"), "submitted_at": world.NOW}
        approval = {"approved_by": user("bureau"), "approved_at": world.NOW} if state == RunState.APPROVED else {}
        Budget.objects.create(
            street_id=code,
            year=2027,
            state=state.value,
            computed_at=world.NOW,
            trial=False,
            headcount=0,
            **zeros,
            **by,
            **approval,
        )
    assert seen(Budget, finance, "street_id") == [B]
    assert seen(Budget, user("bureau"), "street_id") == [A, B]


def test_what_has_neither_state_nor_position_is_narrowed_by_place_alone(people: None) -> None:
    """What a role may open at all is for the table of rights to say."""
    finance, organisation = new_user(Role.FINANCE, DISTRICT), new_user(Role.ORGANISATION, DISTRICT)
    assert seen(GradeTable, finance, "district_id") == seen(GradeTable, organisation, "district_id") == [DISTRICT]
    assert len(seen(Worker, finance, "name")) == 3
    assert len(seen(Region, finance, "code")) == len(seen(Region, organisation, "code")) == 6
    assert seen(PayrollRun, organisation, "street_id") == [A, B]


def test_secretaries_alone_stand_in_what_the_organisation_department_reads(people: None) -> None:
    assert seen(Standing, new_user(Role.ORGANISATION, DISTRICT), "worker__name") == ["甲书记"]


def test_a_place_is_its_codes_and_no_neighbours() -> None:
    assert [code_after(code) for code in ("150404", "150409", "150999", "0150")] == [
        *("150405", "150410", "151000", "0151"),
    ]


def test_regions(people: None) -> None:
    assert seen(Region, user("clerk-a"), "code") == [A, A1, world.A2]
    assert len(seen(Region, user("bureau"), "code")) == 6
    assert len(seen(Region, user("admin"), "code")) == 8


def test_another_district_sees_nothing(people: None) -> None:
    Region.objects.create(code="150403", name="元宝山区", level="district", parent_id="1504")
    stranger = new_user(Role.BUREAU, "150403")
    for model in (Worker, PayrollRun, Payslip, GradeTable):
        assert not visible(model._default_manager.all(), stranger).exists()


def test_nobody_without_a_place_or_an_active_account_sees_anything(people: None) -> None:
    lost = User(username="lost", role=Role.CLERK.value)  # the database keeps no such user
    gone = new_user(Role.ADMINISTRATOR, None, is_active=False)
    for actor in (AnonymousUser(), None, lost, gone):
        for model in (Worker, PayrollRun, Region, GradeTable):
            assert not visible(model._default_manager.all(), actor).exists()
    assert not reaches(gone, A) and not reaches(lost, A)


def test_reach(district: None) -> None:
    assert reaches(user("clerk-a"), A) and reaches(user("clerk-a"), A1) and not reaches(user("clerk-a"), B)
    assert not reaches(user("clerk-a"), DISTRICT)
    assert reaches(user("bureau"), B1) and reaches(user("admin"), "99")
    assert (street_of(A1), district_of(A1)) == (A, DISTRICT)
