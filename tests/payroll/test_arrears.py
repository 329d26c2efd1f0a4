"""Arrears: what changes after approval comes with the next run, once, to the cent (rules 5.6)."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assessment.models import AnnualAssessment
from payroll.models import GradeTable, PayLine, Payslip, RunNote, Settlement
from payroll.services.runs import compute_runs
from payroll.services.transitions import approve_runs, submit_runs
from songshan_cw.data.refusal import Overtaken
from songshan_cw.words.periods import label, parse
from tests import amounts
from tests.payroll import world
from tests.payroll.world import NOW, A, B, pay_month, person, staff, user
from workers.models import CategoryRecord, Exit, PostAssignment, Worker


def lines_of(worker: Worker, run_month: str) -> list[tuple[str, str, str]]:
    lines = PayLine.objects.filter(worker=worker, payslip__month=parse(run_month), for_month__lt=parse(run_month))
    return [(label(line.for_month), line.component, str(line.amount)) for line in lines.order_by("for_month", "id")]


def compute(month: str, street: str = A) -> Payslip | None:
    compute_runs(month=parse(month), street_codes=[street], at=NOW)
    return Payslip.objects.filter(month=parse(month)).first()


def net_of(worker: Worker, month: str) -> Decimal:
    lines = PayLine.objects.filter(worker=worker, for_month=parse(month), payslip__run__state="已审核")
    return sum((line.amount for line in lines), Decimal(0))


def test_nothing_changed_nothing_owed(table: GradeTable) -> None:
    worker = person(staff(date(2020, 1, 1)))
    pay_month("2022-01")
    pay_month("2022-02")
    assert lines_of(worker, "2022-02") == []


def test_a_late_assessment_is_paid_back_with_the_next_run(table: GradeTable) -> None:
    """2023 not assessed: no step in January 2024; entered in March, two months of difference come."""
    worker = person(staff(date(2020, 1, 1), assessments={2022: "合格"}, entry_education="大学专科"))
    for month in ("2024-01", "2024-02"):
        pay_month(month)
    AnnualAssessment.objects.create(worker=worker, year=2023, result="合格")
    slip = compute("2024-03")
    assert slip is not None and (slip.grade, amounts.of(slip, "arrears"), slip.gross_pay) == (
        2,
        Decimal("315.00"),
        Decimal("3307.50") + Decimal("315.00"),
    )
    assert lines_of(worker, "2024-03") == [
        ("2024-01", "基本工资", "157.50"),
        ("2024-01", "绩效计提", "17.50"),
        ("2024-02", "基本工资", "157.50"),
        ("2024-02", "绩效计提", "17.50"),
    ]
    pay_month("2024-03")
    pay_month("2024-04")
    assert lines_of(worker, "2024-04") == []


def test_taken_back_when_the_fact_is_withdrawn(table: GradeTable) -> None:
    worker = person(staff(date(2020, 1, 1), certificates=[{"date": date(2021, 6, 1), "level": "社会工作师"}]))
    pay_month("2022-01")
    worker.certificates.all().delete()
    pay_month("2022-02")
    assert lines_of(worker, "2022-02") == [("2022-01", "职业津贴", "-300.00")]
    world.add_facts(worker, {"certificates": [{"date": date(2021, 6, 1), "level": "社会工作师"}]})
    pay_month("2022-03")
    assert lines_of(worker, "2022-03") == [("2022-01", "职业津贴", "300.00"), ("2022-02", "职业津贴", "300.00")]
    assert net_of(worker, "2022-01") == Decimal("3150.00") + 350 + 300


def test_somebody_entered_late_gets_the_closed_months(table: GradeTable) -> None:
    person(staff(date(2020, 1, 1)))
    pay_month("2022-03")
    late = person(staff(date(2022, 2, 20)))
    pay_month("2022-04")
    assert lines_of(late, "2022-04") == [("2022-03", "基本工资", "3150.00"), ("2022-03", "绩效计提", "350.00")]


def test_months_nobody_approved_are_not_owed(table: GradeTable) -> None:
    """February was never run here (paid by the old way): it stays out (reading ARREARS_MONTHS)."""
    worker = person(staff(date(2020, 1, 1)))
    pay_month("2022-03")
    assert lines_of(worker, "2022-03") == []


def test_a_leaving_entered_late_is_taken_back_from_one_who_left(table: GradeTable) -> None:
    worker = person(staff(date(2020, 1, 1)))
    for month in ("2022-01", "2022-02"):
        pay_month(month)
    Exit.objects.create(worker=worker, left_on=date(2022, 1, 15), reason="辞职")
    slip = compute("2022-03")
    assert slip is not None
    assert (slip.grade, amounts.of(slip, "base_pay"), amounts.of(slip, "arrears"), slip.gross_pay) == (
        None,
        0,
        Decimal("-3150.00"),
        Decimal("-3150.00"),
    )
    pay_month("2022-03")
    assert net_of(worker, "2022-02") == 0
    assert compute("2022-04") is None


def test_who_leaves_the_scheme_keeps_what_was_paid_and_is_listed(table: GradeTable) -> None:
    """2.4"""
    worker = person(staff(date(2020, 1, 1)), name="吴退休")
    pay_month("2022-01")
    CategoryRecord.objects.create(worker=worker, start=date(2022, 2, 1), category="退休人员")
    assert compute("2022-02") is None
    assert net_of(worker, "2022-01") == Decimal("3500.00")
    [note] = RunNote.objects.all()
    assert "吴退休" in note.text and "不在薪酬方案范围" in note.text


def test_two_drafts_cannot_both_pay_the_same_arrears(table: GradeTable) -> None:
    worker = person(staff(date(2020, 1, 1)))
    pay_month("2022-01")
    world.add_facts(worker, {"certificates": [{"date": date(2021, 6, 1), "level": "社会工作师"}]})
    compute("2022-02"), compute("2022-03")
    for month in ("2022-02", "2022-03"):
        submit_runs(month=parse(month), actor=user("clerk-a"), at=NOW)
    approve_runs(review_all=True, month=parse("2022-02"), actor=user("bureau"), at=NOW)
    with pytest.raises(Overtaken, match="以前月份的账有了变动"):
        approve_runs(review_all=True, month=parse("2022-03"), actor=user("bureau"), at=NOW)
    assert net_of(worker, "2022-01") == Decimal("3800.00")


def test_a_mover_takes_arrears_along(table: GradeTable) -> None:
    """What street A owes for a closed month is carried by the street the person is in (rules 5.6)."""
    worker = person(staff(date(2020, 1, 1)))
    pay_month("2022-01", A)
    PostAssignment.objects.create(
        worker=worker, start=date(2022, 1, 20), community_id=world.B1, post="工作人员", position="社区工作者"
    )
    world.add_facts(worker, {"certificates": [{"date": date(2021, 6, 1), "level": "社会工作师"}]})
    pay_month("2022-02", B)
    slip = Payslip.objects.get(worker=worker, month=parse("2022-02"))
    assert (slip.run.street_id, amounts.of(slip, "arrears")) == (B, Decimal("300.00"))


def test_a_new_confirmed_table_reaches_back(table: GradeTable, tmp_path: Path) -> None:
    worker = person(staff(date(2020, 1, 1)))
    pay_month("2022-01")
    world.bring_table(tmp_path / "higher", base="48000.00")
    pay_month("2022-02")
    assert lines_of(worker, "2022-02") == [("2022-01", "基本工资", "450.00"), ("2022-01", "绩效计提", "50.00")]
    assert amounts.of(Payslip.objects.get(worker=worker, month=parse("2022-01")), "base_pay") == Decimal("3150.00")


def test_months_closed_out_of_order_are_looked_at_again(table: GradeTable) -> None:
    """February is approved after March: no mark counts, and nothing is lost or paid twice."""
    worker = person(staff(date(2020, 1, 1)))
    compute("2022-02")
    pay_month("2022-03")
    submit_runs(month=parse("2022-02"), actor=user("clerk-a"), at=NOW)
    approve_runs(review_all=True, month=parse("2022-02"), actor=user("bureau"), at=NOW)
    assert not Settlement.objects.filter(month=parse("2022-03")).exists()
    world.add_facts(worker, {"certificates": [{"date": date(2021, 6, 1), "level": "社会工作师"}]})
    pay_month("2022-04")
    assert lines_of(worker, "2022-04") == [("2022-02", "职业津贴", "300.00"), ("2022-03", "职业津贴", "300.00")]


def test_marks_spare_the_unchanged(table: GradeTable) -> None:
    settled, changed = person(staff(date(2020, 1, 1))), person(staff(date(2020, 1, 1)))
    pay_month("2022-01")
    marks = dict(Settlement.objects.values_list("worker_id", "facts_digest"))
    assert set(marks) == {settled.pk, changed.pk}
    world.add_facts(changed, {"gaps": [{"from": date(2021, 6, 1), "to": date(2021, 6, 30)}]})
    pay_month("2022-02")
    after = dict(Settlement.objects.values_list("worker_id", "facts_digest"))
    assert after[settled.pk] == marks[settled.pk]
    assert after[changed.pk] != marks[changed.pk]
