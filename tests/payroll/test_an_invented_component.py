"""A component needs two rows and a rule: an invented deduction and an employer's share from run to late fact."""

import csv
import json
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from payroll.files import write_bank_list, write_csv, write_pay_sheet
from payroll.ledger.verifying import verify
from payroll.models import GradeTable, PayLine
from songshan_cw.words.periods import parse
from tests.invented import DUES, FUND, register
from tests.payroll.world import A, add_facts, pay_month, person, staff
from workers.models import Worker

MONTH, NEXT = "2022-03", "2022-04"
BASE, SHARE, EMPLOYER = Decimal("3150.00"), Decimal("15.75"), Decimal("63.00")


@pytest.fixture
def paid(table: GradeTable, monkeypatch: pytest.MonkeyPatch) -> Worker:
    register(monkeypatch)
    worker = person(staff(date(2021, 1, 1)))
    pay_month(MONTH)
    return worker


def lines(worker: Worker, month: str) -> list[tuple[str, Decimal, str]]:
    rows = PayLine.objects.filter(worker=worker, payslip__month=parse(month), component__in=[DUES, FUND])
    return list(rows.order_by("for_month", "component").values_list("component", "amount", "clause"))


def test_run_seal_and_ledger(paid: Worker) -> None:
    assert lines(paid, MONTH) == [(DUES, SHARE, "工会章程"), (FUND, EMPLOYER, "工会章程")]
    assert verify().findings == []


def test_files(paid: Worker, tmp_path: Path) -> None:
    given = {"month": parse(MONTH), "street_codes": [A]}
    write_csv(**given, path=tmp_path / "pay.csv")
    [row] = csv.DictReader((tmp_path / "pay.csv").read_text(encoding="utf-8").splitlines())
    assert (row["gross_pay"], row["union_dues"], row["union_fund"]) == (f"{BASE}", f"{SHARE}", f"{EMPLOYER}")
    assert row["net_pay"] == f"{BASE - SHARE}"
    write_pay_sheet(**given, path=tmp_path / "pay.xlsx", private=True)
    heads = [cell.value for cell in load_workbook(tmp_path / "pay.xlsx").worksheets[0][4]]
    assert {DUES, "实发工资", FUND} <= set(heads)
    assert write_bank_list(**given, path=tmp_path / "bank.xlsx", private=True) == BASE - SHARE


def test_explanation(paid: Worker) -> None:
    out = StringIO()
    call_command("explain_pay", paid.id_number, MONTH, "--json", stdout=out)
    assert json.loads(out.getvalue())["union_dues"] == f"{SHARE}"
    text = StringIO()
    call_command("explain_pay", paid.id_number, MONTH, stdout=text)
    assert f"基本工资的一部分＝{SHARE}元" in text.getvalue() and "工会章程" in text.getvalue()


def test_a_late_fact_makes_it_good(paid: Worker) -> None:
    """A degree since hiring lifts the grade: base 3,307.50, dues 16.54, the employer's 66.15."""
    paid.entry_education = "大学本科"
    paid.save()
    pay_month(NEXT)
    own = [(DUES, Decimal("16.54"), "工会章程"), (FUND, Decimal("66.15"), "工会章程")]
    assert lines(paid, NEXT) == [(DUES, Decimal("0.79"), "工会章程"), (FUND, Decimal("3.15"), "工会章程"), *own]
    assert verify().findings == []


def test_a_late_exit_takes_it_back(paid: Worker) -> None:
    add_facts(paid, {"left": date(2022, 2, 28)})
    pay_month(NEXT)
    assert [amount for _, amount, _ in lines(paid, NEXT)] == [-SHARE, -EMPLOYER]
