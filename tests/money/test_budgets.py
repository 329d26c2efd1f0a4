"""A budget from computing to approval, in the database (rules 7.5; S 三(二))."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from payroll.files.budget_sheet import write_budgets
from payroll.models import Budget, GradeTable
from payroll.selectors.budgets import budgets_by_street
from payroll.selectors.forecast import forecast, streets_of
from payroll.services.budgets import approve_budget, computation_of, compute_budget, return_budget, submit_budget
from payroll.services.floor import set_basis
from songshan_cw.data.refusal import NotAllowed, Overtaken, Refused
from songshan_cw.words.periods import parse
from songshan_cw.words.terms import Role, RunState
from tests.payroll import world
from tests.payroll.conftest import table
from tests.payroll.world import DISTRICT, EVENING, NOW, A, B, person, staff, user
from tests.worlds import shared
from workers.models import Change, Region, User

TODAY, YEAR = parse("2026-11"), 2027
YEARS = dict.fromkeys((2023, 2024, 2025), "合格")


def street(code: str = A) -> Region:
    return Region.objects.get(pk=code)


def basis(rate: str = "25.50", training: str = "500.00", by: str = "bureau") -> None:
    set_basis(
        actor=user(by),
        district=DISTRICT,
        year=YEAR,
        insurance_rate=Decimal(rate),
        training_per_head=Decimal(training),
        at=NOW,
    )


def compute(by: str = "clerk-a", code: str = A, **given: Any) -> Budget:
    return compute_budget(
        **{"year": YEAR, "street": street(code), "actor": user(by), "at": NOW, "today": TODAY} | given
    )


def submit(by: str = "clerk-a", **given: Any) -> Budget:
    return submit_budget(year=YEAR, street=street(), actor=user(by), at=NOW, **given)


def approve(by: str = "bureau", **given: Any) -> Budget:
    return approve_budget(year=YEAR, street=street(), actor=user(by), at=NOW, **given)


@shared(table)
def staffed(table: GradeTable) -> None:
    person(staff(date(2023, 1, 5), assessments=YEARS), name="将晋级")
    person(staff(date(2025, 3, 1)), name="新人")
    person(staff(date(2020, 1, 5), category="退休人员"), name="体系外")
    person(staff(date(2025, 3, 1)), name="别街道", community=world.B1)
    basis()


def test_the_sums_of_a_year(staffed: None) -> None:
    budget = compute()
    assert (budget.state, budget.trial, budget.headcount) == (RunState.DRAFT, False, 2)
    pay = [Decimal("77490.00"), Decimal("0.00"), Decimal("8610.00")]  # 39690 + 37800; 4410 + 4200
    assert list(budget.amounts) == [*pay, Decimal("21955.56"), Decimal("1000.00")]  # 7175.00 × 25.5% = 1829.63 a month
    months = list(budget.months.all())
    assert [(month.headcount, month.promoted) for month in months] == [(2, 1)] + [(2, 0)] * 11
    assert {month.insurance for month in months} == {Decimal("1829.63")}
    assert sum(month.sum for month in months) + budget.training_total == budget.grand_total


def test_computing_again_replaces_and_a_move_within_the_year_is_split(staffed: None) -> None:
    compute()
    given = staff(date(2025, 3, 1))
    post = {"post": "工作人员"}
    given["posts"] = [{"from": date(2025, 3, 1), **post}, {"from": date(2027, 6, 10), "community": world.B1, **post}]
    person(given, name="调走")
    mine, theirs = compute(), compute("clerk-b", B)
    assert Budget.objects.count() == 2
    assert (mine.headcount, theirs.headcount) == (3, 1), "每人只在年内首个计薪月所在的街道计一次"
    assert [month.headcount for month in mine.months.all()] == [3] * 6 + [2] * 6
    assert [month.headcount for month in theirs.months.all()] == [1] * 6 + [2] * 6


def test_draft_submitted_approved_and_nothing_after(staffed: None) -> None:
    compute()
    assert submit().state == RunState.SUBMITTED
    with pytest.raises(Overtaken, match="不能重新测算"):
        compute()
    done = approve()
    assert (done.state, done.approved_by) == (RunState.APPROVED, user("bureau"))
    for again in (compute, submit, approve):
        with pytest.raises(Overtaken):
            again()
    told = [item[2:] for change in Change.objects.filter(street=A) for item in change.items]
    assert ["状态", "待审核", "已审核"] in told


def test_returned_with_a_reason_and_computed_anew(staffed: None) -> None:
    compute()
    submit()
    back: dict[str, Any] = {"year": YEAR, "street": street(), "actor": user("bureau"), "at": NOW}
    with pytest.raises(Refused, match="原因"):
        return_budget(**back, reason=" ")
    budget = return_budget(**back, reason="漏了新聘的人")
    assert (budget.state, budget.return_reason, budget.submitted_by) == (RunState.RETURNED, "漏了新聘的人", None)
    assert compute().state == RunState.DRAFT


def test_rights_and_streets(staffed: None) -> None:
    for by in ("leader-a", "bureau", "clerk-b", "admin"):
        with pytest.raises(NotAllowed):
            compute(by)
    compute()
    for by in ("leader-a", "bureau", "admin"):
        with pytest.raises(NotAllowed):
            submit(by)
    with pytest.raises(Refused, match="管辖"):
        submit("clerk-b")
    submit()
    for by in ("clerk-a", "leader-a", "admin"):
        with pytest.raises(NotAllowed):
            approve(by)
    with pytest.raises(NotAllowed, match="民政局"):
        basis(by="clerk-a")


def test_the_submitter_never_approves(staffed: None) -> None:
    compute()
    submit()
    Budget.objects.update(submitted_by=user("bureau"))
    with pytest.raises(NotAllowed, match="另一人"):
        approve()
    with pytest.raises(IntegrityError), transaction.atomic():
        Budget.objects.update(state=RunState.APPROVED.value, approved_by=user("bureau"), approved_at=NOW)
    assert approve("bureau-2").state == RunState.APPROVED


def test_a_sample_table_is_a_trial_and_never_approved(district: None, tmp_path: Path) -> None:
    world.bring_table(tmp_path / "table", confirmed=False)
    person(staff(date(2025, 3, 1)))
    basis()
    assert compute().trial
    submit()
    with pytest.raises(Refused, match="试算"):
        approve()


def test_what_is_missing_is_said(district: None, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="还没有录入"):
        compute()
    basis()
    with pytest.raises(Refused, match="还没有登记人员"):
        compute()
    person(staff(date(2025, 3, 1)))
    with pytest.raises(Refused, match="没有可用的等级系数表"):
        compute()
    for year in (2026, 2030):
        with pytest.raises(Refused, match="只能测算2027至2029年"):
            compute(year=year)


def test_another_basis_or_another_computation_stops_the_submission(staffed: None) -> None:
    seen = computation_of(compute())
    basis("26.00")
    with pytest.raises(Overtaken, match="重新测算后再提交"):
        submit(seen=seen)
    compute(at=NOW.replace(hour=3))
    with pytest.raises(Overtaken, match="重新测算过"):
        submit(seen=seen)
    assert submit().insurance_rate == Decimal("26.00")


@pytest.mark.parametrize(
    ("rate", "training"), [("101", "1"), ("-1", "1"), ("1.001", "1"), ("NaN", "1"), ("1", "-0.01")]
)
def test_senseless_bases_are_refused(district: None, rate: str, training: str) -> None:
    with pytest.raises(Refused, match="没有保存"):
        basis(rate, training)


def test_finance_reads_approved_budgets_only(staffed: None) -> None:
    finance = User.objects.create(username="finance", role=Role.FINANCE.value, region_id=DISTRICT)
    compute()
    assert budgets_by_street(finance, YEAR) == []
    submit()
    approve()
    assert [row.street.pk for row in budgets_by_street(finance, YEAR)] == [A]


def test_statements_do_not_grow_with_people(staffed: None) -> None:
    def statements() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as computing:
            compute()
        with CaptureQueriesContext(connection) as looking:
            forecast(streets=streets_of(user("bureau")), today=TODAY)
        return len(computing), len(looking)

    statements()
    person(staff(date(2024, 1, 1)))
    few = statements()
    for _ in range(40):
        person(staff(date(2024, 1, 1)))
    assert statements() == few
    assert max(few) < 40


def test_forecast_by_street(staffed: None) -> None:
    person(staff(date(2023, 1, 5), assessments=YEARS), name="乙晋级", community=world.B1)
    found = forecast(streets=streets_of(user("bureau")), today=TODAY)
    assert [(one.name, one.street, one.rise.month) for one in found.promotions] == [
        ("将晋级", A, parse("2027-01")),
        ("乙晋级", B, parse("2027-01")),
    ]
    assert [(reach.months, reach.count, reach.extra) for reach in found.whole] == [
        (months, 2, Decimal("350.00")) for months in (12, 24, 36)
    ]
    own = forecast(streets=streets_of(user("clerk-b")), today=TODAY)
    assert [one.name for one in own.promotions] == ["乙晋级"]


def test_the_workbook_holds_the_budget_to_the_cent(staffed: None, tmp_path: Path) -> None:
    compute()
    compute("clerk-b", B)
    path = tmp_path / "budget.xlsx"
    rows = Budget.objects.select_related("street__parent").prefetch_related("months").order_by("street")
    assert write_budgets(budgets=list(rows), path=path) == 2
    values = load_workbook(path, data_only=True)
    assert values.sheetnames == ["汇总", "甲街道", "乙街道"]
    sheet = values["甲街道"]
    assert sheet["A1"].value == "甲街道2027年社区工作者经费预算表" and "草稿" in sheet["A2"].value
    assert [cell.value for cell in sheet[17]][3:] == [77490, 0, 8610, 21955.56, 108055.56]
    assert values["汇总"]["I5"].value == 109055.56
    assert load_workbook(path)["甲街道"]["H5"].value == "=SUM(D5:G5)"
    with pytest.raises(Refused, match="没有可导出"):
        write_budgets(budgets=[], path=path)


def test_the_sheet_says_the_local_day_it_was_computed_on(staffed: None, tmp_path: Path) -> None:
    budget = compute(at=EVENING)
    write_budgets(budgets=[budget], path=tmp_path / "budget.xlsx")
    sheet = load_workbook(tmp_path / "budget.xlsx").worksheets[0]
    assert "测算于2026-11-28" in sheet["A2"].value
