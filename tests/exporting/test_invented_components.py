"""A deduction and an employer's share that only these tests know: every file shows them without a word of its own."""

from decimal import Decimal

import pytest
from openpyxl import load_workbook

from payroll.files import payslips_html, write_bank_list, write_csv, write_pay_sheet, write_register
from payroll.models import Payslip
from songshan_cw.words.periods import parse
from songshan_cw.words.terms import RunState
from tests.amounts import keep_totals
from tests.exporting.factories import MONTH, Person, make_run
from tests.invented import DUES, FUND, add_line, register

STREET = ["150404001"]


@pytest.fixture(autouse=True)
def invented(monkeypatch):
    register(monkeypatch)


@pytest.fixture
def run():
    """张三 pays his dues of the month and of one before; 李四 takes back two months of them."""
    run = make_run([Person(1, "张三"), Person(2, "李四")], state=RunState.DRAFT)
    first, second = Payslip.objects.order_by("id")
    for slip in (first, second):
        add_line(slip, MONTH, DUES, "5.00")
        add_line(slip, MONTH, FUND, "69.30")
    add_line(first, parse("2026-09"), DUES, "5.00")
    add_line(second, parse("2026-08"), DUES, "-5.00")
    add_line(second, parse("2026-09"), DUES, "-5.00")
    keep_totals(run)
    return run


def test_the_sheet_has_columns_for_them_and_what_is_paid(run, tmp_path):
    write_pay_sheet(month=MONTH, street_codes=STREET, path=tmp_path / "sheet.xlsx", private=True)
    sheet = load_workbook(tmp_path / "sheet.xlsx", data_only=True).worksheets[0]
    assert [cell.value for cell in sheet[4]][9:18] == [
        *("基本工资", "职业津贴", "补发/扣回", "应发工资", DUES, "补扣/退还", "实发工资", "绩效计提\n(不随月发)", FUND),
    ]
    rows = [[cell.value for cell in sheet[row]][9:18] for row in (5, 6, 8)]
    assert rows[0] == [3465, 0, 0, 3465, 5, 5, 3455, 385, 69.3]
    assert rows[1] == [3465, 0, 0, 3465, 5, -10, 3470, 385, 69.3]
    assert rows[2] == [6930, 0, 0, 6930, 10, -5, 6925, 770, 138.6]
    words = [cell.value for row in sheet.iter_rows(min_row=9) for cell in row if cell.value]
    assert any(text.startswith("实发工资合计（大写）：人民币陆仟玖佰贰拾伍元整") for text in words)
    assert sheet.cell(5, 22).value == "扣回2026-09" and sheet.cell(6, 22).value == "补发2026-08至2026-09"


def test_the_csv_keeps_its_columns_and_adds_theirs(run, tmp_path):
    write_csv(month=MONTH, street_codes=STREET, path=tmp_path / "pay.csv")
    head, first, second = (line.split(",") for line in (tmp_path / "pay.csv").read_text().splitlines())
    assert head[8:] == [
        *("base_pay", "allowance", "arrears", "gross_pay", "performance_accrual"),
        *("union_dues", "deductions_back", "net_pay", "union_fund", "debt_recovered", "payable"),
    ]
    assert first[8:17] == ["3465.00", "0.00", "0.00", "3465.00", "385.00", "5.00", "5.00", "3455.00", "69.30"]
    assert second[11:16] == ["3465.00", "385.00", "5.00", "-10.00", "3470.00"]


def test_the_bank_pays_what_is_left(run, tmp_path):
    paid = write_bank_list(month=MONTH, street_codes=STREET, path=tmp_path / "bank.xlsx", private=True)
    book = load_workbook(tmp_path / "bank.xlsx", data_only=True)
    assert paid == Decimal("6925.00")
    assert [book["代发清单"].cell(row, 5).value for row in (5, 6, 7)] == [3455, 3470, 6925]
    assert book["未代发人员"].cell(6, 1).value == "代发6,925.00 ＋ 未代发0.00 ＝ 实发合计6,925.00"


def test_the_slip_prints_them_and_each_month_made_good(run):
    html = payslips_html(month=MONTH, street_codes=STREET, private=True)
    assert html.count(f"<th>{DUES}</th>") == html.count(f"<th>{FUND}</th>") == 2
    assert '<td class="money gross">3,455.00</td>' in html
    assert "扣回 5.00" in html and html.count("补发 -5.00") == 2


def test_the_register_sums_them(run, tmp_path):
    write_register(month=MONTH, street_codes=STREET, path=tmp_path / "register.xlsx")
    sheet = load_workbook(tmp_path / "register.xlsx", data_only=True)["发放汇总"]
    assert [cell.value for cell in sheet[5]][3:13] == [6930, 0, 0, 6930, 10, -5, 6925, 770, 138.6, "草稿"]
