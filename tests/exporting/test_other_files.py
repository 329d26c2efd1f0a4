"""Payslips, bank list and district register."""

import re
import zlib
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from weasyprint.urls import FatalURLFetchingError

from payroll.files import payslips_html, write_bank_list, write_payslips, write_register
from payroll.files.payslips import _print
from songshan_cw.data.refusal import Refused
from songshan_cw.words.terms import RunState
from tests.exporting.factories import MONTH, Person, a_street, id_number, make_run

STREET = ["150404001"]


def test_the_bank_pays_whom_it_can_and_the_rest_is_listed(tmp_path):
    make_run(a_street())
    path = tmp_path / "bank.xlsx"
    paid = write_bank_list(month=MONTH, street_codes=STREET, path=path, private=True)
    assert paid == Decimal("12155.00")
    book = load_workbook(path, data_only=True)
    rows = [[cell.value for cell in row] for row in book["代发清单"].iter_rows(min_row=5, max_row=8)]
    assert [row[1] for row in rows[:3]] == ["张三", "李四", "王五"]
    assert rows[0][2:5] == ["中国农业银行赤峰松山支行", "6228480000000000000", 3665]
    assert rows[3][:5] == ["合计　3人", None, None, None, 12155]
    unpaid = [[cell.value for cell in row] for row in book["未代发人员"].iter_rows(min_row=5, max_row=8)]
    assert [(row[1], row[4], row[5]) for row in unpaid[:2]] == [
        ("乌云其其格", -2950, "应发为负数，不代发，转为应收款"),
        ("赵六", 3465, "缺银行卡号，补录后另行发放"),
    ]
    assert unpaid[3][0] == "代发12,155.00 ＋ 未代发515.00 ＝ 应发合计12,670.00"


def test_the_bank_list_masks_and_marks(tmp_path):
    make_run([Person(1)], state=RunState.DRAFT, trial=True)
    path = tmp_path / "bank.xlsx"
    write_bank_list(month=MONTH, street_codes=STREET, path=path, private=False)
    sheet = load_workbook(path)["代发清单"]
    assert sheet["D5"].value == "**** 0000"
    assert sheet["E6"].value == "=SUM(E5:E5)"
    assert sheet["A1"].value == "松山区振兴街道2026年10月工资银行代发清单（试算）"


def test_the_register_lists_streets_without_a_run_too(tmp_path):
    make_run(a_street())
    path = tmp_path / "register.xlsx"
    people = write_register(month=MONTH, street_codes=["150404001", "150404002"], path=path)
    sheet = load_workbook(path, data_only=True)["发放汇总"]
    rows = [[cell.value for cell in row][1:9] for row in sheet.iter_rows(min_row=5, max_row=7)]
    assert people == 5
    assert rows[0] == ["振兴街道", 5, 14647.5, 500, -2477.5, 12670, 1627.5, "已审核"]
    assert rows[1] == ["向阳街道", 0, 0, 0, 0, 0, 0, "未计算"]
    assert rows[2][1:7] == [5, 14647.5, 500, -2477.5, 12670, 1627.5]
    assert load_workbook(path)["发放汇总"]["G7"].value == "=SUM(G5:G6)"


def test_payslips_tell_each_month_made_good(tmp_path):
    make_run(a_street())
    html = payslips_html(month=MONTH, street_codes=STREET, private=False)
    assert html.count('class="slip"') == 5
    assert id_number(1) not in html
    assert "2024年3月" in html
    assert "补发 157.50" in html
    assert "扣回 -3,150.00" in html
    assert "17.50" not in html
    assert "本月不计发" in html


def test_a_trial_is_marked_on_every_slip():
    make_run([Person(1), Person(2)], state=RunState.DRAFT, trial=True)
    html = payslips_html(month=MONTH, street_codes=STREET, private=True)
    assert html.count("（试算）") == 2
    assert id_number(1) in html


def test_a_name_cannot_smuggle_markup():
    make_run([Person(1, "<img src=x>")])
    html = payslips_html(month=MONTH, street_codes=STREET, private=True)
    assert "<img" not in html
    assert "&lt;img src=x&gt;" in html


def test_payslips_as_pdf_carry_their_font(tmp_path):
    make_run(a_street())
    path = tmp_path / "slips.pdf"
    assert write_payslips(month=MONTH, street_codes=STREET, path=path, private=True) == 5
    content = path.read_bytes()
    assert content.startswith(b"%PDF")
    described = b"".join(_unpacked(content))
    assert b"/FontFile" in described
    assert re.search(rb"/FontName /\w+\+[\w-]*CJK", described)


def test_too_many_payslips_for_one_pdf_are_refused(tmp_path):
    make_run([Person(serial) for serial in range(501)])
    with pytest.raises(Refused, match="共501人"):
        write_payslips(month=MONTH, street_codes=STREET, path=tmp_path / "slips.pdf", private=True)
    assert list(tmp_path.iterdir()) == []


def _unpacked(content):
    """The object streams of a PDF, where fonts are described."""
    for packed in re.findall(rb"/ObjStm.*?stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        yield zlib.decompress(packed)


def test_the_printer_fetches_nothing(tmp_path):
    with pytest.raises(FatalURLFetchingError, match="Error fetching"):
        _print('<link rel="stylesheet" href="http://example.test/a.css">', tmp_path / "slips.pdf")
